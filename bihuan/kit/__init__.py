"""What every part may use and that knows no business: time, ids, rounding, refusals. Knows no Django."""
