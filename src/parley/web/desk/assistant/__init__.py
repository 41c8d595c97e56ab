"""Administration → Assistant: how it does, what it was asked, what it does not know (M7)."""
