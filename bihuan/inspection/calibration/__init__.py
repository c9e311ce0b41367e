"""Calibration of raters: sessions, the blind desk, the result, everybody's scale."""
