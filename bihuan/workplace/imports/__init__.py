"""Files on their way into the record."""
