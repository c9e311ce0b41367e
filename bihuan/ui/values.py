"""Filters that print figures; registered with the `ui` tags, so they too need no load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bihuan.ui import formats
from bihuan.ui.figures import Number


def language() -> str:
    """`zh` or `en`, for the formats."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def number(value: Number | None, decimals: int | None = None) -> str:
    """`{{ 1284|number }}` → 1,284."""
    return formats.number(value, decimals)


def signed(value: Number | None, decimals: int | None = None) -> str:
    """`{{ change|signed:1 }}` → +8.2."""
    return formats.signed(value, decimals)


def percent(value: Number | None, decimals: int = 1) -> str:
    """`{{ 92.5|percent }}` → 92.5 %."""
    return formats.percent(value, decimals)


def share(value: Number | None, decimals: int = 1) -> str:
    """`{{ 0.925|share }}` → 92.5 %."""
    return formats.share(value, decimals)


def points(value: Number | None, decimals: int = 1) -> str:
    """`{{ change|points }}` → −1.1 点."""
    return formats.points(value, decimals, language())


def duration(us: int | None) -> str:
    """`{{ frt_us|duration }}` → 4 分 18 秒."""
    return formats.duration(us, language())


def moment(value: datetime | int | None) -> str:
    """`{{ opened_us|moment }}` → 2026-10-12 09:31, in the department's zone."""
    return formats.moment(value, timezone.get_current_timezone())


def time_of_day(value: datetime | int | None) -> str:
    """`{{ message.at_us|time_of_day }}` → 09:31:04."""
    return formats.time_of_day(value, timezone.get_current_timezone())


def day(value: date | None) -> str:
    """`{{ closed|day }}` → 2026-10-12."""
    return formats.day(value)


def size(count: int | None) -> str:
    """`{{ file.size|size }}` → 1.2 MB."""
    return formats.size(count)


def said(label: Mapping[str, str]) -> str:
    """`{{ edition_title|said }}`: a `{zh, en}` label in the reader's language; the other one where that is missing."""
    first, second = ("zh", "en") if language() == "zh" else ("en", "zh")
    return label.get(first) or label.get(second) or ""


def listed(names: Iterable[object]) -> str:
    """`{{ roles|listed }}`: 坐席、投诉专员, and in English Agent, Complaint specialist."""
    return ("、" if language() == "zh" else ", ").join(str(name) for name in names)


def value(amount: Number | None, unit: str = "", decimals: int | None = None, reason: str = "") -> SafeString:
    """`{% value figure.value "share" reason=figure.reason %}`: a figure with unit, or — with the reason beside it."""
    if amount is None:
        return missing(reason)
    text, unit_word = formats.amount(amount, unit, decimals, language())
    return format_html("{}", f"{text} {unit_word}".strip())


def missing(reason: str = "") -> SafeString:
    """`{% missing _("No survey answers") %}`: the dash that is never a 0, and why."""
    if not reason:
        return format_html('<span class="muted">{}</span>', formats.MISSING)
    hidden = '<span class="muted" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>'
    return format_html(hidden, reason, formats.MISSING, reason)


FILTERS = (number, signed, percent, share, points, duration, moment, time_of_day, day, size, said, listed)


def register_in(library: Library) -> None:
    """Adds every filter, `value` and `missing` to a tag library."""
    for filter_function in FILTERS:
        library.filter(filter_function.__name__, filter_function)
    library.simple_tag(value)
    library.simple_tag(missing)
