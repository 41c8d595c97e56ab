"""Understanding mails: from the bytes of a mail to what it means. Pure: no database, no settings."""
