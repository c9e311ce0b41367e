"""How many contacts a question to the library finds: counted where that is cheap, else at least what the page shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from bihuan.archive.engine import one_of
from bihuan.archive.library import Filters
from bihuan.archive.reader import Reader
from bihuan.workplace.contacts.library import Found, Wanted

_OF_A_PERSON: Final = ("person", "team", "agent_class")
_OF_A_SHARE: Final = (
    *_OF_A_PERSON, "channel", "queue", "business_line", "category", "level", "outcome", "source", "customer_key",
)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """`n` contacts, or, where `is_least`, so many at least."""

    n: int
    is_least: bool = False


def total_of(filters: Filters, wanted: Wanted, found: Found, count: Callable[[], int]) -> Total | None:
    """How many there are, on this page and the others; None where nothing is known yet.

    Words and verdicts are not counted: that reads every text or verdict of the period, which a page does not.
    """
    if wanted.after is None and found.next is None and found.exhausted:
        return Total(len(found.rows))
    if filters.words or filters.verdict or filters.contact or filters.contacts is not None:
        return Total(len(found.rows), is_least=True) if found.rows else None
    return Total(count())


def counted(reader: Reader, filters: Filters, nameless: Collection[str] = ()) -> int:
    """Contacts of these days and values, by one query over the columns asked for; of an agent without the `nameless`."""
    where: dict[str, Any] = {one: list(values) for one in _OF_A_SHARE if (values := getattr(filters, one))}
    if filters.rating:
        where["csat"] = list(filters.rating)
    if reader.scope.everything and not where:
        return sum(file.rows for file in reader.manifest.between("contacts", filters.days))
    if reader.scope.everything and not where.keys() & set(_OF_A_PERSON):
        rows = reader.relation("rollup", days=filters.days, columns=["is_primary"], where={**where, "is_primary": True})
        return int(rows.aggregate("count(*)").fetchall()[0][0])
    rows = reader.relation("rollup", days=filters.days, columns=["contact_id"], where=where)
    told = rows.filter(f"contact_id NOT IN {one_of(sorted(nameless))}") if filters.person and nameless else rows
    return int(told.aggregate("count(DISTINCT contact_id)").fetchall()[0][0])
