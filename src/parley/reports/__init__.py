"""Figures: roll-ups kept from the journal, the dashboard, scorecards, the yearly complaint report."""
