"""Invented figures for the gallery: every component in every state it knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.kit.clock import MINUTE, SECOND
from bihuan.ui import charts, formats
from bihuan.ui.figures import (
    Choice,
    FigureCard,
    FilterBar,
    Part,
    Preset,
    Sparkline,
    Tab,
    Target,
    Timing,
    Whisker,
)
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table

TREND = (81.0, 82.5, 80.2, 84.1, 85.6, 83.3, 84.0, 87.2, 84.4, 86.9, 85.8, 86.2, 88.1, 91.9)
DIPPING = (86.2, 88.0, 85.1, 86.4, 86.1, 84.9, 85.0, None, 82.3, 82.5, 84.1, 82.6, 81.5, 83.6)
DAYS = tuple(f"10-{day:02d}" for day in range(1, 15))
HOURS = tuple(f"{hour:02d}:00" for hour in range(8, 20))

TEAMS = (
    {"team": "售前一组", "n": 402, "fcr": 87.9, "csat": (95.4, 91.0, 98.0), "frt": 14 * SECOND, "note": None},
    {
        "team": "售后一组",
        "n": 297,
        "fcr": 82.4,
        "csat": (91.9, 87.0, 95.1),
        "frt": 24 * SECOND,
        "note": "一次解决率低于目标",
    },
    {"team": "电话组", "n": 186, "fcr": 84.6, "csat": (93.4, 87.2, 97.0), "frt": None, "note": "接通率 88 %"},
    {"team": "投诉专席", "n": 60, "fcr": 71.2, "csat": (86.4, 70.1, 95.5), "frt": 258 * SECOND, "note": None},
)


def cards() -> list[FigureCard]:
    """Figures: met for sure, missed within the interval, without target, missing."""
    return [
        FigureCard(
            _("First response on target"),
            "91.9",
            "%",
            n="n 1,176",
            url="#figures",
            change="+1.4 点",
            change_up=True,
            change_tone="met",
            target=Target(_("target ≥ 90 %"), met=True),
            trend=TREND,
            goal=85,
            interval="90.2–93.3",
        ),
        FigureCard(
            _("First-contact resolution"),
            "83.6",
            "%",
            n="n 1,102",
            url="#figures",
            change="−1.1 点",
            change_up=False,
            change_tone="bad",
            target=Target(_("target ≥ 85 %"), met=False, sure=False),
            trend=DIPPING,
            goal=85,
            interval="81.3–85.6",
        ),
        FigureCard(_("Effective contacts"), "1,284", "件", n="n 1,391", change="+8.2 %", change_up=True, trend=TREND),
        FigureCard(_("Positive rate"), formats.MISSING, n="n 0", reason=_("No survey answers in this period")),
    ]


def teams_table(request: HttpRequest) -> Table:
    """A list with links, misses, an interval, a missing value with its reason, a cut line and a pager."""
    columns = (
        Column("team", _("Team"), url=lambda row: "#table", sortable=True),
        Column("n", _("Contacts"), "number", sortable=True),
        Column("fcr", _("First-contact resolution %"), "number", sortable=True, decimals=1, misses=_below_target),
        Column("csat", _("Positive rate · ≥ 90"), "whisker", get=_whisker),
        Column(
            "frt", _("First response"), "duration", sortable=True, reason=lambda row: _("Not measured on this channel")
        ),
        Column("note", _("Alarm"), template="ui/cells/alarm.html"),
    )
    sorting = Sorting.from_query(request.GET, columns, "-n")
    return Table(
        columns,
        sorting.apply(TEAMS, columns),
        sorting,
        request.GET,
        Page(2, 120, 50, request.GET),
        row_url=lambda row: "#table",
        cut_after=2,
        bracketed=lambda row: _whisker(row).unsure,
        cut_text=_("Top 10 % line: whoever's interval crosses it is marked as not separable"),
    )


def _below_target(row: dict[str, Any]) -> bool:
    return bool(row["fcr"] < 85)


def _whisker(row: dict[str, Any]) -> Whisker:
    value, low, high = row["csat"]
    return Whisker(value, low, high, 70, 100, target=90, unsure=low < 90 < high)


def drawn_charts() -> dict[str, Any]:
    """One chart of each form."""
    low = [value - 3 for value in TREND]
    high = [value + 2.5 for value in TREND]
    volume = charts.Series(
        "volume",
        _("Volume and first response"),
        HOURS,
        (
            charts.Panel(
                _("Effective contacts"), (31, 58, 88, 121, 133, 104, 62, 77, 108, 112, 74, 39), "bar", "件", decimals=0
            ),
            charts.Panel(
                _("Agent first response P90"),
                (14, 17, 22, 33, 37, 31, 19, 21, 29, 34, 26, 20),
                unit="秒",
                target=30,
                better="down",
                decimals=0,
                floor=0,
            ),
        ),
        _("Contacts per hour with the P90 of the first response; 11:00 to 13:00 and 17:00 exceed 30 s"),
        _("Hour"),
    )
    quality = charts.Series(
        "quality",
        _("Positive rate"),
        DAYS,
        (charts.Panel(_("Positive rate"), TREND, unit="%", low=low, high=high, target=85),),
        _("The positive rate rises over 14 days and stays above its target of 85 %"),
        _("Day"),
    )
    bins = tuple(charts.Bin(f"{10 * i}–{10 * i + 10}", n) for i, n in enumerate((84, 312, 288, 140, 66, 31, 12, 5)))
    spread = charts.Histogram(
        "spread",
        _("First response, distribution"),
        bins,
        _("Most first responses take 10 to 30 seconds"),
        "件",
        ((2, "P50"), (4, "P90")),
    )
    return {"volume": volume, "quality": quality, "spread": spread, "ranks": ranks(), "ladder": ladder()}


def ladder() -> charts.Ladder:
    """Totals with their intervals; two people stand too close to the cut."""
    totals = (
        ("王凯", 94.1),
        ("彭宇", 93.5),
        ("潘越", 91.6),
        ("侯斌", 90.9),
        ("苏敏", 90.8),
        ("高翔", 88.4),
        ("夏天", 87.2),
    )
    rungs = [
        charts.Rung(name, value, value - 1.4, value + 1.2, unsure=name in {"侯斌", "苏敏"}) for name, value in totals
    ]
    summary = _("Two people cannot be told apart from the cut of four")
    return charts.Ladder("ladder", _("Totals side by side"), rungs, summary, _("Total"), cut=4, cut_text=_("Cut"))


def ranks() -> charts.Slope:
    """Ranks under two editions."""
    names = (
        ("王凯", 1, 1),
        ("彭宇", 2, 2),
        ("潘越", 3, 4),
        ("侯斌", 4, 3),
        ("苏敏", 5, 6),
        ("高翔", 6, 5),
        ("夏天", 7, 8),
        ("程亮", 8, 7),
    )
    moves = tuple(
        charts.Move(name, a, b, f"{95 - a}.1", f"{95 - b}.3", lit=name in {"苏敏", "高翔"}) for name, a, b in names
    )
    return charts.Slope(
        "ranks", _("Who moves"), "2026.3", "2026.4", moves, _("Two people change places at the cut of five"), cut=5
    )


def _node(kind: str, zh: str, en: str, *children: dict[str, Any], **known: Any) -> dict[str, Any]:
    return {"kind": kind, "id": en, "label": {"zh": zh, "en": en}, "children": children, **known}


def tree() -> dict[str, Any]:
    """A score tree: fatal beside the un-failed score, an item that cannot be told, one that does not apply."""
    name = _node("verdict", "自报姓名或工号", "Names self", verdict="met", source="S0-3", contribution="6.67")
    asked = _node("verdict", "询问是否满意", "Asks", verdict="violated", source="S0-10", contribution="0")
    waits = {"verdict": "cannot_tell", "possible": 30, "reason": _("waits for a person")}
    scripts = {"source": "X18", "possible": 20, "earned": "13.33", "contribution": "14.81"}
    attitude = {"source": "S3-4", "weight": "55.56", "possible": 50, "earned": 50, "contribution": "55.56"}
    ability = {"source": "S3-5", "weight": "33.33", "possible": 30, "earned": "23.33", "contribution": "25.93"}
    fatal = {"source": "S4-4", "verdict": "violated", "contribution": "0"}
    items = (
        _node("item", "解答正确", "Correct answers", **waits),
        _node("item", "标准话术", "Standard scripts", name, asked, **scripts),
    )
    terms = (
        _node("fatal", "一票否决：泄露个人信息", "Fatal: personal data", **fatal),
        _node("dimension", "服务态度", "Attitude", **attitude),
        _node("dimension", "专业能力", "Ability", *items, **ability),
        _node("dimension", "客户满意", "Satisfaction", source="S3-7", verdict="not_applicable"),
    )
    return _node("total", "总分", "Total", *terms, weight=100, value="0.00", unfailed="87.59", contribution="0.00")


def filters() -> FilterBar:
    """Period presets and two picks."""
    presets = (
        Preset(_("Today"), "2026-10-12", "2026-10-12", current=True),
        Preset(_("7 days"), "2026-10-06", "2026-10-12"),
        Preset(_("This month"), "2026-10-01", "2026-10-31"),
    )
    everything = ("", _("All"))
    return FilterBar(
        presets,
        (
            Choice("team", _("Team"), (everything, ("1", "售前一组"), ("2", "售后一组"))),
            Choice("channel", _("Channel"), (everything, ("chat", "网页在线"), ("phone", "电话")), "chat"),
        ),
    )


def marks() -> dict[str, Any]:
    """States, targets, severities, clocks, timings, tabs, parts."""
    return {
        "verdicts": ("met", "violated", "not_applicable", "cannot_tell", "insufficient", "pending"),
        "targets": (
            Target(_("target ≥ 90 %"), met=True),
            Target(_("target ≥ 90 %"), met=True, sure=False),
            Target(_("target ≥ 85 %"), met=False),
            Target(_("target ≥ 85 %"), met=False, sure=False),
        ),
        "severities": ("urgent", "important", "general"),
        "clocks": ((391 * SECOND, 60 * SECOND), (48 * SECOND, 60 * SECOND), (-12 * SECOND, 0), (78 * MINUTE, 0)),
        "timings": (
            Timing(_("Queue"), "20 秒", Target(_("target ≤ 60 s"), met=True), _("team figure")),
            Timing(_("First response"), "24 秒", Target(_("target ≤ 30 s"), met=True)),
            Timing(_("Longest gap"), "4 分 18 秒", tone="warn", note="5–6"),
            Timing(_("Hand-over"), "1 小时 05 分", Target(_("target ≤ 1 h"), met=False)),
        ),
        "tabs": (Tab(_("Verdicts"), "#tabs", True, 19), Tab(_("Score"), "#tabs"), Tab(_("Record"), "#tabs")),
        "parts": (Part("日常行为", 20, 0.9), Part("客户评价", 50, 0.86), Part("质检", 30, 0.95)),
        "spark": Sparkline(DIPPING, 85, 88, 24),
        "trend": DIPPING,
        "whiskers": (
            Whisker(94.1, 92.0, 96.0, 84, 97, target=91),
            Whisker(90.9, 88.0, 93.2, 84, 97, target=91, unsure=True),
        ),
    }


def empty_table() -> Table:
    """A list without rows says what to do."""
    advice = _("Choose a longer period, or import records of that time.")
    return Table((Column("team", _("Team")),), (), empty_title=_("No contacts in this period"), empty_advice=advice)
