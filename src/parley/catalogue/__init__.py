"""What suppliers offer: products, stock and prices, shipping services, and where they do not ship to."""
