"""Views of the library that people keep."""
