"""The one record of what happened: entries, and the reactions they set off."""
