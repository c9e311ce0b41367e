"""Figures of calibration in words: an estimate with its interval and n, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.wording import said
from bihuan.ui import formats, values
from bihuan.ui.figures import Number

Kind = Literal["share", "coefficient", "points"]
DASH_ROOM: Final = " … "  # where a dash would stand beside a minus

WHY: Final[Mapping[str, str]] = {
    "one_rater": _("Only one rater has answers here."),
    "no_overlap": _("No conversation was answered by two of them."),
    "no_variation": _("All answers are the same: agreement beyond chance cannot be told."),
    "too_few": _("Too few for a figure."),
    "unstable": _("Too few differing answers for an interval."),
    "not_now": _("No figure for it today."),
    "not_linked": _("No conversation in common with most of the raters."),
}
NOT_ADJUSTED: Final[Mapping[str, str]] = {
    "no_score": _("No score, nothing to adjust."),
    "fatal": _("A fatal finding is zero on every scale."),
    "of_group": _("A group's decision is on nobody's own scale."),
    "unknown_scale": _("The rater's scale is not known yet: too few conversations rated in common."),
}
STATES: Final[Mapping[str, str]] = {
    "open": _("Being rated"),
    "late": _("Overdue"),
    "closed": _("Session closed"),
}
TONES: Final[Mapping[str, str]] = {"open": "accent", "late": "warn", "closed": ""}
ALARMS: Final[Mapping[str, str]] = {"severity": _("Severity beyond the limit"), "drift": _("Drift beyond the limit")}
FLOORS: Final[Mapping[str, str]] = {"kappa": "κ", "alpha": "α", "ac": "AC1"}


@dataclass(frozen=True)
class Told:
    """An estimate ready for a page; `text` is empty where there is no figure, and `why` says why not."""

    estimate: Estimate
    kind: Kind = "coefficient"

    @property
    def text(self) -> str:
        return _figure(self.estimate.value, self.kind) if self.estimate.value is not None else ""

    @property
    def interval(self) -> str:
        low, high = self.estimate.low, self.estimate.high
        if low is None or high is None:
            return ""
        if self.kind == "share":
            return formats.interval(low * 100, high * 100, 0) + " %"
        return f"{_figure(low, self.kind)}{DASH_ROOM}{_figure(high, self.kind)}"

    @property
    def why(self) -> str:
        """Why there is no figure, or no interval."""
        return said(WHY, self.estimate.reason)

    @property
    def n(self) -> int:
        return self.estimate.n

    @property
    def note(self) -> str:
        """Interval and n in one line, or the reason."""
        if self.estimate.value is None:
            return self.why
        return f"{self.interval or self.why} · n {values.number(self.n)}"

    def __str__(self) -> str:
        """Plain text, for downloads and readers."""
        return f"{self.text} ({self.note})" if self.text else self.why


def lean(bias: Estimate) -> str:
    """Which way a rater leans, in a word; nothing where the interval holds zero."""
    if bias.low is None or bias.high is None:
        return ""
    if bias.high < 0:
        return gettext("stricter")
    return gettext("more lenient") if bias.low > 0 else ""


def _figure(value: Number, kind: Kind) -> str:
    if kind == "share":
        return values.percent(float(value) * 100, 1)
    return values.signed(value, 1) if kind == "points" else values.number(value, 2)
