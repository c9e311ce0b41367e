"""The chain's arithmetic: what a link covers, and where a chain breaks. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bihuan.kit.ids import content_hash

GENESIS: Final = "0" * 64
_VERB: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Line:
    """An entry as the chain sees it; `recorded_us` is microseconds since 1970 in UTC."""

    id: int
    recorded_us: int
    actor: str
    verb: str
    subject: str
    data: Any
    day: date


@dataclass(frozen=True)
class Link:
    """A seal as stored, with the entry it covers (None where the entry is gone)."""

    number: int
    entry_id: int
    previous: str
    digest: str
    line: Line | None


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold; `reason` is one of `REASONS`."""

    number: int
    entry_id: int
    reason: str


REASONS: Final = {
    "gap": "a seal is missing before this one",
    "previous": "it does not continue the seal before it",
    "entry_missing": "its entry is gone",
    "entry_changed": "its entry or its digest was changed after sealing",
    "head_differs": "the digest differs from the exported day head",
    "head_missing": "the exported day head is no longer in the chain",
}


def is_verb(verb: str) -> bool:
    """Verbs read `part_thing.past_verb`, as in `case.closed`."""
    return _VERB.fullmatch(verb) is not None


def digest_of(number: int, previous: str, line: Line) -> str:
    """64 hex digits over the place in the chain, the digest before it and every column of the entry."""
    columns = [line.id, line.recorded_us, line.actor, line.verb, line.subject, line.data, line.day.isoformat()]
    return content_hash([number, previous, *columns])


def break_of(link: Link, *, number: int, previous: str) -> Break | None:
    """Does `link` stand at `number`, continue `previous` and cover its entry? None when it holds."""
    if link.number != number:
        return Break(number, link.entry_id, "gap")
    if link.previous != previous:
        return Break(number, link.entry_id, "previous")
    if link.line is None:
        return Break(number, link.entry_id, "entry_missing")
    if link.digest != digest_of(number, previous, link.line):
        return Break(number, link.entry_id, "entry_changed")
    return None


def clean(value: Any) -> Any:
    """JSON data as the database can hold it: NUL characters, which PostgreSQL refuses, become U+FFFD."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value
