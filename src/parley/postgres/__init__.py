"""The embedded PostgreSQL: a server of our own inside the data folder."""
