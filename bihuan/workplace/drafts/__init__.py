"""Checks as people write them: drafts, trials on the record, proposals."""
