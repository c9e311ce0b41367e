"""The conversation library: what is looked for, read from an address, and the page of contacts that answers it.

A search for words goes from the newest day back until a page is full or the time for one answer is spent, so that an
answer comes soon however long the record is; the page says how far it looked and goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from time import perf_counter
from typing import Any, Final

from bihuan.archive import library as kept
from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import CHANNELS, LEVELS, OUTCOMES, UNDATED, VERDICTS
from bihuan.kit.clock import business_day, day_bounds, from_us, to_us
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.filters import Filters
from bihuan.workplace.masking import may_find

PAGE_ROWS: Final = 50
ENOUGH_SECONDS: Final = 1.5
"""One answer looks no longer than this; whoever asked is told how far it came and may go on."""
EVERYTHING: Final = "all"
RATINGS: Final = ("1", "2", "3", "4", "5")
ORDERS: Final = ("opened", "duration", "rating")
_NAMED: Final = ("queue", "business_line", "category", "agent", "team")
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": CHANNELS, "level": LEVELS, "outcome": OUTCOMES, "rating": RATINGS, "verdict": VERDICTS,
}  # fmt: skip
_LONGEST: Final = 80
_DIGITS: Final = 18  # microseconds of any year a calendar knows

Token = tuple[Any, str]


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. `days` None means the whole record, undated contacts too; `after` goes on from there."""

    days: tuple[date, date] | None
    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    check: str = ""
    order: str = "opened"
    descending: bool = True
    after: Token | None = None

    def query(self) -> dict[str, str]:
        """The address again, without the place in the list."""
        span = (
            {"from": self.days[0].isoformat(), "to": self.days[1].isoformat()} if self.days else {"period": EVERYTHING}
        )
        sort = (
            "" if (self.order, self.descending) == ("opened", True) else f"{'-' if self.descending else ''}{self.order}"
        )
        asked = {"q": self.words, **self.chosen, "check": self.check, "sort": sort, **span}
        return {name: value for name, value in asked.items() if value}


def read_wanted(query: Mapping[str, str], filters: Filters, *, undated_only: bool, checks: Mapping[str, Any]) -> Wanted:
    """What a query string asks for; what cannot be read is left out, so that no address is an error."""
    given = {name: query.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in (*_NAMED, *_ALLOWED)}
    chosen = {n: value for n, value in given.items() if value and value in _ALLOWED.get(n, (value,))}
    sort = query.get("sort", "-opened")
    order = sort.lstrip("-") if sort.lstrip("-") in ORDERS else "opened"
    check = query.get("check", "")
    return Wanted(
        days=None if undated_only or query.get("period") == EVERYTHING else filters.period,
        words=query.get("q", "").replace("\x00", "").strip()[:_LONGEST],
        chosen=chosen,
        check=check if check in checks else "",
        order=order,
        descending=sort.startswith("-") or order != sort,
        after=_token(query.get("after", "")),
    )


@dataclass(frozen=True)
class Found:
    """A page: rows as `archive.library` gives them, how to go on, and the days that were looked through."""

    rows: list[dict[str, Any]]
    next: Token | None
    looked: tuple[date, date] | None = None
    exhausted: bool = True


def filters_of(
    wanted: Wanted, edition: Edition, reading: Mapping[str, Any], apart: tuple[tuple[str, str], ...] = ()
) -> kept.Filters:
    """The archive's filters; `reading` is what the search words were taken for (`searching.Reading.filters`), `apart` the
    days judged by another edition (`judged_by.judged_apart`)."""
    chosen = dict(wanted.chosen)
    verdict = chosen.pop("verdict", "")
    rating = chosen.pop("rating", "")
    agent = chosen.pop("agent", "")
    narrowed: dict[str, Any] = {name: (value,) for name, value in chosen.items()}
    found = kept.Filters(days=wanted.days, **narrowed)
    if rating:
        found = replace(found, rating=(int(rating),))
    if agent:
        found = replace(found, person=(agent,))
    if wanted.check:
        said = (verdict,) if verdict else ("violated",)
        found = replace(found, verdict=(edition.hash, wanted.check, said), editions=apart)
    return replace(found, finds=may_find, **reading)


def find_page(
    reader: Reader, filters: kept.Filters, wanted: Wanted, *, limit: int = PAGE_ROWS,
    clock: Callable[[], float] = perf_counter,
) -> Found:  # fmt: skip
    """A page of contacts in the wanted order, going on after `wanted.after`."""
    if filters.words and (wanted.order, wanted.descending) == ("opened", True):
        return _searched(reader, filters, wanted, limit, clock)
    page = reader.contacts_page(
        filters, order=wanted.order, descending=wanted.descending, limit=limit, after=wanted.after
    )
    return Found(page.rows, page.next, wanted.days)


def _searched(reader: Reader, filters: kept.Filters, wanted: Wanted, limit: int, clock: Callable[[], float]) -> Found:
    """Day after day, the newest first; stops when the page is full or the time is over."""
    started, newest = clock(), None
    rows: list[dict[str, Any]] = []
    for day in _days(reader, wanted):
        page = reader.contacts_page(replace(filters, days=(day, day)), limit=limit - len(rows), after=wanted.after)
        rows, newest = [*rows, *page.rows], newest or day
        if page.next is not None or len(rows) >= limit:
            return Found(rows, page.next or _start_of(reader, day), (day, newest))
        if clock() - started > ENOUGH_SECONDS:
            return Found(rows, _start_of(reader, day), (day, newest), exhausted=False)
    undated = wanted.days is None and UNDATED in reader.manifest.files("contacts")
    return (
        _with_undated(reader, filters, Found(rows, None, wanted.days), limit, wanted)
        if undated
        else Found(rows, None, wanted.days)
    )


def _with_undated(reader: Reader, filters: kept.Filters, found: Found, limit: int, wanted: Wanted) -> Found:
    """Contacts without a time follow after all others."""
    goes_on = wanted.after is not None and wanted.after[0] is None
    place = wanted.after if goes_on else (None, "")
    page = reader.contacts_page(replace(filters, days=None), limit=limit - len(found.rows), after=place)
    return replace(found, rows=[*found.rows, *page.rows], next=page.next)


def _days(reader: Reader, wanted: Wanted) -> list[date]:
    """The days that may hold further contacts, newest first."""
    held = [day for key in reader.manifest.files("contacts") if (day := day_of(key)) is not None]
    first, last = wanted.days or (date.min, date.max)
    if wanted.after is not None:
        if wanted.after[0] is None:
            return []
        last = min(last, _day_of(reader, wanted.after[0]))
    return sorted((day for day in held if first <= day <= last), reverse=True)


def _day_of(reader: Reader, us: int) -> date:
    return business_day(from_us(us), reader.archive.zone, reader.archive.cutover_hour)


def _start_of(reader: Reader, day: date) -> Token:
    """The place in the list before everything older than this day."""
    return to_us(day_bounds(day, reader.archive.zone, reader.archive.cutover_hour)[0]), ""


def neighbour(
    reader: Reader, filters: kept.Filters, wanted: Wanted, row: Mapping[str, Any], *, ahead: bool
) -> str | None:
    """The id of the contact before or after this one in the list, None at its end.

    `row` holds the contact's ordering value under its column. Among equals the list goes by id, both ways.
    """
    column = kept.ORDERS[wanted.order]
    value, contact_id = row[column], row["contact_id"]
    if ahead:
        found = find_page(reader, filters, replace(wanted, after=(value, contact_id)), limit=1).rows
        return str(found[0]["contact_id"]) if found else None
    if value is None:
        return _before_unknown(reader, filters, wanted, column, contact_id)
    # the list turned round, from the first of the equals on: those before this id, else the last of the next value
    page = reader.contacts_page(filters, order=wanted.order, descending=not wanted.descending, after=(value, ""))
    return _before(page.rows, column, value, contact_id)


def _before_unknown(reader: Reader, filters: kept.Filters, wanted: Wanted, column: str, contact_id: str) -> str | None:
    """Contacts whose value is unknown stand last, by id; before the first of them stands the last known one."""
    page = reader.contacts_page(filters, order="contact", descending=True, after=(contact_id, contact_id))
    unknown = [row for row in page.rows if row[column] is None]
    rest = unknown or reader.contacts_page(filters, order=wanted.order, descending=not wanted.descending, limit=1).rows
    return str(rest[0]["contact_id"]) if rest and rest[0]["contact_id"] != contact_id else None


def _before(rows: list[dict[str, Any]], column: str, value: Any, contact_id: str) -> str | None:
    equals = [row["contact_id"] for row in rows if row[column] == value and row["contact_id"] < contact_id]
    if equals:
        return str(max(equals))
    others = [row for row in rows if row[column] is not None and row[column] != value]
    if not others:
        return None
    return str(max(row["contact_id"] for row in others if row[column] == others[0][column]))


def token_text(token: Token | None) -> str:
    """A place in the list for the address: `value~id`; the value is empty where it is unknown."""
    return "" if token is None else f"{'' if token[0] is None else token[0]}~{token[1]}"


def _token(text: str) -> Token | None:
    value, sign, contact_id = text.partition("~")
    if not sign or len(text) > 4 * _LONGEST or "\x00" in text:
        return None
    if value == "":
        return None, contact_id
    return (int(value), contact_id) if value.isascii() and value.isdigit() and len(value) < _DIGITS else None
