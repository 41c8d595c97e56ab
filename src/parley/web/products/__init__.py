"""The pages of products: the list, one product, keeping it, and where a supplier ships to."""
