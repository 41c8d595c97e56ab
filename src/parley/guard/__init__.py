"""The off-platform guard: what sellers and suppliers write to each other that leads away from here (T13)."""
