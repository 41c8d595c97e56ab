"""The messenger's side of the house: JSON for its component, here and on other sites, and its page."""
