"""What differs between two editions, arranged by the sections of an edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.standards.rules.diff import Change, diff
from bihuan.standards.rules.edition import Edition, Label, Scheme, Scorecard


@dataclass(frozen=True)
class Moved:
    """One difference as a row: what, what stood before and what stands now; nothing where it was absent. `said` is the
    whole of it in a sentence."""

    place: str
    said: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Every difference, by section in the order of an edition."""

    title: str
    groups: tuple[tuple[str, tuple[Moved, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(rows) for _title, rows in self.groups)


def compare(old: Edition, new: Edition, language: str) -> Comparison:
    """From `old` to `new` in the words of `language`."""
    title_of = _titles(old, new, language)
    groups: dict[str, list[Moved]] = {}
    for change in diff(old, new):
        groups.setdefault(title_of(change.place), []).append(_moved(change, language))
    title = f"{old.title.said(language)} {old.version}"
    return Comparison(title, tuple((name, tuple(rows)) for name, rows in groups.items()))


def _moved(change: Change, language: str) -> Moved:
    before, after = _words(change.old, language), _words(change.new, language)
    return Moved(change.place, change.said.said(language), change.name.said(language), before, after)


def _words(label: Label | None, language: str) -> str:
    return label.said(language) if label else ""


def _titles(old: Edition, new: Edition, language: str) -> Callable[[str], str]:
    plain = {
        "targets": _("Targets"),
        "checks": _("Checks"),
        "numbers": _("Other numbers"),
        "inputs": _("Inputs of totals"),
        "scorecards": _("Scorecards"),
        "schemes": _("Totals"),
    }
    things: dict[str, Scorecard | Scheme] = {**old.scorecards, **old.schemes, **new.scorecards, **new.schemes}
    named = {thing.place: thing.label.said(language) for thing in things.values()}

    def title(place: str) -> str:
        section = place.split(".")[0]
        return named.get(".".join(place.split(".")[:2])) or plain.get(section, pgettext("of an edition", "General"))

    return title
