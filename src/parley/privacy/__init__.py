"""What is kept of people: taking it along, erasing it, and for how long it is kept at all (P4)."""
