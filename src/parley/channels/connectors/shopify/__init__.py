"""Shopify: orders by webhook and from its Admin API; fulfilments back."""
