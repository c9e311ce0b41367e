"""Who works here, where, as what, and what each account may see: rows with dates, who wrote them and when."""

from bihuan.people.models.users import User

__all__ = ["User"]
