"""What every page starts from: the record as this user may see it, the edition in use, and the present moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from bihuan.appraisal.decisions import Decided, decided_until
from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.blindness import Owed
from bihuan.inspection.queries import blind_contacts
from bihuan.kit.clock import now, to_us
from bihuan.metrics.figures import FigureTable
from bihuan.metrics.params import MetricParams
from bihuan.metrics.query import figures
from bihuan.people.queries import Sight, scope_of
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.contacts.blind_reading import BlindReader
from bihuan.workplace.filters import Filters, read_filters
from bihuan.workplace.memory import T, remembered


@dataclass(frozen=True)
class View:
    """One request's sight of the record; everything on a page is read through the same one, so figures agree."""

    user: Any
    filters: Filters
    reader: Reader
    people_reader: Reader
    edition: Edition

    @cached_property
    def params(self) -> MetricParams:
        return metric_params(self.edition)

    @cached_property
    def decided(self) -> Decided:
        """What appeals decided so far; it counts in every score that is shown."""
        return decided_until(self.edition)

    @cached_property
    def newest(self) -> date:
        """The last day the record holds."""
        return newest_day(list(self.reader.manifest.files("contacts")))

    @cached_property
    def oldest(self) -> date:
        """The first day the record holds."""
        days = [day for key in self.reader.manifest.files("contacts") if (day := day_of(key)) is not None]
        return min(days, default=self.newest)

    @property
    def blind(self) -> Mapping[str, Owed]:
        """Contacts the user is still to judge blind: verdicts, scores and others' answers of these stay hidden."""
        return self.reader.blind if isinstance(self.reader, BlindReader) else {}

    def hidden_of(self, person: str = "") -> int:
        """How many contacts of the period (or of one person in it) the user is still to judge blind: lists of low scores
        leave them out, whatever their score. Those of which nobody may be named count for nobody."""
        first, last = self.filters.period
        owed = [one for one in self.blind.values() if one.day is None or first <= one.day <= last]
        return sum(not person or (one.person == person and not one.hides_person) for one in owed)

    @cached_property
    def nameless(self) -> frozenset[str]:
        """Those of the blind ones of which the user may not know either who served."""
        return frozenset(one for one, owed in self.blind.items() if owed.hides_person)

    @property
    def is_empty(self) -> bool:
        """Does the record hold nothing at all?"""
        return not self.reader.manifest.files("contacts")

    @cached_property
    def as_of_us(self) -> int:
        """The moment open waits are counted to: the record's last word, as for results of a month."""
        return self.reader.manifest.told_by(to_us(now()))

    def figures(
        self, names: Sequence[str], *, by: Sequence[str] = (), filters: Filters | None = None, **narrowed: str
    ) -> FigureTable:
        """Figures of the page's period and filters (or of other ones), narrowed further by keyword."""
        asked = filters or self.filters
        where: Mapping[str, str] = {**asked.where, **narrowed}
        question = ("figures", tuple(names), tuple(by), asked.period, tuple(sorted(where.items())))
        return self.remembered(question, lambda: self._told(names, by, asked, where))

    def remembered(self, question: tuple[Hashable, ...], told: Callable[[], T]) -> T:
        """What was told for this question under the same sight, else what `told` tells."""
        return remembered((*self._sight, *question), told)

    def _told(self, names: Sequence[str], by: Sequence[str], asked: Filters, where: Mapping[str, str]) -> FigureTable:
        return figures(
            self.people_reader,
            names,
            by=by,
            period=asked.period,
            where={name: (value,) for name, value in where.items()},
            params=self.params,
            as_of_us=self.as_of_us,
        )

    @cached_property
    def _sight(self) -> tuple[Hashable, ...]:
        """All that an answer depends on beside the question."""
        reader = self.people_reader
        state = (str(reader.archive.root), reader.manifest.hash, reader.scope, self.reader.scope)
        return (*state, self.edition.hash, self.as_of_us)


def view_of(user: Any, query: Mapping[str, str]) -> View:
    """The sight of `user`: conversations by one scope, figures about people by another (`people.rules.roles`)."""
    archive = open_archive()
    manifest = archive.head()
    newest = newest_day(list(manifest.files("contacts")))
    contacts, people = scope_of(user), scope_of(user, sight=Sight.FIGURES)
    return View(
        user=user,
        filters=read_filters(query, newest=newest),
        reader=BlindReader(Reader(archive, manifest, contacts), lambda: blind_contacts(user)),
        people_reader=Reader(archive, manifest, people),
        edition=edition_in_use(newest),
    )


def newest_day(keys: Sequence[str]) -> date:
    """The last day the record holds; today where it holds none."""
    days = [day for key in keys if (day := day_of(key)) is not None]
    return max(days, default=timezone.localdate())
