"""Files of open orders, brought to the supplier's own system."""
