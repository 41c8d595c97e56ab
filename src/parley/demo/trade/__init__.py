"""What the demo's companies sell to each other: products, orders, invoices and money."""
