"""Figures as cards: value, unit, n, target and whether met, change against the span compared with, trend, interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.ui import formats
from bihuan.ui.figures import FigureCard, Target, Whisker
from bihuan.workplace import wording
from bihuan.workplace.figures.goals import Goal, judged

_TONES: Final = {True: "met", False: "bad"}


def figure_card(
    now: Figure, before: Figure | None, goal: Goal | None, *, trend: Sequence[Decimal | None], url: str,
    decimals: Mapping[str, int], note: str = "",
) -> FigureCard:  # fmt: skip
    """The card of one figure; `trend` holds printed values (shares in hundredths), gaps as None."""
    value, unit = wording.amount(now.metric, now.value, decimals)
    change, up, tone = _change(now, before, decimals)
    return FigureCard(
        name=wording.metric_label(now.metric),
        value=value,
        unit=unit,
        n=_n(now),
        url=url,
        change=change,
        change_up=up,
        change_tone=tone,
        target=target_of(now, goal, decimals),
        trend=trend,
        goal=None if goal is None else wording.scaled(now.metric, goal.limit),
        interval=wording.interval_text(now, decimals),
        note=note,
        reason=wording.reason_text(now.reason),
        provisional=now.provisional,
    )


def target_of(figure: Figure, goal: Goal | None, decimals: Mapping[str, int]) -> Target | None:
    """Whether the target is met; None without target or value."""
    met, sure = judged(figure, goal)
    return None if met is None or goal is None else Target(wording.goal_text(figure.metric, goal, decimals), met, sure)


def whisker_of(
    figure: Figure, goal: Goal | None, scale: tuple[Decimal, Decimal], decimals: Mapping[str, int]
) -> Whisker | None:
    """The interval on its column's scale, all in printed values."""
    if figure.value is None:
        return None
    _met, sure = judged(figure, goal)
    return Whisker(
        wording.scaled(figure.metric, figure.value),
        wording.scaled(figure.metric, figure.low),
        wording.scaled(figure.metric, figure.high),
        *scale,
        target=None if goal is None else wording.scaled(figure.metric, goal.limit),
        unsure=not sure,
        decimals=wording.decimals_shown(figure.metric, decimals),
    )


def scale_of(figures: Sequence[Figure], goal: Goal | None) -> tuple[Decimal, Decimal]:
    """One scale for a column: from the lowest to the highest bound, with the target inside."""
    ends = [
        end for one in figures if one.value is not None for end in (one.low, one.high, one.value) if end is not None
    ]
    if goal is not None:
        ends.append(goal.limit)
    if not ends or not figures:
        return Decimal(0), Decimal(1)
    metric = figures[0].metric
    low, high = wording.scaled(metric, min(ends)), wording.scaled(metric, max(ends))
    assert low is not None
    assert high is not None
    return low, high if high > low else low + 1


def _n(figure: Figure) -> str:
    if CATALOG[figure.metric].kind.word == "simple":
        return _("of %(n)s") % {"n": formats.number(figure.n)} if figure.value != figure.n else ""
    return f"n {formats.number(figure.n)}"


def _change(now: Figure, before: Figure | None, decimals: Mapping[str, int]) -> tuple[str, bool | None, str]:
    if before is None or before.value is None or now.value is None:
        return "", None, ""
    text = wording.change_text(now.metric, now.value, before.value, decimals)
    if now.value == before.value:
        return text, None, ""
    up = now.value > before.value
    better = CATALOG[now.metric].better
    return (
        text if text.startswith(("+", formats.MINUS)) else f"+{text}",
        up,
        "" if better == "none" else _TONES[up == (better == "up")],
    )
