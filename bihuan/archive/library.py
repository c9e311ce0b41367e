"""The conversation library: pages of contacts by filter, and messages by the words they hold."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bihuan.archive import engine
from bihuan.archive.engine import literal, name, one_of
from bihuan.kit.errors import InputError

if TYPE_CHECKING:
    from bihuan.archive.reader import Reader

ORDERS: Final = {"opened": "opened_us", "duration": "duration_us", "rating": "csat", "contact": "contact_id"}
COLUMNS: Final = (
    "contact_id", "external_id", "source", "channel", "queue", "business_line", "category", "level", "subject",
    "customer_key", "customer_surname", "opened_us", "closed_us", "day", "outcome",
)  # fmt: skip
SHARE: Final = (
    "person", "agent_key", "team", "csat", "customer_frt_us", "queue_us", "duration_us", "customer_messages",
    "agent_messages", "complaints",
)  # fmt: skip
_SAME: Final = ("channel", "queue", "business_line", "category", "level", "outcome", "source", "customer_key")
_MINE: Final = ("person", "team", "agent_class")
PAGE_ROWS = 50


@dataclass(frozen=True)
class Filters:
    """What to look for. `days` are both included; tuples hold admitted values; empty ones ask nothing.

    `contact` is a whole contact id or external id; `verdict` = (edition hash, item, verdict words).
    """

    days: tuple[date | None, date | None] | None = None
    person: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    agent_class: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    business_line: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    customer_key: tuple[str, ...] = ()
    rating: tuple[int, ...] = ()
    verdict: tuple[str, str, tuple[str, ...]] | None = None
    contact: str = ""
    contacts: tuple[str, ...] | None = None
    words: str = ""
    complaint: bool | None = None


@dataclass(frozen=True)
class Page:
    """Rows of COLUMNS and, of the contact's primary share, SHARE; `next` continues after the last one."""

    rows: list[dict[str, Any]]
    next: tuple[Any, str] | None


@dataclass(frozen=True)
class Hit:
    """A message that holds the words; `start` and `end` are code points, half-open."""

    contact_id: str
    seq: int
    sender_kind: str
    text: str
    start: int
    end: int
    day: date | None


def contacts_page(
    reader: Reader, filters: Filters, *, order: str = "opened", descending: bool = True, limit: int = PAGE_ROWS,
    after: tuple[Any, str] | None = None,
) -> Page:  # fmt: skip
    """A page of contacts; `after` is the `next` of the page before, so that pages stay true while contacts arrive.

    Contacts whose ordering value is unknown come last. Raises InputError for an order that is not in ORDERS.
    """
    if order not in ORDERS:
        raise InputError(f"Contacts are not ordered by {order}.", hint=f"Choose one of {', '.join(ORDERS)}.")
    key = f"r.{ORDERS[order]}"
    way = "DESC" if descending else "ASC"
    conditions = _share_conditions(filters) + _contact_conditions(reader, filters)
    if after is not None:
        conditions.append(_beyond(key, descending, after))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    keys = (
        engine.reading()
        .sql(f"""
        SELECT contact_id, {key} AS sort_key FROM {_primary(reader, filters)} r {where}
        ORDER BY sort_key {way} NULLS LAST, contact_id LIMIT {limit + 1}
    """)
        .fetchall()
    )
    shown = keys[:limit]
    following = (shown[-1][1], shown[-1][0]) if len(keys) > limit else None
    return Page(_filled(reader, filters, [contact_id for contact_id, _ in shown]), following)


def search_words(
    reader: Reader, words: str, *, days: tuple[date | None, date | None] | None = None, limit: int = 100,
    sender_kind: Sequence[str] = (), newest_first: bool = True,
) -> list[Hit]:  # fmt: skip
    """Messages whose text holds every word (parted by spaces; two characters are enough), newest day first.

    Reads the text column of the period's days, one day after another until `limit` hits are found.
    """
    wanted = words.split()
    if not wanted:
        return []
    hits: list[Hit] = []
    for day in _days(reader, days, newest_first):
        conditions = [_holds(word) for word in wanted]
        if sender_kind:
            conditions.append(f"sender_kind IN {one_of(sender_kind)}")
        source = reader.sql("messages", days=(day, day) if day else None)
        undated = "" if day else " AND day IS NULL"
        found = engine.reading().sql(f"""
            SELECT contact_id, seq, sender_kind, text, day FROM {source} t
            WHERE {" AND ".join(conditions)}{undated} ORDER BY contact_id, seq LIMIT {limit - len(hits)}
        """)
        hits += [_hit(row, wanted[0]) for row in found.fetchall()]
        if len(hits) >= limit:
            break
    return hits


def _primary(reader: Reader, filters: Filters) -> str:
    """One row per visible contact: the share asked for, or the primary one."""
    source = reader.sql("rollup", days=filters.days)
    if filters.person or filters.team or filters.agent_class or not reader.scope.everything:
        return f"(SELECT * FROM {source} QUALIFY {_first_share(filters)})"
    return f"(SELECT * FROM {source} WHERE is_primary)"


def _first_share(filters: Filters) -> str:
    mine = _all_of([f"{column} IN {one_of(values)}" for column in _MINE if (values := getattr(filters, column))])
    return f"row_number() OVER (PARTITION BY contact_id ORDER BY ({mine}) DESC, is_primary DESC, agent_key) = 1"


def _share_conditions(filters: Filters) -> list[str]:
    found = [
        f"r.{name(column)} IN {one_of(values)}" for column in (*_SAME, *_MINE) if (values := getattr(filters, column))
    ]
    if filters.rating:
        found.append(f"r.csat IN {one_of(filters.rating)}")
    if filters.complaint is not None:
        found.append(f"(coalesce(r.complaints, 0) > 0) = {literal(filters.complaint)}")
    return found


def _contact_conditions(reader: Reader, filters: Filters) -> list[str]:
    found = []
    if filters.contacts is not None:
        found.append(f"r.contact_id IN {one_of(filters.contacts)}")
    if filters.contact:
        same = f"contact_id = {literal(filters.contact)} OR external_id = {literal(filters.contact)}"
        found.append(
            f"r.contact_id IN (SELECT contact_id FROM {reader.sql('contacts', days=filters.days)} WHERE {same})"
        )
    if filters.verdict:
        edition, item, verdicts = filters.verdict
        source = reader.sql("verdicts", days=filters.days, edition=edition)
        judged = f"item = {literal(item)} AND verdict IN {one_of(verdicts)}"
        found.append(f"r.contact_id IN (SELECT contact_id FROM {source} WHERE {judged})")
    for word in filters.words.split():
        source = reader.sql("messages", days=filters.days)
        found.append(f"r.contact_id IN (SELECT contact_id FROM {source} WHERE {_holds(word)})")
    return found


def _filled(reader: Reader, filters: Filters, ids: Sequence[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    contact_columns = ", ".join(f"c.{name(column)}" for column in COLUMNS)
    share_columns = ", ".join(f"r.{name(column)}" for column in SHARE)
    chosen = f"contact_id IN {one_of(ids)}"
    rows: pa.Table = (
        engine.reading()
        .sql(f"""
        SELECT {contact_columns}, {share_columns}
        FROM (SELECT * FROM {reader.sql("contacts", days=filters.days)} WHERE {chosen}) c
        LEFT JOIN (SELECT * FROM {_primary(reader, filters)} WHERE {chosen}) r USING (contact_id)
    """)
        .to_arrow_table()
    )
    by_id = {row["contact_id"]: row for row in rows.to_pylist()}
    return [by_id[one] for one in ids if one in by_id]


def _beyond(key: str, descending: bool, after: tuple[Any, str]) -> str:
    value, contact_id = after
    later = f"r.contact_id > {literal(contact_id)}"
    if value is None:
        return f"({key} IS NULL AND {later})"
    sign = "<" if descending else ">"
    return f"({key} {sign} {literal(value)} OR ({key} = {literal(value)} AND {later}) OR {key} IS NULL)"


def _holds(word: str) -> str:
    return f"contains(text, {literal(word)})"


def _all_of(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions) or "TRUE"


def _days(reader: Reader, days: tuple[date | None, date | None] | None, newest_first: bool) -> list[date | None]:
    files = reader.manifest.files("messages")
    first, last = days or (None, None)
    dated = [
        day for key in files if key != "undated"
        and ((day := date.fromisoformat(key)) is not None)
        and (first is None or day >= first) and (last is None or day <= last)
    ]  # fmt: skip
    ordered: list[date | None] = sorted(dated, reverse=newest_first)
    return ordered + ([None] if days is None and "undated" in files else [])


def _hit(row: tuple[str, int, str, str, date | None], word: str) -> Hit:
    contact_id, seq, sender_kind, text, day = row
    start = text.index(word)
    return Hit(contact_id, seq, sender_kind, text, start, start + len(word), day)
