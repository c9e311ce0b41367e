"""The columns of item statistics: one line per check, each figure with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.inspection.rules.estimate import NO_VARIATION, TOO_FEW, UNSTABLE, Estimate
from bihuan.inspection.rules.items import FEW_ITEMS, NOT_SCORED, NOT_TOGETHER, ItemStatistic
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED
from bihuan.ui import formats, values
from bihuan.ui.figures import Whisker
from bihuan.ui.tables import Column

PERCENT: Final = 100
REASONS: Final[Mapping[str, Any]] = {
    TOO_FEW: gettext_lazy("rests on too few conversations"),
    NO_VARIATION: gettext_lazy("the answers do not vary"),
    UNSTABLE: gettext_lazy("the answers do not fit together"),
    NOT_TOGETHER: gettext_lazy("hardly ever judged beside the other items"),
    NOT_SCORED: gettext_lazy("takes no part in the scorecard"),
    FEW_ITEMS: gettext_lazy("needs two items that were judged together"),
}


class Linked(int):
    """A count with the address of what it counts; empty where there is nothing, or nothing one may open."""

    url: str

    @classmethod
    def to(cls, count: int, url: str) -> Linked:
        made = cls(count)
        made.url = url if count else ""
        return made


@dataclass(frozen=True)
class Line:
    """One check: its figures, and its verdicts counted with the way to the conversations."""

    statistic: ItemStatistic
    name: str
    source: str
    scored: bool
    effect: str  # what a check outside the points does instead, in a word
    address: str
    counts: Mapping[str, Linked]
    scales: tuple[tuple[float, float], tuple[float, float]]
    twins: tuple[str, ...]
    standing: str = ""
    trust: str = ""  # the address of how far it is trusted

    @property
    def judged(self) -> int:
        return self.statistic.share_met.n

    @property
    def share(self) -> float | None:
        return percent(self.statistic.share_met.value)

    @property
    def share_whisker(self) -> Whisker | None:
        figure = self.statistic.share_met
        return _whisker(percent(figure.value), percent(figure.low), percent(figure.high), self.scales[0], 1)

    @property
    def discrimination(self) -> float | None:
        return self.statistic.discrimination.value

    @property
    def discrimination_whisker(self) -> Whisker | None:
        figure = self.statistic.discrimination
        return _whisker(figure.value, figure.low, figure.high, self.scales[1], 2, target=0)

    @property
    def without(self) -> float | None:
        return self.statistic.reliability_without.value

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Tags with their tones. Who counts for no points is expected to be met: nothing stands out there but that."""
        if not self.scored:
            return [(self.effect, "")]
        told = []
        if self.statistic.always:
            always = _("Nearly always met") if self.statistic.always == MET else _("Hardly ever met")
            told.append((always, "warn"))
        if self.statistic.is_negative:
            told.append((_("Negative"), "bad"))
        if self.twins:
            told.append((_("Doubles another"), "warn"))
        return told


def _reason(of: str) -> Any:
    return lambda line: reason_said(getattr(line.statistic, of))


def _counted(name: str, verdict: str, label: Any) -> Column:
    def count(line: Line) -> Linked:
        return line.counts[verdict]

    return Column(name, label, "number", get=count, sortable=True, template="inspection/_items_count.html")


COLUMNS: Final = (
    Column("name", gettext_lazy("Check"), url=lambda line: line.address, sortable=True),
    Column("source", gettext_lazy("Source"), template="inspection/_items_source.html"),
    Column("standing", pgettext_lazy("of a check", "Standing"), url=lambda line: line.trust),
    Column("judged", gettext_lazy("Judged"), "number", sortable=True),
    Column("share", gettext_lazy("Met %"), "number", sortable=True, decimals=1, reason=_reason("share_met")),
    Column(
        "share_interval", gettext_lazy("Interval"), "whisker", get=lambda line: line.share_whisker,
        reason=_reason("share_met"), exported=False,
    ),
    _counted("violated", VIOLATED, gettext_lazy("Violated")),
    _counted("not_applicable", NOT_APPLICABLE, gettext_lazy("Not applicable")),
    _counted("unsure", CANNOT_TELL, gettext_lazy("Cannot tell")),
    Column(
        "discrimination", pgettext_lazy("of an item", "Discrimination"), "number", sortable=True, decimals=2,
        reason=_reason("discrimination"), misses=lambda line: line.scored and line.statistic.is_negative,
    ),
    Column(
        "discrimination_interval", gettext_lazy("Interval"), "whisker", get=lambda line: line.discrimination_whisker,
        reason=_reason("discrimination"), exported=False,
    ),
    Column(
        "without", gettext_lazy("α without it"), "number", sortable=True, decimals=2,
        reason=_reason("reliability_without"),
    ),
    Column("marks", gettext_lazy("Stands out"), template="inspection/_items_marks.html", reason=lambda line: "", exported=False),
)  # fmt: skip
_OF_CHECKS: Final = ("standing",)
PEOPLE: Final = tuple(
    replace(column, label=gettext_lazy("Item") if column.name == "name" else column.label, sortable=False)
    for column in COLUMNS
    if column.name not in _OF_CHECKS
)
PAIRS: Final = (
    Column("first", gettext_lazy("Check")),
    Column("second", gettext_lazy("Says nearly the same")),
    Column("phi", gettext_lazy("Correlation φ"), "number", decimals=2, get=lambda pair: pair.phi.value),
    Column("n", gettext_lazy("Judged together"), "number", get=lambda pair: pair.phi.n),
)


@dataclass(frozen=True)
class Pair:
    """A redundant pair by the names of its checks."""

    first: str
    second: str
    phi: Estimate


def reason_said(figure: Estimate) -> str:
    """Why a figure is missing, with what it would have rested on."""
    if not figure.reason:
        return ""
    words = str(REASONS[figure.reason])
    return f"{words} (n = {values.number(figure.n)})" if figure.n else words


def interval_said(figure: Estimate) -> str:
    """Both bounds; three dots between them where a dash would stand beside a minus."""
    if figure.low is None:
        return ""
    if figure.low >= 0:
        return formats.interval(figure.low, figure.high, 2)
    return f"{formats.number(figure.low, 2)} … {formats.number(figure.high, 2)}"


def percent(share: float | None) -> float | None:
    return None if share is None else share * PERCENT


def ends(figure: Estimate) -> list[float | None]:
    return [figure.value, figure.low, figure.high]


def scale(ends: Sequence[float | None]) -> tuple[float, float]:
    """One scale for a column, from its lowest to its highest bound."""
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


def _whisker(
    value: float | None, low: float | None, high: float | None, scale: tuple[float, float], decimals: int,
    target: float | None = None,
) -> Whisker | None:  # fmt: skip
    if value is None:
        return None
    return Whisker(value, low, high, *scale, target=target, decimals=decimals)
