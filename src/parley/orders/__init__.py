"""Orders, from the moment they arrive until they are with the customer or cancelled."""
