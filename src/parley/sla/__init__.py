"""Clocks: by when a party has to answer, in working time."""
