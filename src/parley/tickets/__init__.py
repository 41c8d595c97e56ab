"""Tickets: opening, replying, assigning, closing, rating, escalating, finding."""
