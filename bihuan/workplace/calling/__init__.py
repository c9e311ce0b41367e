"""Call-backs: who was drawn to be called in which week, and what each call brought."""
