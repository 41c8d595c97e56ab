"""Where a mail provider calls: with mail that came in, and with word of mail that did not arrive."""
