"""The only HTTP: pages for each audience, files, live streams and the API."""
