"""The linter's report for reading: level marks, and links to where each finding stands on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.kit.errors import Issue, Level
from bihuan.standards.examining import examine
from bihuan.standards.rules.diff import facts_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.naming import SECTIONS, names_of

LEVELS: Final = {
    Level.ERROR: (gettext_lazy("Error"), "bad", "alert-octagon"),
    Level.WARNING: (gettext_lazy("Warning"), "warn", "alert-triangle"),
    Level.NOTE: (pgettext_lazy("level of a finding", "Note"), "", "info-circle"),
}


@dataclass(frozen=True)
class Finding:
    """One finding: how grave, what, which rule says so, what the place is called and the anchor nearest to it."""

    level: Level
    message: str
    source: str
    place: str
    name: str
    anchor: str

    @property
    def word(self) -> Any:
        return LEVELS[self.level][0]

    @property
    def tone(self) -> str:
        return LEVELS[self.level][1]

    @property
    def symbol(self) -> str:
        return LEVELS[self.level][2]


@dataclass(frozen=True)
class Report:
    """Everything the linter says, the gravest first."""

    findings: tuple[Finding, ...]

    @property
    def counts(self) -> list[tuple[Any, str, str, int]]:
        """Word, tone, symbol and number of each level that occurs."""
        levels = [finding.level for finding in self.findings]
        return [(*LEVELS[level], levels.count(level)) for level in Level if level in levels]


def report_of(edition: Edition, language: str) -> Report:
    """The report of an edition that can be read."""
    sections = {f"numbers.{section}": label for section, label in SECTIONS.items()}
    names = {place: label.said(language) for place, label in {**sections, **names_of(edition)}.items()}
    anchors = _anchors(edition)
    return report_of_issues(examine(edition, language), names, anchors)


def report_of_issues(issues: Iterable[Issue], names: dict[str, str] | None = None, anchors: Any = ()) -> Report:
    """The report of any findings; without anchors nothing links."""
    return Report(
        tuple(
            Finding(
                level=issue.level,
                message=issue.message,
                source=issue.source,
                place=issue.place,
                name=_called(issue.place, names or {}),
                anchor=_nearest(issue.place, anchors),
            )
            for issue in issues
        )
    )


def _anchors(edition: Edition) -> list[str]:
    """Places the page has an element for, in its order."""
    places = [target.place for target in edition.targets]
    for card in edition.scorecards.values():
        places += [
            card.place,
            *(d.place for d in card.dimensions),
            *(i.place for d in card.dimensions for i in d.items),
        ]
    for scheme in edition.schemes.values():
        places += [scheme.place, *(t.place for t in scheme.terms)]
    places += [check.place for check in edition.checks.values()]
    return [*places, *(place for place in facts_of(edition) if place.startswith("numbers."))]


def _called(place: str, names: Mapping[str, str]) -> str:
    """The name of a place, else of the closest above it that has one."""
    outer = place
    while outer and outer not in names:
        outer = outer.rpartition(".")[0]
    return names.get(outer, place)


def _nearest(place: str, anchors: Any) -> str:
    """The place itself, else the closest above it, else the first below it."""
    known, outer = set(anchors), place
    while outer:
        if outer in known:
            return outer
        outer = outer.rpartition(".")[0]
    return next((anchor for anchor in anchors if anchor.startswith(place)), "")
