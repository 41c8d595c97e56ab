"""The pages of orders: the list, one order, and what can be done to it. One file a matter."""
