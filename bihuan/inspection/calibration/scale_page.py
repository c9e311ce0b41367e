"""The page of raters' scales: who is strict or lenient, by how much, who moved; told from what several raters judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.inspection.calibration.scale import alarms_seen, scales
from bihuan.inspection.calibration.terms import CalibrationTerms, terms_of
from bihuan.inspection.calibration.words import WHY, Told
from bihuan.inspection.models import ScaleAlarm
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.scale import Scales
from bihuan.inspection.rules.severity import Drift
from bihuan.inspection.wording import said
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats, values
from bihuan.ui.charts import Panel, Series
from bihuan.ui.figures import Timing, Whisker
from bihuan.ui.tables import Column, Table

LEAST_SPAN: Final = 5.0  # points either way: a column is never drawn narrower, lest chance look like much
SETTLED_SHOWN: Final = 10
_CELL: Final = "inspection/_estimate.html"


@dataclass(frozen=True)
class ScaleLine:
    """One rater's scale. `span` is half the width of the column, in points."""

    number: str
    name: str
    severity: Estimate
    drift: Drift | None
    limit: float
    span: float

    @property
    def interval(self) -> Whisker | None:
        one = self.severity
        return None if one.value is None else Whisker(one.value, one.low, one.high, -self.span, self.span, 0)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(word, tone) of what passed a limit with an interval that leaves out zero."""
        one, found = self.severity, []
        sure = one.low is not None and one.high is not None and (one.low > 0 or one.high < 0)
        if one.value is not None and abs(one.value) >= self.limit and sure:
            found.append((_("Too strict") if one.value < 0 else _("Too lenient"), "bad"))
        if self.drift is not None and self.drift.alarm:
            found.append((_("Drifts"), "bad"))
        return found

    @property
    def url(self) -> str:
        return f"{reverse('inspection:scale')}?rater={self.number}"


@dataclass(frozen=True)
class AlarmLine:
    """An alarm as it was raised, and what the same figure says today."""

    alarm: ScaleAlarm
    today: Told


LINES: Final = (
    Column("name", gettext_lazy("Rater"), url=lambda line: line.url),
    Column("number", gettext_lazy("Staff number")),
    Column("severity", gettext_lazy("Severity, points"), get=lambda line: Told(line.severity, "points"), template=_CELL),
    Column("interval", gettext_lazy("Strict − 0 + lenient"), "whisker", exported=False,
           reason=lambda line: said(WHY, line.severity.reason)),
    Column("drift", gettext_lazy("Last change"), get=lambda line: line.drift and Told(line.drift.change, "points"), template=_CELL,
           reason=lambda line: _("Drift shows from the second month on")),
    Column("period", gettext_lazy("Month"), get=lambda line: line.drift.period if line.drift else None),
    Column("marks", gettext_lazy("What stands out"), get=lambda line: line.marks or None, template="inspection/_items_marks.html"),
)  # fmt: skip


@dataclass(frozen=True)
class ScalePage:
    """Everybody's scale for who leads the evaluation group; one's own for a rater."""

    user: Any
    person: Person
    edition: Edition
    at: datetime
    query: Mapping[str, str]

    @cached_property
    def leads(self) -> bool:
        return bool(self.user.has_perm(Permission.CALIBRATE))

    @cached_property
    def terms(self) -> CalibrationTerms:
        return terms_of(self.edition)

    @cached_property
    def found(self) -> Scales:
        return scales(self.edition, self.at)

    @cached_property
    def lines(self) -> list[ScaleLine]:
        """The strictest first, those without a scale last."""
        told = self.found.severity.raters
        seen = {rater: one for rater, one in told.items() if self.leads or rater == self.person.number}
        names = dict(Person.objects.filter(number__in=seen).values_list("number", "name"))
        last = {one.rater: one for one in self.found.severity.drifts}
        ends = [abs(end) for one in seen.values() for end in (one.low, one.high) if end is not None]
        span = max([LEAST_SPAN, *ends])
        limit = self.terms.severity_limit
        lines = [
            ScaleLine(rater, names.get(rater, rater), one, last.get(rater), limit, span) for rater, one in seen.items()
        ]
        return sorted(lines, key=lambda line: (line.severity.value is None, line.severity.value or 0, line.number))

    @property
    def table(self) -> Table:
        return Table(
            LINES, self.lines, empty_title=_("No scale is known yet"),
            empty_advice=_("Scales are told from conversations that several people judged: calibrations and re-evaluations."),
        )  # fmt: skip

    @property
    def strip(self) -> list[Timing]:
        variances = self.found.severity.variances
        total = sum(variances) if variances else 0.0
        rows = len(self.found.severity.scores)
        units = len({one.scored.unit for one in self.found.severity.scores})
        shares = [
            Timing(label, formats.percent(part * 100 / total, 1) if total else "—")
            for label, part in zip(_parts(), variances or (0.0,) * len(_parts()), strict=True)
        ]
        return [
            Timing(_("Conversations judged by several"), values.number(units), note=_("%(n)s evaluations") % {"n": values.number(rows)}),
            *shares,
        ]  # fmt: skip

    @property
    def reference(self) -> str:
        """Against whom points are told: the expert's name; empty for the mean of the raters."""
        return Person.objects.filter(number=self.found.reference).values_list("name", flat=True).first() or ""

    @cached_property
    def alarms(self) -> list[AlarmLine]:
        """Open ones first, then the last settled ones."""
        seen = alarms_seen(self.user)
        rows = [*seen.filter(settled_at__isnull=True), *seen.filter(settled_at__isnull=False)[:SETTLED_SHOWN]]
        return [AlarmLine(one, Told(self._today(one), "points")) for one in rows]

    def _today(self, alarm: ScaleAlarm) -> Estimate:
        """The same figure by everything known now: later evaluations move it, of a past month too."""
        severity, number = self.found.severity, alarm.rater.number
        if alarm.kind == ScaleAlarm.Kind.SEVERITY:
            return severity.raters.get(number, Estimate.unknown("not_now"))
        drifts = {(one.rater, one.period): one.change for one in severity.drifts}
        return drifts.get((number, alarm.period), Estimate.unknown("not_now"))

    @cached_property
    def chosen(self) -> ScaleLine | None:
        """Whose drift is drawn: the one asked for, else one that stands out, else the first."""
        known = [line for line in self.lines if line.number in self.found.levels]
        asked = [line for line in known if line.number == self.query.get("rater")]
        return next(iter([*asked, *(line for line in known if line.marks), *known]), None)

    @property
    def chart(self) -> Series | None:
        """Severity by month against the reference, and each month's change against the ones before."""
        line = self.chosen
        if line is None:
            return None
        levels = self.found.levels[line.number]
        changes = {one.period: one.change for one in self.found.severity.drifts if one.rater == line.number}
        steps = list(levels)
        told = [changes.get(step) for step in steps]
        reach = 2 * ceil(max([self.terms.severity_limit, *(abs(level) for level in levels.values())]) / 2)
        panels = [Panel(_("Severity by month"), list(levels.values()), unit=_("points"), floor=-reach, ceiling=reach)]
        if any(one and one.value is not None for one in told):
            panels.append(
                Panel(
                    _("Change against earlier months"), [_tenths(one.value if one else None) for one in told], unit=_("points"),
                    low=[one.low if one else None for one in told], high=[one.high if one else None for one in told],
                )
            )  # fmt: skip
        title = _("Scale of %(name)s over time") % {"name": line.name}
        last = formats.signed(list(levels.values())[-1], 1)
        summary = _("%(name)s: %(last)s points in %(month)s, %(n)s months shown.") % {
            "name": line.name, "last": last, "month": steps[-1], "n": len(steps),
        }  # fmt: skip
        return Series("scale", title, steps, panels, summary, _("Month"))


def _tenths(value: float | None) -> float | None:
    """As it is labelled, and without the sign of a zero."""
    return None if value is None else round(value, 1) + 0.0


def _parts() -> tuple[str, ...]:
    """Where the spread of scores lies: between conversations, raters, raters over time, and the rest."""
    return _("Spread between conversations"), _("between raters"), _("raters over time"), _("unexplained")
