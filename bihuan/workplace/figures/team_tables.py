"""The table of teams: figures, trends on one scale a column, intervals, misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.metrics.figures import Figure
from bihuan.ui.figures import Sparkline
from bihuan.ui.tables import Column
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import scale_of, whisker_of
from bihuan.workplace.figures.goals import Goal, surely_missed
from bihuan.workplace.figures.overview import Overview
from bihuan.workplace.figures.regrouping import Group

_SPARK = (88, 24)


@dataclass(frozen=True)
class TeamRow:
    """One team of the table."""

    key: str
    name: str
    url: str
    group: Group
    place: int


def team_rows(overview: Overview) -> list[TeamRow]:
    """Teams that served in the period, in the order of their names, and last what no team served: with it the rows add up
    to the department."""
    order = {key: at for at, key in enumerate(overview.teams)}
    keys = sorted(overview.team_groups, key=lambda key: (order.get(key, len(order)), key))
    served = [
        TeamRow(
            key,
            overview.teams.get(key, key),
            f"{reverse('workplace:team', args=[key])}?{overview.spans.now.query(team=None)}"
            if key in overview.teams
            else "",
            overview.team_groups[key],
            place,
        )
        for place, key in enumerate(keys)
    ]
    rest = overview.of_no_team
    return served if rest is None else [*served, TeamRow("", _("Not taken by any team"), "", rest, len(served))]


def team_columns(overview: Overview) -> tuple[Column, ...]:
    """The declared columns; trends share one scale a column so that teams compare."""
    spark, value = _spark_column, _value_column
    return (
        Column("name", _("Team"), url=lambda row: row.url, sortable=True, order=lambda row: row.place),
        value(overview, "effective_contacts"),
        value(overview, "customer_frt_within"),
        spark(overview, "customer_frt_within"),
        value(overview, "first_contact_resolution"),
        spark(overview, "first_contact_resolution"),
        value(overview, "csat_top2"),
        _whisker_column(overview, "csat_top2"),
        Column("n", _("n of ratings"), "number", get=lambda row: row.group["csat_top2"].n, sortable=True),
        value(overview, "complaint_rate"),
    )


def figure_column(
    name: str, figure: Callable[[Any], Figure | None], goal: Goal | None, decimals: Mapping[str, int], label: str = ""
) -> Column:
    """A column of one metric's values with its unit in the head; certain misses are marked."""
    unit = wording.unit_of(name)
    head = f"{label or wording.metric_label(name)} {unit if unit == '%' else ''}".strip()
    seconds = wording.CATALOG[name].unit == "seconds"

    def value(row: Any) -> Any:
        found = figure(row)
        if found is None or found.value is None:
            return None
        return int(found.value * 1_000_000) if seconds else wording.scaled(name, found.value)

    return Column(
        name, head, "duration" if seconds else "number", get=value, sortable=True,
        decimals=None if seconds else wording.decimals_shown(name, decimals),
        misses=lambda row: surely_missed(figure(row), goal),
        reason=lambda row: missing_reason(figure(row)),
        hint=wording.goal_text(name, goal, decimals) if goal else "",
    )  # fmt: skip


def missing_reason(figure: Figure | None) -> str:
    """Why a figure has no value."""
    return wording.reason_text(figure.reason if figure else "no_contacts")


def _value_column(overview: Overview, name: str) -> Column:
    return figure_column(name, lambda row: row.group[name], overview.goal(name), overview.decimals)


def _target_head(overview: Overview, name: str) -> str:
    goal = overview.goal(name)
    return _("Trend") if goal is None else wording.goal_text(name, goal, overview.decimals).partition(" ")[2]


def _spark_column(overview: Overview, name: str) -> Column:
    goal = overview.goal(name)
    limit = None if goal is None else wording.scaled(name, goal.limit)
    trends = {row.key: overview.trend(name, row.key) for row in team_rows(overview)}
    known = [value for trend in trends.values() for value in (*trend, limit) if value is not None]
    scale = (min(known), max(known)) if known else None

    def draw(row: TeamRow) -> Sparkline | None:
        told = any(value is not None for value in trends.get(row.key, ()))
        return Sparkline(trends[row.key], limit, *_SPARK, scale) if told else None

    return Column(
        f"{name}_trend", _target_head(overview, name), "spark", get=draw, exported=False, sortable=True,
        reason=lambda row: missing_reason(row.group[name]),
        order=lambda row: change_over(trends[row.key]), hint=_("Trend by day; sorts by last less first day"),
    )  # fmt: skip


def change_over(trend: Sequence[Any]) -> Any:
    """Last less first known value of a trend; None below two."""
    known = [value for value in trend if value is not None]
    return known[-1] - known[0] if len(known) > 1 else None


def low_end(figure: Figure | None) -> Any:
    """The low end of a figure's interval; None where it has none."""
    return figure.low if figure else None


def _whisker_column(overview: Overview, name: str) -> Column:
    goal = overview.goal(name)
    scale = scale_of([group[name] for group in overview.team_groups.values()], goal)
    low, high = (f"{end:.0f}" for end in scale)
    head = _("Interval %(low)s–%(high)s") % {"low": low, "high": high}
    draw = lambda row: whisker_of(row.group[name], goal, scale, overview.decimals)  # noqa: E731 - a getter of a declaration
    return Column(
        f"{name}_interval", head, "whisker", get=draw, sortable=True,
        order=lambda row: low_end(row.group[name]), hint=_("Sorts by the low end of the interval"),
    )  # fmt: skip
