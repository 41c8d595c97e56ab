"""The support area of sellers and suppliers: how their tickets stand, and every way to ask for help."""
