"""Pure decisions about staff: what a role may do, which posts and steps exist, how dated rows fit together."""

from bihuan.people.rules.roles import Permission, Role, may, permissions_of

__all__ = ["Permission", "Role", "may", "permissions_of"]
