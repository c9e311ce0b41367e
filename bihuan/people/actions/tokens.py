"""Issuing, using and revoking keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import Token, User
from bihuan.people.refusals import ScopeBeyondRights, TokenEnded
from bihuan.people.rules.roles import Permission
from bihuan.people.rules.tokens import ApiScope, beyond, end_of_life

MARK: Final = "bihuan_"
"""Secrets begin with this, so that scanners of other people's files can find a lost one."""
_BYTES: Final = 32
_SHOWN: Final = len(MARK) + 4
_USE_STEP: Final = timedelta(minutes=1)
_LONGEST_SECRET: Final = 200


@dataclass(frozen=True)
class Issued:
    """A new token with its secret, which can be read here and never again."""

    token: Token
    secret: str = field(repr=False)


@transaction.atomic
def issue_token(actor: User, *, name: str, scopes: Iterable[ApiScope], days: int) -> Issued:
    """A token for the actor's own account; refused where a scope asks for more than the account may."""
    require(actor, Permission.ISSUE_TOKENS)
    wanted = sorted(set(scopes))
    over = beyond(wanted, actor.rights().permissions)
    if over:
        raise ScopeBeyondRights(scopes=", ".join(over))
    secret = MARK + secrets.token_urlsafe(_BYTES)
    moment = now()
    token = Token.objects.create(
        user=actor,
        name=name,
        start=secret[:_SHOWN],
        digest=digest_of(secret),
        scopes=[scope.value for scope in wanted],
        issued_at=moment,
        expires_at=end_of_life(moment, days),
    )
    data = {"name": name, "scopes": token.scopes, "expires": token.expires_at.isoformat()}
    record(actor=actor, verb="people_token.issued", subject=f"token:{token.pk}", data=data)
    return Issued(token, secret)


@transaction.atomic
def revoke_token(actor: User, *, token: Token) -> Token:
    """The token opens nothing from now on; only its own account revokes it."""
    require(actor, Permission.ISSUE_TOKENS)
    row = Token.objects.select_for_update().get(pk=token.pk)
    if row.user_id != actor.pk:
        raise NotAllowed
    moment = now()
    if not row.is_live(moment):
        raise TokenEnded
    row.revoked_at = moment
    row.save(update_fields=["revoked_at"])
    record(actor=actor, verb="people_token.revoked", subject=f"token:{row.pk}", data={"name": row.name})
    return row


def use_token(secret: str, *, at: datetime) -> Token | None:
    """The live token of a secret, its use noted (to the minute); None where there is none.

    It works only while its account may hold tokens: who changes post takes no key along.
    """
    if not secret or len(secret) > _LONGEST_SECRET:
        return None
    token = Token.objects.select_related("user__person").filter(digest=digest_of(secret)).first()
    if token is None or not token.is_live(at) or not token.user.rights().may(Permission.ISSUE_TOKENS):
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - _USE_STEP)
    Token.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return token


def digest_of(secret: str) -> str:
    """What is kept of a secret: it has 256 random bits, so that a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
