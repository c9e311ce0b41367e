"""How far each check is trusted."""
