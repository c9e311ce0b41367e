"""The standing world: one department, its people and 90 days of their life; the same in tests and screenshots."""
