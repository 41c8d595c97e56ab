"""Files of orders, CSV or XLSX, which somebody uploads."""
