"""Mail that comes in: kept raw, understood, and written into the ticket it belongs to, or reviewed."""
