"""What people do in a real browser, on the real server. See conftest.py."""
