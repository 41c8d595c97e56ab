"""The pages of channels: where a seller's orders come from, what arrived, and what it became."""
