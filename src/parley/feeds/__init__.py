"""Stock and prices from a file: by upload, or fetched from a supplier's server on a schedule."""
