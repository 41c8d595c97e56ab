"""The pages of money: balances and their statements, invoices, and the operator's top-ups."""
