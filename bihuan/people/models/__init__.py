"""Who works here, where, as what, and what each account may see: rows with dates, who wrote them and when."""

from bihuan.people.models.keys import RosterUpload, StaffKey, UnresolvedKey
from bihuan.people.models.rights import Rights, RoleGrant, rights_of
from bihuan.people.models.staff import ClassHolding, Leadership, Membership, Person, PostHolding, Team
from bihuan.people.models.tokens import Token
from bihuan.people.models.users import User

__all__ = [
    "ClassHolding",
    "Leadership",
    "Membership",
    "Person",
    "PostHolding",
    "Rights",
    "RoleGrant",
    "RosterUpload",
    "StaffKey",
    "Team",
    "Token",
    "UnresolvedKey",
    "User",
    "rights_of",
]
