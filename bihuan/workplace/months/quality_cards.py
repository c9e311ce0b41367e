"""A month's quality as three figures apart: what people's sample says, what the machine says, and both combined (X12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.appraisal.models import Result, ResultSet
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats
from bihuan.ui.figures import Whisker
from bihuan.ui.tables import Column, Table
from bihuan.ui.values import language

REASONS: Final[Mapping[str, Any]] = {
    "too_few": gettext_lazy("too few human scores"),
    "no_variation": gettext_lazy("the human scores do not vary, so no interval can be given"),
    "no_machine_scores": gettext_lazy("the machine scored nothing"),
}
NAMES: Final[Mapping[str, Any]] = {
    "human": gettext_lazy("People alone"),
    "machine": gettext_lazy("Machine alone"),
    "combined": gettext_lazy("Both combined"),
}
FULL: Final = 100


@dataclass(frozen=True)
class Estimate:
    """One of the three figures as it was kept."""

    name: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    n: int
    reason: str

    @property
    def label(self) -> str:
        return str(NAMES[self.name])

    @property
    def words(self) -> str:
        """Why there is no figure or no interval, else what it rests on."""
        if self.reason:
            return str(REASONS.get(self.reason, self.reason))
        if self.name == "machine":
            return _("every contact, so no chance of drawing; what it is off by stands below")
        return formats.interval(self.low, self.high, 1) if self.low is not None else ""

    @property
    def whisker(self) -> Whisker | None:
        return None if self.value is None else Whisker(self.value, self.low, self.high, 0, FULL, decimals=1)


@dataclass(frozen=True)
class Quality:
    """The three figures of one result, and what people find the machine to be off by."""

    figures: tuple[Estimate, ...]
    bias: Estimate
    power: Decimal | None
    days: tuple[int, int]

    @property
    def correction(self) -> Decimal | None:
        """Points by which both combined lie above the machine alone."""
        by_name = {one.name: one.value for one in self.figures}
        combined, machine = by_name["combined"], by_name["machine"]
        return None if combined is None or machine is None else combined - machine

    @property
    def sentence(self) -> str:
        """What the machine is off by, and on how many days that rests, in words."""
        drawn, held = self.days
        words = _("Samples were drawn on %(drawn)s of %(held)s days; all three figures are about these.")
        return f"{self._off} {words % {'drawn': drawn, 'held': held}}" if drawn else self._off

    @property
    def _off(self) -> str:
        if self.correction is None or self.bias.value is None:
            return _("With more human scores the machine's mean can be corrected by what people find it to be off by.")
        given = {
            "bias": formats.signed(self.bias.value, 1), "n": self.bias.n, "correction": formats.signed(self.correction, 1),
            "power": formats.number(self.power, 2),
        }  # fmt: skip
        words = _(
            "On the %(n)s contacts both scored, the machine lies %(bias)s points from people. The combined figure lies"
            " %(correction)s points from the machine's mean (power λ = %(power)s)."
        )
        return words % given


def quality_of(result: Result) -> Quality | None:
    """None where the result was kept before the three figures were."""
    kept = result.quality
    if not kept:
        return None
    drawn, held = kept.get("days", (0, 0))  # not told before appraisal 4
    figures = tuple(_estimate(name, kept[name]) for name in NAMES)
    return Quality(figures, _estimate("bias", kept["bias"]), _points(kept["power"]), (drawn, held))


def _estimate(name: str, kept: Mapping[str, Any]) -> Estimate:
    value, low, high = (_points(kept[end]) for end in ("value", "low", "high"))
    return Estimate(name, value, low, high, kept["n"], kept["reason"])


def _points(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class Row:
    """One person of the month with the three figures."""

    result: Result
    quality: Quality

    def figure(self, name: str) -> Estimate:
        return next(one for one in self.quality.figures if one.name == name)


def _value(name: str) -> Any:
    return lambda row: row.figure(name).value


def _why(name: str) -> Any:
    return lambda row: row.figure(name).words


def _whisker(name: str) -> Any:
    return lambda row: row.figure(name).whisker


COLUMNS: Final = (
    Column("name", gettext_lazy("Name"), get=lambda row: row.result.name,
           url=lambda row: reverse("workplace:result", args=[row.result.pk])),
    Column("human", NAMES["human"], "number", get=_value("human"), decimals=1, reason=_why("human")),
    Column("human_interval", gettext_lazy("Interval"), "whisker", get=_whisker("human"), reason=_why("human"), exported=False),
    Column("n", gettext_lazy("Human scores"), "number", get=lambda row: row.figure("human").n),
    Column("machine", NAMES["machine"], "number", get=_value("machine"), decimals=1, reason=_why("machine")),
    Column("combined", NAMES["combined"], "number", get=_value("combined"), decimals=1, reason=_why("combined")),
    Column("combined_interval", gettext_lazy("Interval"), "whisker", get=_whisker("combined"), reason=_why("combined"), exported=False),
    Column("correction", gettext_lazy("Correction"), "signed", get=lambda row: row.quality.correction, decimals=1, reason=_why("combined")),
)  # fmt: skip


def quality_table(results: Iterable[Result]) -> Table | None:
    """Those of these results that people reviewed, most human scores first, as many as a page holds; None where none was."""
    found = [(result, quality_of(result)) for result in results if result.quality]
    rows = [Row(result, quality) for result, quality in found if quality is not None and quality.bias.n]
    ordered = sorted(rows, key=lambda row: (-row.figure("human").n, row.result.person))
    return Table(COLUMNS, ordered[:SHOWN]) if ordered else None


SHOWN: Final = 100


@dataclass(frozen=True)
class Provisional:
    """Why the results of a set are for information only; `checks` by name."""

    checks: Sequence[str]

    @property
    def listed(self) -> str:
        return _(", ").join(self.checks)


def provisional_of(kept: ResultSet, edition: Edition | None) -> Provisional | None:
    """None where every check that entered the scores counts."""
    if not kept.is_provisional:
        return None
    names = kept.provisional or []
    labels = {
        check: edition.checks[check].label.said(language()) for check in names if edition and check in edition.checks
    }
    return Provisional([labels.get(check) or check for check in names])
