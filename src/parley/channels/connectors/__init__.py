"""One folder a platform, all of the same shape (`shape.py`), in one table (`table.py`)."""
