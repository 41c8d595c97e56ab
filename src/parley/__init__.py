"""Parley: the support desk of a marketplace."""
