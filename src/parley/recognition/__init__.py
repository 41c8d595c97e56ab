"""What a text carries: addresses, numbers, links, support PINs, however disguised. Asks no database."""
