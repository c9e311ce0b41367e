"""What a token for programs may do, and for how long: never more than its account, never for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bihuan.people.rules.roles import Permission


class ApiScope(StrEnum):
    """What a token opens."""

    FIGURES_READ = "figures:read"
    CONTACTS_READ = "contacts:read"
    VERDICTS_READ = "verdicts:read"
    RESULTS_READ = "results:read"
    EDITIONS_READ = "editions:read"
    IMPORTS_WRITE = "imports:write"


NEEDS: Final[Mapping[ApiScope, Permission]] = {
    ApiScope.FIGURES_READ: Permission.SEE_OWN,
    ApiScope.CONTACTS_READ: Permission.SEE_OWN,
    ApiScope.VERDICTS_READ: Permission.SEE_OWN,
    ApiScope.RESULTS_READ: Permission.SEE_OWN,
    ApiScope.EDITIONS_READ: Permission.READ_STANDARDS,
    ApiScope.IMPORTS_WRITE: Permission.IMPORT_RECORD,
}
LIFETIMES: Final = (7, 30, 90, 365)
"""Days a token may live (house): links and keys that never die are how records leak (traps 15)."""


def beyond(scopes: Iterable[ApiScope], held: frozenset[Permission]) -> list[ApiScope]:
    """Those scopes that ask for more than these permissions allow."""
    return [scope for scope in scopes if NEEDS[scope] not in held]


def is_live(*, expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Does a token still open anything at this moment?"""
    return revoked_at is None and at < expires_at


def end_of_life(issued_at: datetime, days: int) -> datetime:
    """When a token issued now dies. ValueError for a lifetime that is not offered."""
    if days not in LIFETIMES:
        raise ValueError(f"no such lifetime: {days}")
    return issued_at + timedelta(days=days)
