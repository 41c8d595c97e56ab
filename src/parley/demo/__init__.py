"""The demo marketplace: made-up companies and people, and what they settle with each other."""
