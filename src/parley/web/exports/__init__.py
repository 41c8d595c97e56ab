"""Settings → Exports: a supplier's open orders as files at a place of its own."""
