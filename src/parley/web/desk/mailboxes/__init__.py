"""Administration → Mailboxes: where mail comes in and goes out, and whether all of it was taken in."""
