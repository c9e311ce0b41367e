"""Metrics declared once and run on any engine over the service record."""
