"""The complaint report on paper."""
