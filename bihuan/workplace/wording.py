"""How metrics, figures and the record's codes read on pages: one place, both languages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.metrics.buckets import CLOCK_STEPS
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.metrics.kinds import Metric
from bihuan.metrics.reasons import REASONS
from bihuan.ui import formats
from bihuan.ui.values import language
from bihuan.workplace.contacts import wording as contact_wording
from bihuan.workplace.figures.goals import Goal

CHANNELS: Final[Mapping[str, Any]] = {
    "phone": _("Phone call"),
    "chat": _("Web chat"),
    "email": _("E-mail"),
    "social": _("Social media"),
}
DIMENSIONS: Final[Mapping[str, Any]] = {
    "agent": _("Agent"),
    "team": _("Team"),
    "channel": _("Channel"),
    "queue": _("Queue"),
    "business_line": _("Business line"),
    "category": _("Category"),
    "level": _("Level"),
    "post": _("Post"),
    "agent_class": _("Agent class"),
    "item": _("Check"),
    "half_hour": _("Half-hour"),
    "hour": _("Hour"),
    "day": _("Day"),
    "week": _("Week"),
    "month": _("Month"),
    "quarter": _("Quarter"),
}
CLASSES: Final[Mapping[str, Any]] = {"new": _("New agent"), "mature": _("Mature agent")}
POSTS: Final[Mapping[str, Any]] = {
    "representative": _("Front-line representative"),
    "technical_support": _("Technical support"),
    "complaint_specialist": _("Complaint specialist"),
    "supervisor": _("Supervisor"),
    "manager": _("Manager"),
    "inspector": _("Inspector"),
    "trainer": _("Trainer"),
}
_KEYS: Final[Mapping[str, Mapping[str, Any]]] = {"channel": CHANNELS, "agent_class": CLASSES, "post": POSTS}
_UNITS: Final[Mapping[str, Any]] = {
    "share": "%",
    "seconds": _("s"),
    "contacts": _("contacts"),
    "count": _("times"),
    "points": _("points"),
    "nps": "",
    "rings": _("rings"),
}
_FORMATS: Final[Mapping[str, str]] = {"contacts": "count", "count": "times"}
NOBODY: Final = gettext_lazy("not told")


def metric_label(metric: Metric | str) -> str:
    """The catalogue's name in the page's language."""
    declared = CATALOG[metric] if isinstance(metric, str) else metric
    return declared.zh if language() == "zh" else declared.en


def population_label(metric: Metric) -> str:
    """Which rows are counted."""
    return metric.people_zh if language() == "zh" else metric.people_en


def unit_of(metric: Metric | str) -> str:
    """The unit as it stands in heads: %, s, contacts."""
    declared = CATALOG[metric] if isinstance(metric, str) else metric
    return str(_UNITS[declared.unit])


def reason_text(code: str | None) -> str:
    """Why a figure is missing, as a sentence; nothing for no reason."""
    if code is None or code not in REASONS:
        return code or ""
    return REASONS[code][0 if language() == "zh" else 1]


def key_text(dimension: str, key: str | None, names: Mapping[str, str] | None = None) -> str:
    """A group's key in words; `names` are those of people, teams or checks."""
    if key is None:
        return str(NOBODY)
    if dimension in CLOCK_STEPS:
        return key[5:16].replace("T", " ")
    if dimension == "category":
        return category_text(key)
    word = (names or {}).get(key) or _KEYS.get(dimension, {}).get(key)
    return str(word) if word else key


def category_text(key: str | None) -> str:
    """A category in words; one no list knows (an imported one) stands as it is."""
    return contact_wording.said(contact_wording.CATEGORIES, key)


def scaled(metric: Metric | str, value: Decimal | None) -> Decimal | None:
    """A value as it is printed and drawn: shares in hundredths, everything else as it is."""
    declared = CATALOG[metric] if isinstance(metric, str) else metric
    if value is None:
        return None
    return value * 100 if declared.unit == "share" else value


def decimals_shown(metric: Metric | str, decimals: Mapping[str, int]) -> int:
    """Decimals of `scaled` values."""
    declared = CATALOG[metric] if isinstance(metric, str) else metric
    return max(decimals.get(declared.unit, 0) - (2 if declared.unit == "share" else 0), 0)


def amount(metric: Metric | str, value: Decimal | None, decimals: Mapping[str, int]) -> tuple[str, str]:
    """(number, unit) in print: ("92.5", "%"), ("4 分 18 秒", ""), ("1,284", "件")."""
    declared = CATALOG[metric] if isinstance(metric, str) else metric
    unit = _FORMATS.get(declared.unit, declared.unit)
    if unit in {"points", "nps", "rings"}:
        return formats.number(value, decimals_shown(declared, decimals)), ""
    places = None if unit == "seconds" else decimals_shown(declared, decimals)
    return formats.amount(value, unit, places, language())


def said(metric: Metric | str, value: Decimal | None, decimals: Mapping[str, int]) -> str:
    """Number and unit together."""
    return " ".join(part for part in amount(metric, value, decimals) if part)


def interval_text(figure: Figure, decimals: Mapping[str, int]) -> str:
    """`90.2–93.3`; nothing where there is no interval."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = scaled(figure.metric, figure.low), scaled(figure.metric, figure.high)
    return formats.interval(low, high, decimals_shown(figure.metric, decimals))


def goal_text(metric: str, goal: Goal, decimals: Mapping[str, int]) -> str:
    """`target ≥ 90 %`; a whole limit stands without decimals."""
    limit = scaled(metric, goal.limit)
    assert limit is not None
    if CATALOG[metric].unit == "seconds":
        words = said(metric, goal.limit, decimals)
    else:
        words = f"{formats.number(limit.normalize() + 0)} {unit_of(metric) if CATALOG[metric].unit == 'share' else ''}".strip()
    return f"{gettext('target')} {'≤' if goal.at_most else '≥'} {words}"


def change_text(metric: str, now: Decimal, before: Decimal, decimals: Mapping[str, int]) -> str:
    """`+1.4 点`, `+8.2 %` for counts, `−3 秒` for durations: how far a figure moved."""
    unit = CATALOG[metric].unit
    if unit in {"contacts", "count"}:
        return formats.percent((now - before) * 100 / before, 1) if before else ""
    if unit == "seconds":
        moved = formats.duration(int((now - before) * 1_000_000), language())
        return f"+{moved}" if now > before else moved
    difference = (scaled(metric, now) or Decimal(0)) - (scaled(metric, before) or Decimal(0))
    return formats.points(difference, decimals_shown(metric, decimals), language())
