"""Item statistics of a month."""
