"""The assistant: answers from published passages and the asker's own rows, or says that it does not know."""
