"""Item statistics of a month: the machine's verdicts under one edition, counted day by day, as far as somebody may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final

import polars as pl

from bihuan.archive.manifest import Manifest, day_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.items.people import PeoplesAnswers
from bihuan.inspection.rules.items import ItemReport, Limits, item_report
from bihuan.inspection.rules.tallies import Tally, added, tally_of
from bihuan.kit.errors import InputError
from bihuan.people.queries import Sight, scope_of
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.lending import number_of
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition, Scorecard

DAYS_KEPT: Final = 512
_PREFIX: Final = verdicts_of("")


@dataclass(frozen=True)
class ItemPage:
    """One edition, one month, one scorecard, read with one sight of the record."""

    user: Any
    reader: Reader
    edition: Edition
    editions: Mapping[str, Edition]
    months: tuple[str, ...]
    month: str
    card: Scorecard | None
    opens_contacts: bool

    @cached_property
    def period(self) -> tuple[date, date]:
        """First and last day of the month."""
        first = date.fromisoformat(f"{self.month}-01")
        return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @cached_property
    def judged_days(self) -> tuple[date, ...]:
        """The days of the month that hold verdicts of this edition, in order."""
        days = map(day_of, self.reader.manifest.files(verdicts_of(self.edition.hash)))
        return tuple(sorted(day for day in days if day is not None and self.period[0] <= day <= self.period[1]))

    @property
    def last_judged(self) -> date:
        return self.judged_days[-1]

    @cached_property
    def limits(self) -> Limits:
        return limits_of(self.edition)

    @property
    def scored(self) -> tuple[str, ...]:
        """Checks that decide points of the scorecard; without one, every check of the edition."""
        if self.card is None:
            return tuple(self.edition.checks)
        fed = {
            feed.check for d in self.card.dimensions if d.per == "contact" for item in d.items for feed in item.feeds
        }
        return tuple(check for check in self.edition.checks if check in fed)

    @property
    def zeroing(self) -> frozenset[str]:
        """Checks whose violation zeroes the form or a dimension."""
        return frozenset(effect.check for effect in self.card.fatal) if self.card else frozenset()

    @property
    def deducting(self) -> frozenset[str]:
        """Checks whose violation takes points off the total."""
        return frozenset(effect.check for effect in self.card.deductions) if self.card else frozenset()

    @cached_property
    def report(self) -> ItemReport:
        items = (*self.scored, *(check for check in self.edition.checks if check not in self.scored))
        return item_report(tally_of_days(self.reader, self.edition.hash, self.period, items), self.limits, self.scored)

    @cached_property
    def people(self) -> PeoplesAnswers:
        """What people answered about conversations of the month, by the edition's own scorecard."""
        return PeoplesAnswers(self.user, self.edition, self.period, self.limits)


def item_page(user: Any, query: Mapping[str, str]) -> ItemPage | None:
    """What an address asks for; what it does not name, or names wrongly, is the usual. None: nothing was judged yet.

    Usual is the edition in use and the latest judged month.
    """
    archive = open_archive()
    manifest = archive.head()
    scope = scope_of(user, sight=Sight.FIGURES)
    judged = judged_editions(manifest)
    if not judged:
        return None
    in_use = edition_in_use(_newest(manifest)).hash
    digest = query.get("edition", "")
    if digest not in judged:
        digest = in_use if in_use in judged else next(iter(judged))
    months = judged_months(manifest, digest)
    edition = judged[digest]
    return ItemPage(
        user=user,
        reader=Reader(archive, manifest, scope),
        edition=edition,
        editions=judged,
        months=months,
        month=query["month"] if query.get("month") in months else months[0],
        card=_card(edition, query.get("card", "")),
        # the library judges by the edition in use, and shows conversations, which some may not see
        opens_contacts=digest == in_use and scope_of(user) == scope,
    )


def judged_editions(manifest: Manifest) -> dict[str, Edition]:
    """Editions with verdicts on dated records, by hash, the one with the latest verdicts first. Texts that are no longer
    known are left out: an item's name and points could not be told."""
    found = {}
    tables = [
        name for name in manifest.tables if name.startswith(_PREFIX) and judged_months(manifest, name[len(_PREFIX) :])
    ]
    for name in sorted(tables, key=lambda one: judged_months(manifest, one[len(_PREFIX) :])[0], reverse=True):
        try:
            edition = find_edition(name[len(_PREFIX) :])
        except InputError:
            continue
        if edition.checks:
            found[edition.hash] = edition
    return found


def judged_months(manifest: Manifest, digest: str) -> tuple[str, ...]:
    """Months (2026-10) with verdicts under an edition, the latest first."""
    days = (day_of(key) for key in manifest.files(verdicts_of(digest)))
    return tuple(sorted({f"{day:%Y-%m}" for day in days if day is not None}, reverse=True))


def limits_of(edition: Edition) -> Limits:
    """What the edition asks of items, and where it is silent what the shipped one to start with asks."""
    return Limits(
        least=number_of(edition, "item_statistics.least_contacts").whole,
        confidence=float(number_of(edition, "statistics.confidence").share),
        always_from=float(number_of(edition, "item_statistics.always_from").share),
        redundant_from=float(number_of(edition, "item_statistics.redundant_from").share),
    )


def tally_of_days(reader: Reader, digest: str, days: tuple[date, date], items: tuple[str, ...]) -> Tally:
    """The verdicts of these days, counted. A day's file never changes, so a day counted once is kept in memory."""
    files = reader.manifest.files(verdicts_of(digest))
    told = []
    for key, file in files.items():
        day = day_of(key)
        if day is not None and days[0] <= day <= days[1]:
            told.append(_tally_of_day(_Day(reader, digest, day, (file.hash, *_sight(reader, key))), items))
    return added(told, items)


def _card(edition: Edition, name: str) -> Scorecard | None:
    if not edition.scorecards:
        return None
    return edition.scorecard(name if name in edition.scorecards else None)


def _newest(manifest: Manifest) -> date:
    days = [day for key in manifest.files("contacts") if (day := day_of(key)) is not None]
    return max(days)


def _sight(reader: Reader, key: str) -> tuple[Any, ...]:
    """What decides whose verdicts are seen: the right to see and, where it is partial, who served whom."""
    if reader.scope.everything:
        return (reader.scope,)
    files = (reader.manifest.files(name).get(day) for name, day in (("rollup", key), ("staff", "all")))
    return reader.scope, *(file.hash if file else "" for file in files)


@dataclass(frozen=True)
class _Day:
    """A day to count; equal where everything the counts depend on is equal."""

    reader: Reader
    digest: str
    day: date
    key: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Day) and (self.digest, self.day, self.key) == (other.digest, other.day, other.key)

    def __hash__(self) -> int:
        return hash((self.digest, self.day, self.key))


@lru_cache(maxsize=DAYS_KEPT)
def _tally_of_day(one: _Day, items: tuple[str, ...]) -> Tally:
    columns = ("contact_id", "item", "verdict")
    rows = one.reader.table("verdicts", days=(one.day, one.day), columns=columns, edition=one.digest)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return tally_of(frame, items)
