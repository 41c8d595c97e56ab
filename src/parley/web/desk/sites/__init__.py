"""Administration → Messenger: the sites that have the messenger on their pages."""
