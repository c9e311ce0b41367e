"""Working calendars, due times, pauses."""
