"""Measures Parley against a bare floor, on the same data, in the same run."""
