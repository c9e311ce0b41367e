"""Who acts: an account, or a process of the installation (`system:cli`), which whoever owns the machine started."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import NotAllowed
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission

Actor = User | str
_PROCESS = "system:"


class MayNotTouchPerson(NotAllowed):
    """Own rights are never changed by oneself."""

    message = _("Nobody changes their own rights.")


def require(actor: Actor, permission: Permission) -> None:
    """Refuse with NotAllowed unless the actor holds the permission today."""
    if isinstance(actor, str):
        if not actor.startswith(_PROCESS):
            raise NotAllowed
    elif not actor.rights().may(permission):
        raise NotAllowed


def refuse_self(actor: Actor, person: Person) -> None:
    """Refuse an account that acts on its own person."""
    if account(actor) is not None and person.user_id == account(actor).pk:  # type: ignore[union-attr] # checked before
        raise MayNotTouchPerson


def account(actor: Actor) -> User | None:
    """The account to keep with a row; a process has none (the journal names it)."""
    return None if isinstance(actor, str) else actor
