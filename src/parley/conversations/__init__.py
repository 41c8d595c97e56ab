"""What was said: messages, their audiences, attachments and drafts."""
