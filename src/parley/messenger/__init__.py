"""The messenger: chats that start with the assistant and are handed over to people, from any page or site."""
