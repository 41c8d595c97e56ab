"""Writing the help centre, at the operator's desk."""
