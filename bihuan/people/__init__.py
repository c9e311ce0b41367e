"""Staff, teams, posts, roles, and who may see whom."""
