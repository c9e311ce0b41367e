"""The conversation library: pages of contacts by filter, and messages by the words they hold."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bihuan.archive import contact_index, engine, word_index
from bihuan.archive.engine import literal, name, one_of
from bihuan.archive.manifest import day_key
from bihuan.archive.schemas import UNDATED
from bihuan.kit.clock import business_day, from_us
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
GROWTH: Final = 4
MOST_AT_ONCE: Final = 2_000  # contacts whose texts are looked at together


@dataclass(frozen=True)
class Filters:
    """What to look for. `days` are both included; tuples hold admitted values; empty ones ask nothing.

    `contact` is a whole contact id or external id; `verdict` = (edition hash, item, verdict words). `finds` says whether a
    word that a text holds may find it (None: always): what is hidden from a reader must not be found by them either.
    `editions` = (day key, edition hash) of the days for which the verdict of another edition is meant.
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
    editions: tuple[tuple[str, str], ...] = ()
    contact: str = ""
    contacts: tuple[str, ...] | None = None
    words: str = ""
    finds: Callable[[str, str], bool] | None = None
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
    keys = _day_keys(reader, filters, descending)
    if order == "opened":
        keys = _from(reader, keys, after, descending)
    found: list[tuple[str, Any, str]] = []
    # Contacts lie by the day they opened: the days of a page are read and no others.
    for some in _growing(keys) if order == "opened" else [keys]:
        found += _findable(reader, filters, some, order, descending, limit + 1 - len(found), after)
        if len(found) > limit:
            break
    shown = found[:limit]
    following = (shown[-1][1], shown[-1][0]) if len(found) > limit else None
    return Page(_filled(reader, filters, shown), following)


def _findable(
    reader: Reader, filters: Filters, keys: list[str], order: str, descending: bool, limit: int,
    after: tuple[Any, str] | None,
) -> list[tuple[str, Any, str]]:  # fmt: skip
    """As `_found`, without the contacts whose texts hold the words only where they may not be found."""
    if not filters.words or filters.finds is None:
        return _found(reader, filters, keys, order, descending, limit, after)
    told: list[tuple[str, Any, str]] = []
    portion = limit
    while True:
        some = _found(reader, filters, keys, order, descending, portion, after)
        seen = _readable(reader, filters, some)
        told += [one for one in some if one[0] in seen]
        if len(told) >= limit or len(some) < portion:
            return told[:limit]
        after = (some[-1][1], some[-1][0])
        portion = min(portion * GROWTH, MOST_AT_ONCE)


def _readable(reader: Reader, filters: Filters, found: Sequence[tuple[str, Any, str]]) -> set[str]:
    """Those of the contacts in which every word stands somewhere where it may be found."""
    if not found or filters.finds is None:
        return set()
    words, ids = filters.words.split(), [contact_id for contact_id, _, _ in found]
    source = reader.sql("messages", keys={day for _, _, day in found})
    holds = " OR ".join(_holds(word) for word in words)
    query = f"SELECT contact_id, text FROM {source} WHERE contact_id IN {one_of(ids)} AND ({holds})"
    met: dict[str, set[str]] = {}
    for contact_id, text in engine.reading().sql(query).fetchall():
        known = met.setdefault(contact_id, set())
        known |= {word for word in words if word not in known and word in text and filters.finds(word, text)}
    return {contact_id for contact_id, known in met.items() if known == set(words)}


def _found(
    reader: Reader, filters: Filters, keys: list[str], order: str, descending: bool, limit: int,
    after: tuple[Any, str] | None,
) -> list[tuple[str, Any, str]]:  # fmt: skip
    """(contact, its ordering value, its day's key) of the first contacts of these days."""
    if filters.words:
        keys = [day for day in keys if _may_hold(reader, day, filters.words.split())]
    if not keys:
        return []
    key = f"r.{ORDERS[order]}" if order != "opened" else _opening(reader)
    conditions = _share_conditions(filters) + _contact_conditions(reader, filters, keys)
    if after is not None:
        conditions.append(_beyond(key, descending, after))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    query = f"""
        SELECT contact_id, {key} AS sort_key, r.day FROM {_primary(reader, filters, keys)} r {where}
        ORDER BY sort_key {"DESC" if descending else "ASC"} NULLS LAST, contact_id LIMIT {limit}
    """
    rows = engine.reading().sql(query).fetchall()
    return [(contact_id, value, day_key(day)) for contact_id, value, day in rows]


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
    keys = _between(reader, "messages", days, newest_first)
    for some in _growing([day for day in keys if _may_hold(reader, day, wanted)]):
        conditions = [_holds(word) for word in wanted]
        if sender_kind:
            conditions.append(f"sender_kind IN {one_of(sender_kind)}")
        way = "DESC" if newest_first else "ASC"
        found = engine.reading().sql(f"""
            SELECT contact_id, seq, sender_kind, text, day FROM {reader.sql("messages", keys=some)} t
            WHERE {" AND ".join(conditions)} ORDER BY day {way} NULLS LAST, contact_id, seq LIMIT {limit - len(hits)}
        """)
        hits += [_hit(row, wanted[0]) for row in found.fetchall()]
        if len(hits) >= limit:
            break
    return hits


def _primary(reader: Reader, filters: Filters, keys: Sequence[str]) -> str:
    """One row per visible contact: the share asked for, or the primary one."""
    source = reader.sql("rollup", keys=keys)
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


def _contact_conditions(reader: Reader, filters: Filters, keys: Sequence[str]) -> list[str]:
    found = []
    if filters.contacts is not None:
        found.append(f"r.contact_id IN {one_of(filters.contacts)}")
    if filters.contact:
        same = f"contact_id = {literal(filters.contact)} OR external_id = {literal(filters.contact)}"
        found.append(f"r.contact_id IN (SELECT contact_id FROM {reader.sql('contacts', keys=keys)} WHERE {same})")
    if filters.verdict:
        edition, item, verdicts = filters.verdict
        judged = f"item = {literal(item)} AND verdict IN {one_of(verdicts)}"
        apart = dict(filters.editions)
        by = {
            digest: [day for day in keys if apart.get(day, edition) == digest] for digest in {edition, *apart.values()}
        }
        sources = [reader.sql("verdicts", keys=own, edition=digest) for digest, own in by.items() if own]
        told = " UNION ALL ".join(f"SELECT contact_id FROM {source} WHERE {judged}" for source in sources)
        found.append(f"r.contact_id IN ({told})")
    for word in filters.words.split():
        source = reader.sql("messages", keys=keys)
        found.append(f"r.contact_id IN (SELECT contact_id FROM {source} WHERE {_holds(word)})")
    return found


def _filled(reader: Reader, filters: Filters, found: Sequence[tuple[str, Any, str]]) -> list[dict[str, Any]]:
    if not found:
        return []
    ids, keys = [contact_id for contact_id, _, _ in found], {day for _, _, day in found}
    contact_columns = ", ".join(f"c.{name(column)}" for column in COLUMNS)
    share_columns = ", ".join(f"r.{name(column)}" for column in SHARE)
    chosen = f"contact_id IN {one_of(ids)}"
    rows: pa.Table = (
        engine.reading()
        .sql(f"""
        SELECT {contact_columns}, {share_columns}
        FROM (SELECT * FROM {reader.sql("contacts", keys=keys)} WHERE {chosen}) c
        LEFT JOIN (SELECT * FROM {_primary(reader, filters, sorted(keys))} WHERE {chosen}) r USING (contact_id)
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


def _opening(reader: Reader) -> str:
    """When a contact opened; one of whose opening only the day is known stands at the beginning of that day."""
    zone, hour = literal(str(reader.archive.zone)), reader.archive.cutover_hour
    return f"coalesce(r.opened_us, epoch_us(timezone({zone}, r.day + INTERVAL {hour} HOUR)))"


def _day_keys(reader: Reader, filters: Filters, descending: bool) -> list[str]:
    """Days that can hold contacts of the filters, in the order of a page by opening."""
    keys = _between(reader, "rollup", filters.days, descending)
    if filters.contact:
        holding = set(contact_index.days_holding(reader.archive, reader.manifest, filters.contact))
        keys = [day for day in keys if day in holding]
    return keys


def _between(reader: Reader, table: str, days: tuple[date | None, date | None] | None, newest_first: bool) -> list[str]:
    """Keys of the period's days in order of time, undated ones last and only without a period."""
    files = reader.manifest.files(table)
    first, last = (day.isoformat() if day else None for day in days or (None, None))
    dated = [
        day for day in files
        if day != UNDATED and (first is None or day >= first) and (last is None or day <= last)
    ]  # fmt: skip
    return sorted(dated, reverse=newest_first) + ([UNDATED] if days is None and UNDATED in files else [])


def _from(reader: Reader, keys: list[str], after: tuple[Any, str] | None, descending: bool) -> list[str]:
    """Days on which a page that continues after this contact can begin."""
    if after is None:
        return keys
    if after[0] is None:
        return [day for day in keys if day == UNDATED]
    at = business_day(from_us(after[0]), reader.archive.zone, reader.archive.cutover_hour).isoformat()
    return [day for day in keys if day == UNDATED or (day <= at if descending else day >= at)]


def _growing(keys: list[str]) -> Iterator[list[str]]:
    """One day, four, sixteen …: a page that fills early reads little, a rare match costs few queries."""
    size, start = 1, 0
    while start < len(keys):
        yield keys[start : start + size]
        start, size = start + size, size * GROWTH


def _may_hold(reader: Reader, day: str, words: list[str]) -> bool:
    file = reader.manifest.files("messages").get(day)
    return file is not None and word_index.may_hold(reader.archive.root / file.path, words)


def _hit(row: tuple[str, int, str, str, date | None], word: str) -> Hit:
    contact_id, seq, sender_kind, text, day = row
    start = text.index(word)
    return Hit(contact_id, seq, sender_kind, text, start, start + len(word), day)
