"""Figures on pages: overview, teams, people, metrics."""
