"""Administration: what the operator settles for the whole marketplace, on pages of the product (S5)."""
