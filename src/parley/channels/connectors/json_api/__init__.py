"""The seller's own programs, which send orders as JSON to the API."""
