"""Append-only, hash-chained entries: who did what to what, when. Audit, timeline and reactions read it."""
