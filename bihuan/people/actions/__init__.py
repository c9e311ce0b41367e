"""The only writers of staff. Each takes the actor first, the rest by keyword, and runs in one transaction."""

from bihuan.people.actions.accounts import close_departed, reset_password
from bihuan.people.actions.keys import SeenKey, notice_keys, release_key, settle_key
from bihuan.people.actions.rights import first_administrator, grant_role, revoke_role
from bihuan.people.actions.roster import RosterOutcome, import_roster
from bihuan.people.actions.staff import (
    assign_post,
    hire_person,
    leave,
    move_person,
    promote_person,
    rename_person,
    set_class,
)
from bihuan.people.actions.teams import close_team, lead_team, open_team, stop_leading
from bihuan.people.actions.tokens import Issued, issue_token, revoke_token, use_token
from bihuan.people.actions.uploads import land_roster, try_roster

__all__ = [
    "Issued",
    "RosterOutcome",
    "SeenKey",
    "assign_post",
    "close_departed",
    "close_team",
    "first_administrator",
    "grant_role",
    "hire_person",
    "import_roster",
    "issue_token",
    "land_roster",
    "lead_team",
    "leave",
    "move_person",
    "notice_keys",
    "open_team",
    "promote_person",
    "release_key",
    "rename_person",
    "reset_password",
    "revoke_role",
    "revoke_token",
    "set_class",
    "settle_key",
    "stop_leading",
    "try_roster",
    "use_token",
]
