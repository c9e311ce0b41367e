"""An edition arranged for reading: words and figures ready for the template, every entry with its anchor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.words import actor_words
from bihuan.standards.comparing import Comparison, compare
from bihuan.standards.queries import Listed
from bihuan.standards.rules.applying import said_of
from bihuan.standards.rules.edition import CheckSetting, Edition, Item, Number, Scheme, Scorecard, Target, Term
from bihuan.standards.rules.naming import CHANNELS, CONTEXTS, NUMBERS, PARAMS, SECTIONS
from bihuan.standards.rules.plan import WHOLE, plan_of
from bihuan.standards.rules.reach import reaches
from bihuan.standards.rules.units import figure
from bihuan.standards.rules.unread import UNREAD
from bihuan.standards.web.listing import HASH_SHOWN, STATES, TONES
from bihuan.standards.web.reporting import Report, report_of
from bihuan.ui.figures import Part

SEVERITIES: Final = {
    "minor": gettext_lazy("Minor"),
    "major": gettext_lazy("Major"),
    "fatal": gettext_lazy("Fatal"),
}
METHODS: Final = {
    "share_of_applicable": gettext_lazy("points earned ÷ points applicable × 100, then × weight"),
    "raw_points": gettext_lazy("points × weight, as the text has it"),
    "redistribute": gettext_lazy("not applicable leaves both sides"),
    "full": gettext_lazy("not applicable counts as met"),
}
SCALES: Final = {
    "points": gettext_lazy("points 0–100"),
    "share": gettext_lazy("share × 100"),
    "complement": gettext_lazy("(1 − rate) × 100"),
    "linear": gettext_lazy("linear between two ends"),
    "raw": gettext_lazy("as it stands"),
    "raw_complement": gettext_lazy("1 − rate, as it stands"),
}


@dataclass(frozen=True)
class Line:
    """A row to read: an anchor, what it is called, cells of text, and the source with the reason of a house figure."""

    anchor: str
    name: str
    cells: tuple[str, ...]
    source: str
    why: str = ""
    depth: int = 1


@dataclass(frozen=True)
class Block:
    """A titled group of lines, with bars where weights share a whole."""

    anchor: str
    title: str
    source: str
    note: str
    lines: tuple[Line, ...]
    bars: tuple[tuple[str, tuple[Part, ...]], ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything the page of an edition shows."""

    edition: Edition
    found: Listed
    against: Edition | None
    language: str

    @property
    def title(self) -> str:
        return self.edition.title.said(self.language)

    @property
    def about(self) -> str:
        return self.edition.about.said(self.language)

    @property
    def state(self) -> str:
        return str(STATES[self.found.state])

    @property
    def digest(self) -> str:
        return self.edition.hash[:HASH_SHOWN]

    @property
    def approver(self) -> str:
        """Who answers for it: of a published edition the account that approved it, the system in words."""
        return actor_words(self.found.row.approver) if self.found.row else self.edition.approver

    @property
    def holds_for(self) -> str:
        """The part of the department it is for, in words."""
        return said_of(self.edition.applies_to).said(self.language)

    @property
    def tone(self) -> str:
        return TONES[self.found.state]

    @cached_property
    def report(self) -> Report:
        return report_of(self.edition, self.language)

    @cached_property
    def changes(self) -> Comparison | None:
        return compare(self.against, self.edition, self.language) if self.against else None

    @property
    def targets(self) -> list[tuple[str, list[Line]]]:
        """Every metric with the limits set for it, in the order of the edition."""
        labels = {t.metric: t.label for t in reversed(self.edition.targets) if t.label.zh}
        grouped: dict[str, list[Line]] = {}
        for target in self.edition.targets:
            if target.metric in labels:
                name = labels[target.metric].said(self.language)
                grouped.setdefault(name, []).append(self._target(target, name))
        return list(grouped.items())

    @property
    def cards(self) -> list[Block]:
        return [self._card(card) for card in self.edition.scorecards.values()]

    @property
    def schemes(self) -> list[Block]:
        return [self._scheme(scheme) for scheme in self.edition.schemes.values()]

    @property
    def checks(self) -> list[Line]:
        return [self._check_line(check) for check in self.edition.checks.values()]

    @property
    def numbers(self) -> list[Block]:
        return [
            Block(f"numbers.{name}", SECTIONS[name].said(self.language), "", "", self._numbers(name))
            for name in self.edition.sections
        ]

    def _check_line(self, check: CheckSetting) -> Line:
        reasons = (check.why, *(number.why for number in check.numbers.values()))
        return Line(
            anchor=check.place,
            name=check.label.said(self.language),
            cells=(
                str(SEVERITIES[check.severity]),
                _("Yes") if check.counts else _("No"),
                ", ".join(self._param(name, number) for name, number in check.numbers.items()),
            ),
            source=check.source,
            why=" ".join(filter(None, (why.said(self.language) for why in reasons))),
        )

    def _numbers(self, section: str) -> tuple[Line, ...]:
        lines = []
        for name, number in self.edition.section(section).items():
            label = NUMBERS.get(f"{section}.{name}")
            said = label.said(self.language) if label else name
            mark = UNREAD.get(f"{section}.{name}")
            why = " ".join(one.said(self.language) for one in (mark, number.why) if one)
            lines.append(Line(number.place, said, (figure(number, self.language),), number.source, why.strip()))
        return tuple(lines)

    def _target(self, target: Target, name: str) -> Line:
        scope = [CHANNELS[target.channel].said(self.language)] if target.channel else []
        scope += [target.level] if target.level else []
        if target.context != "live":
            context = CONTEXTS.get(target.context)
            scope.append(context.said(self.language) if context else target.context)
        limit = f"{'≤' if target.at_most else '≥'} {figure(target.limit, self.language)}"
        where = " · ".join(scope) or _("everywhere")
        return Line(target.place, name, (where, limit), target.source, target.limit.why.said(self.language))

    def _card(self, card: Scorecard) -> Block:
        lines: list[Line] = []
        plan = plan_of(card)
        for dimension, weight in zip(card.dimensions, plan.weights, strict=True):
            given = self._said(dimension.weight)
            effective = _share(weight)
            when = _("joins at period end") if dimension.per == "period" else ""
            weighed = given if effective == given else f"{given} → {effective}"
            name = dimension.label.said(self.language)
            lines.append(
                Line(
                    dimension.place,
                    name,
                    (weighed, when),
                    dimension.weight.source,
                    dimension.weight.why.said(self.language),
                )
            )
            lines += [self._item(item) for item in dimension.items]
        names = {dimension.id: dimension.label.said(self.language) for dimension in card.dimensions}
        for entry in card.fatal:
            cells = (_("zeroes"), names.get(entry.zeroes, _("the whole form")))
            lines.append(
                Line(entry.place, self._check(entry.check), cells, entry.source, entry.why.said(self.language))
            )
        for taken in card.deductions:
            off = (f"−{self._said(taken.points)}", _("deduction"))
            lines.append(
                Line(
                    taken.place,
                    self._check(taken.check),
                    off,
                    taken.points.source,
                    taken.points.why.said(self.language),
                )
            )
        for one in card.asks:
            told = (_("asked of people"), _("in no score"))
            lines.append(Line(one.place, one.label.said(self.language), told, one.source, ""))
        parts = tuple(
            Part(d.label.said(self.language), float(w), 1) for d, w in zip(card.dimensions, plan.weights, strict=True)
        )
        note = f"{METHODS[card.method]} · {METHODS[card.na]}"
        if card.coverage_floor:
            note += " · " + _("least coverage %(floor)s") % {"floor": self._said(card.coverage_floor)}
        title = card.label.said(self.language)
        return Block(card.place, title, card.source, note, tuple(lines), ((_("Weight"), parts),))

    def _item(self, item: Item) -> Line:
        fed = [self._check(feed.check) for feed in item.feeds]
        by = "、".join(fed) if self.language.startswith("zh") else ", ".join(fed)
        by = by or (_("rate of the period") if item.metric else _("scored by people"))
        cells = (self._said(item.points), by)
        return Line(
            item.place,
            item.label.said(self.language),
            cells,
            item.points.source,
            item.points.why.said(self.language),
            2,
        )

    def _scheme(self, scheme: Scheme) -> Block:
        moved = reaches(scheme, self.edition.inputs)
        lines: list[Line] = []
        for term, reach in zip(scheme.terms, moved, strict=True):
            effective = "—" if reach.effective is None else _share(reach.effective)
            points = "—" if reach.points is None else f"{float(reach.points):.2f}"
            lines.append(self._term(term, (effective, points), 1))
            lines += [self._term(part, ("", ""), 2) for part in term.parts]
        given = tuple(Part(t.label.said(self.language), float(t.weight.value), 1) for t in scheme.terms)
        bars = [(_("Declared weight"), given)]
        if all(reach.effective for reach in moved):
            real = zip(scheme.terms, moved, strict=True)
            bars.append(
                (
                    _("Effective weight"),
                    tuple(Part(t.label.said(self.language), float(r.effective or 0), 1) for t, r in real),
                )
            )
        accepted = " ".join(entry.why.said(self.language) for entry in scheme.accepts)
        title = scheme.label.said(self.language)
        return Block(scheme.place, title, scheme.source, accepted, tuple(lines), tuple(bars))

    def _term(self, term: Term, reach: tuple[str, str], depth: int) -> Line:
        entering = self.edition.inputs[term.input].label.said(self.language) if term.input else ""
        how = f"{entering} · {SCALES[term.scale.kind]}" if term.input else ""
        cells = (self._said(term.weight), *reach, how)
        return Line(
            term.place,
            term.label.said(self.language),
            cells,
            term.weight.source,
            term.weight.why.said(self.language),
            depth,
        )

    def _param(self, name: str, number: Number) -> str:
        label = PARAMS.get(name)
        return f"{label.said(self.language) if label else name} {self._said(number)}"

    def _check(self, check: str) -> str:
        return self.edition.checks[check].label.said(self.language)

    def _said(self, number: Number) -> str:
        return figure(number, self.language)


def choices(listed: Sequence[Listed], found: Listed, chosen: str, language: str) -> list[dict[str, Any]]:
    """Other editions to compare with."""
    return [
        {
            "value": entry.address,
            "label": f"{entry.edition.title.said(language)} {entry.edition.version}",
            "chosen": chosen == entry.address,
        }
        for entry in listed
        if entry.edition.hash != found.edition.hash
    ]


def _share(value: Any) -> str:
    return f"{round(float(value), 2):g} %" if value <= WHOLE else str(value)
