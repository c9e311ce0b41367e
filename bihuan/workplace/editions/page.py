"""What changes for whom between two editions, arranged for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.inspection.queries import blind_contacts
from bihuan.kit.numbers import MILLI, divided
from bihuan.people.models import Person
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats, values
from bihuan.ui.figures import Timing
from bihuan.ui.tables import Column, Table
from bihuan.workplace.contacts.judgement import WORDS
from bihuan.workplace.contacts.names import names_of
from bihuan.workplace.editions.effects import ABSENT
from bihuan.workplace.editions.models import EditionComparison
from bihuan.workplace.key_names import check_names

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True)
class GroupLine:
    """A team or a person, with what `edition_effects.Group` found."""

    name: str
    url: str
    found: Mapping[str, Any]

    def figure(self, name: str) -> Decimal | None:
        return None if self.found[name] is None else Decimal(self.found[name])

    @property
    def interval(self) -> str:
        """Of the mean change; empty where too few conversations were scored."""
        low, high = self.figure("low"), self.figure("high")
        return "" if low is None or high is None else f"{formats.signed(low, 2)} … {formats.signed(high, 2)}"


def _figures(first: Any, url: Any = None) -> tuple[Column, ...]:
    def at(name: str) -> Any:
        return lambda line: line.figure(name)

    def count(name: str) -> Any:
        return lambda line: line.found[name]

    return (
        Column("name", first, url=url),
        Column("n", pgettext_lazy("how many", "Conversations"), "number", get=count("n")),
        Column("touched", gettext_lazy("Affected"), "number", get=count("touched")),
        Column("verdicts", gettext_lazy("Verdicts that change"), "number", get=count("verdicts")),
        Column("before", gettext_lazy("Mean score before"), "number", get=at("before"), decimals=2),
        Column("after", gettext_lazy("Mean score after"), "number", get=at("after"), decimals=2),
        Column("change", gettext_lazy("Change"), "signed", get=at("change"), decimals=2),
        Column("interval", gettext_lazy("95 % interval"), hint=gettext_lazy("of the mean change, over the same conversations")),
        Column("fatal", gettext_lazy("Fatal findings"), get=lambda line: f"{line.found['fatal_before']} → {line.found['fatal_after']}"),
    )  # fmt: skip


TEAMS: Final = _figures(gettext_lazy("Team"))
PEOPLE: Final = _figures(gettext_lazy("Agent"), lambda line: line.url)
CHECKS: Final = (
    Column("name", gettext_lazy("Check")),
    Column("before", gettext_lazy("Before")),
    Column("after", gettext_lazy("After")),
    Column("n", pgettext_lazy("how many", "Conversations"), "number"),
)
CASES: Final = (
    Column("contact_id", gettext_lazy("Conversation"), url=lambda row: reverse("workplace:contact", args=[row["contact_id"]])),
    Column("name", gettext_lazy("Agent")),
    Column("old", gettext_lazy("Score before the change"), "number", decimals=2),
    Column("new", gettext_lazy("Score after the change"), "number", decimals=2),
    Column("verdicts", gettext_lazy("Verdicts that change"), "number"),
)  # fmt: skip


@dataclass(frozen=True)
class Effects:
    """A finished comparison as its owner may see it now."""

    comparison: EditionComparison
    old: Edition
    new: Edition

    @property
    def found(self) -> Mapping[str, Any]:
        assert self.comparison.found is not None
        return self.comparison.found

    @cached_property
    def everybody(self) -> GroupLine:
        return GroupLine("", "", self.found["all"])

    @property
    def strip(self) -> list[Timing]:
        """The whole draw in one line."""
        whole, line = self.found["all"], self.everybody
        share = values.percent(divided(whole["touched"] * 100, whole["n"], 1))
        scores = f"{values.number(line.figure('before'), 2)} → {values.number(line.figure('after'), 2)}"
        drawn = _("of %(n)s") % {"n": values.number(self.found["population"])}
        return [
            Timing(_("Conversations compared"), values.number(whole["n"]), note=drawn),
            Timing(_("Affected"), values.number(whole["touched"]), note=share),
            Timing(_("Verdicts that change"), values.number(whole["verdicts"])),
            Timing(_("Mean score"), scores),
            Timing(_("Mean change · 95 % interval"), values.signed(line.figure("change"), 2), note=line.interval),
            Timing(_("Fatal findings"), f"{whole['fatal_before']} → {whole['fatal_after']}"),
        ]

    @cached_property
    def teams(self) -> Table:
        named = names_of((), (one["key"] for one in self.found["teams"]))
        lines = [GroupLine(named.team(one["key"]) or _("no team"), "", one) for one in self.found["teams"]]
        return Table(TEAMS, lines, empty_title=_("Nobody"))

    @cached_property
    def people(self) -> Table:
        """Those the reader may see now; whoever is not affected is counted, not listed."""
        seen = Person.objects.visible_to(self.comparison.owner)
        named = dict(seen.filter(number__in=self._keys).values_list("number", "name"))
        lines = [
            GroupLine(named[one["key"]], reverse("workplace:agent", args=[one["key"]]), one)
            for one in self.found["people"]
            if one["touched"] and one["key"] in named
        ]
        return Table(
            PEOPLE, lines, empty_title=_("Nobody is affected"), empty_advice=_("Every verdict and score stays.")
        )

    @property
    def untouched(self) -> int:
        return sum(not one["touched"] for one in self.found["people"])

    @property
    def _keys(self) -> Sequence[str]:
        return [one["key"] for one in self.found["people"] if one["key"]]

    @cached_property
    def checks(self) -> Table:
        rows = [
            {
                "name": self._check(one["item"]),
                "before": _word(one["before"]),
                "after": _word(one["after"]),
                "n": one["n"],
            }
            for one in self.found["checks"]
        ]
        return Table(CHECKS, rows, empty_title=_("No verdict changes"))

    def _check(self, check: str) -> str:
        for edition in (self.new, self.old):
            if check in edition.checks:
                return check_names(edition)[check]
        return check

    @cached_property
    def cases(self) -> Table:
        """Without conversations that the reader is to judge blind by now."""
        blind = blind_contacts(self.comparison.owner)
        rows = [one for one in self.found["contacts"] if one["contact_id"] not in blind]
        named = names_of((one["person"] for one in rows), ())
        shown = [
            {**one, "name": named.person(one["person"]), "old": _points(one["old"]), "new": _points(one["new"])}
            for one in rows
        ]
        return Table(CASES, shown, empty_title=_("No conversation is affected"))


def _word(verdict: str) -> str:
    return _("no such check") if verdict == ABSENT else _(WORDS[verdict])


def _points(milli: int | None) -> Decimal | None:
    return None if milli is None else divided(milli, MILLI, 2)


def note_of(comparison: EditionComparison, at_us: int, began_us: int) -> str:
    """Rate and time left of one that runs: `120 个/秒 · 剩 0:09`; empty before anything is known."""
    spent = at_us - began_us
    if not comparison.done or not comparison.total or spent <= 0:
        return ""
    rate = comparison.done * MICROSECONDS // spent
    left = (comparison.total - comparison.done) * spent // comparison.done
    words = _("%(rate)s judgements a second") % {"rate": values.number(rate)}
    return f"{words} · {formats.time_left(left, values.language())}"
