"""What is owed and paid: accounts in double entry, balances, and those who take payments."""
