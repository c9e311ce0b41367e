"""The conversation library and the page of one contact."""
