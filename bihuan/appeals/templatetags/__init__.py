"""Filters of the pages of appeals."""
