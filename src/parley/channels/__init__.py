"""Where the orders of sellers come from: connectors, raw deliveries, and telling of shipments."""
