"""Two editions beside each other: what changes, and for whom."""
