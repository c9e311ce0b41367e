"""The interface for programs: the same figures, conversations and results as the pages, by scoped tokens."""
