"""What somebody finds who improves the standard and holds no right to persons (S3-2): the text in use, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from bihuan.standards.choosing import edition_in_use
from bihuan.standards.queries import Listed, listed
from bihuan.standards.rules.edition import Edition, Scheme, Scorecard, Target
from bihuan.standards.rules.naming import CHANNELS
from bihuan.standards.rules.plan import plan_of
from bihuan.standards.rules.units import figure
from bihuan.ui.figures import Part
from bihuan.ui.tables import Column, Table
from bihuan.ui.values import language


@dataclass(frozen=True)
class Version:
    """An edition in its history; `before` is the one that was published before it, if there was one."""

    found: Listed
    in_use: bool
    before: Listed | None

    @property
    def name(self) -> str:
        return f"{self.found.edition.title.said(language())} {self.found.edition.version}"

    @property
    def since(self) -> date | None:
        return self.found.row.effective_from if self.found.row else None

    @property
    def url(self) -> str:
        return reverse("standards:edition", args=[self.found.address])

    @property
    def differences_url(self) -> str:
        return f"{self.url}?against={self.before.address}" if self.before else ""


@dataclass(frozen=True)
class Whole:
    """Parts side by side, each as wide as it weighs."""

    title: str
    source: str
    url: str
    parts: list[Part]


@dataclass(frozen=True)
class Limit:
    """A target in words."""

    target: Target
    name: str
    edition_url: str

    @property
    def url(self) -> str:
        return f"{self.edition_url}#{self.target.place}"

    @property
    def where(self) -> str:
        channel = CHANNELS[self.target.channel].said(language()) if self.target.channel else ""
        return " · ".join(filter(None, (channel, self.target.level))) or gettext("everywhere")

    @property
    def limit(self) -> str:
        return f"{'≤' if self.target.at_most else '≥'} {figure(self.target.limit, language())}"


TARGETS: Final = (
    Column("name", gettext_lazy("Metric"), url=lambda one: one.url),
    Column("where", gettext_lazy("Where")),
    Column("limit", gettext_lazy("Limit")),
    Column(
        "source",
        gettext_lazy("Source"),
        get=lambda one: gettext("house") if one.target.source == "house" else one.target.source,
    ),
)
VERSIONS: Final = (
    Column("name", gettext_lazy("Edition"), url=lambda one: one.url),
    Column("in_use", gettext_lazy("In use"), get=lambda one: gettext("in use today") if one.in_use else None,
           reason=lambda one: ""),
    Column("since", gettext_lazy("In effect from"), "day", reason=lambda one: gettext("shipped, never published here")),
    Column("changes", gettext_lazy("What it changed"), get=lambda one: gettext("Read the differences") if one.before else None,
           url=lambda one: one.differences_url, reason=lambda one: gettext("the first one published")),
)  # fmt: skip


@dataclass(frozen=True)
class StandardHome:
    """The edition in use on a day, and the published ones, newest first; where none is, the shipped one that holds."""

    day: date
    edition: Edition

    @property
    def name(self) -> str:
        return f"{self.edition.title.said(language())} {self.edition.version}"

    @property
    def url(self) -> str:
        return reverse("standards:edition", args=[self.edition.hash])

    @property
    def wholes(self) -> list[Whole]:
        """What a conversation's and a month's points are made of, in the shares the edition declares."""
        return [*map(self._card, self.edition.scorecards.values()), *map(self._scheme, self.edition.schemes.values())]

    def _card(self, card: Scorecard) -> Whole:
        weights = zip(card.dimensions, map(float, plan_of(card).weights), strict=True)
        parts = [Part(one.label.said(language()), weight, 1) for one, weight in weights]
        return Whole(card.label.said(language()), card.source, f"{self.url}#{card.place}", parts)

    def _scheme(self, scheme: Scheme) -> Whole:
        parts = [Part(term.label.said(language()), term.weight.value, 1) for term in scheme.terms]
        return Whole(scheme.label.said(language()), scheme.source, f"{self.url}#{scheme.place}", parts)

    @property
    def targets(self) -> Table:
        """The limits that hold in daily work."""
        names = {target.metric: target.label for target in reversed(self.edition.targets) if target.label.zh}
        daily = [one for one in self.edition.targets if one.context == "live" and one.metric in names]
        return Table(TARGETS, [Limit(one, names[one.metric].said(language()), self.url) for one in daily])

    @property
    def versions(self) -> Table:
        rows = [one for one in listed(self.day) if one.row or one.edition.hash == self.edition.hash]
        same = [
            [other for other in rows[at + 1 :] if other.edition.id == one.edition.id] for at, one in enumerate(rows)
        ]
        return Table(
            VERSIONS,
            [
                Version(one, one.edition.hash == self.edition.hash, next(iter(older), None))
                for one, older in zip(rows, same, strict=True)
            ],
        )


def standard_home(day: date) -> StandardHome:
    return StandardHome(day, edition_in_use(day))
