"""The service record: what happened, once, in columns. Everything upstream writes it, everything downstream reads it."""
