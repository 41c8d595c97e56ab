"""The messenger, over HTTP: its script, its words, and the JSON that it asks for."""
