"""The human review rate (X12): of the contacts behind a score, the share that people evaluated as the random sample.

The only place that says what counts: drawn at random, and released. The risk queue looks for faults and what is not
released binds nobody, so neither makes a score better founded. How far a day's work has come is another figure
(`sampling.progress`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext

from bihuan.archive.reader import Days, Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.kit.numbers import divided
from bihuan.people.queries import Sight, scope_of
from bihuan.ui import formats

NARROWED_BY: Final = {"agent": "person", "team": "team", "channel": "channel", "category": "category"}
"""Filters of a page that both the record and the drawn contacts know, with the name they have there."""


@dataclass(frozen=True)
class ReviewRate:
    """`n` of `of` contacts were drawn at random and carry a released evaluation."""

    n: int
    of: int

    @property
    def share(self) -> Decimal | None:
        """In percent; None where there is no contact."""
        return divided(self.n * 100, self.of, 1)

    @property
    def counts(self) -> str:
        return f"{formats.number(self.n)} / {formats.number(self.of)}"

    @property
    def counted(self) -> str:
        """The counts with what they are counted on."""
        return gettext("%(counts)s contacts in the record") % {"counts": self.counts}

    @property
    def words(self) -> str:
        """The rate in one line, to stand beside a score."""
        return f"{gettext('Human review rate')} {formats.percent(self.share, 1)} · {self.counts}"

    def to_json(self) -> dict[str, Any]:
        """For programs: a figure travels as text."""
        return {"reviewed": self.n, "contacts": self.of, "share": None if self.share is None else str(self.share)}


def review_rate(
    of: int, days: Days | None, *, persons: Collection[str] | None = None, scope: Scope | None = None, **narrowed: str
) -> ReviewRate:
    """The rate among `of` contacts: those of these days (None: of all), of these persons, within a right to see, and
    with these values of columns that both know."""
    rows = _reviewed(days, scope or Scope.all()).filter(
        **{f"assignment__{name}": one for name, one in narrowed.items()}
    )
    if persons is not None:
        rows = rows.filter(assignment__person__in=list(persons))
    return ReviewRate(rows.values("assignment__contact_id").distinct().count(), of)


def review_rate_of_record(reader: Reader, days: Days | None, where: Mapping[str, str] | None = None) -> ReviewRate:
    """The rate among the contacts of these days that the reader sees; `where` narrows it as far as `NARROWED_BY` goes."""
    asked = {name: value for name, value in (where or {}).items() if name in NARROWED_BY}
    narrowed = {NARROWED_BY[name]: value.replace("\x00", "") for name, value in asked.items()}
    return review_rate(_contacts(reader, days, narrowed), days, scope=reader.scope, **narrowed)


def review_rate_shown_to(user: Any, days: Iterable[date | None]) -> ReviewRate | None:
    """The rate among the contacts from the first of the days to the last, as far as somebody may see figures about them;
    None without days."""
    known = sorted(day for day in days if day is not None)
    if not known:
        return None
    scope = scope_of(user, sight=Sight.FIGURES)
    return review_rate_of_record(Reader(open_archive(), scope=scope), (known[0], known[-1]))


def review_rates_of_people(contacts: Mapping[str, int], days: Days) -> dict[str, ReviewRate]:
    """The rate of each person among so many contacts; one query."""
    rows = _reviewed(days, Scope(persons=frozenset(contacts))).order_by()
    counted = rows.values_list("assignment__person").annotate(n=Count("assignment__contact_id", distinct=True))
    known = dict(counted)
    return {person: ReviewRate(known.get(person, 0), of) for person, of in contacts.items()}


def review_rates_of_months(person: str, contacts: Mapping[date, int]) -> dict[date, ReviewRate]:
    """One person's rate in each month (its first day) among so many contacts; one query."""
    rows = _reviewed(None, Scope(persons=frozenset({person}))).order_by()
    seen = set(rows.values_list("assignment__day", "assignment__contact_id"))
    known = Counter(day.replace(day=1) for day, _contact in seen)
    return {month: ReviewRate(known[month], of) for month, of in contacts.items()}


def _reviewed(days: Days | None, scope: Scope) -> Any:
    rows = Evaluation.objects.released().filter(assignment__kind=Assignment.Kind.RANDOM)
    if not scope.everything:
        rows = rows.filter(Q(assignment__person__in=scope.persons) | Q(assignment__team__in=scope.teams))
    first, last = days or (None, None)
    rows = rows.filter(assignment__day__gte=first) if first else rows
    return rows.filter(assignment__day__lte=last) if last else rows


def _contacts(reader: Reader, days: Days | None, narrowed: Mapping[str, str]) -> int:
    """Contacts of these days, each by whoever served it last."""
    if reader.scope.everything and not narrowed:
        return sum(file.rows for file in reader.manifest.between("contacts", days))
    rows = reader.relation("rollup", days=days, columns=["contact_id"], where={**narrowed, "is_primary": True})
    return int(rows.aggregate("count(*)").fetchall()[0][0])
