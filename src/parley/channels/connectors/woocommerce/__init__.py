"""WooCommerce: orders by webhook and from its REST API v3; notes and a status back."""
