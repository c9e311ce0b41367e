"""One module per family of checks; each holds `CHECKS`, a tuple of declarations."""
