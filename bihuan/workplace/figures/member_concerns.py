"""Whom a supervisor should talk to first: members of the team who miss a target, and chance does not explain it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse

from bihuan.metrics.figures import Figure
from bihuan.workplace import wording
from bihuan.workplace.figures.goals import Goal, judged, surely_missed
from bihuan.workplace.figures.overview import Concern
from bihuan.workplace.figures.people_figures import Members, goals_of


def concerns_of_members(members: Members, names: Mapping[str, str]) -> list[Concern]:
    """Certain misses, the furthest from its target first; each leads to the figure of that person."""
    goals = goals_of(members.view)
    found = [
        (_distance(group[name], goal), _concern(members, number, names.get(number, number), group[name], goal))
        for number, group in members.groups.items()
        for name, goal in goals.items()
        if goal is not None and surely_missed(group[name], goal)
    ]
    return [concern for _far, concern in sorted(found, key=lambda one: (-one[0], one[1].team, one[1].metric))]


def undecided_of_members(members: Members) -> int:
    """How many figures of members miss their target within their interval."""
    goals = goals_of(members.view)
    return sum(
        judged(group[name], goal) == (False, False) for group in members.groups.values() for name, goal in goals.items()
    )


def _distance(figure: Figure, goal: Goal) -> Decimal:
    assert figure.value is not None
    return abs(figure.value - goal.limit) / goal.limit if goal.limit else Decimal(0)


def _concern(members: Members, number: str, name: str, figure: Figure, goal: Goal) -> Concern:
    decimals = members.view.params.decimals
    return Concern(
        team=name,
        figure=figure,
        metric=wording.metric_label(figure.metric),
        value=wording.said(figure.metric, figure.value, decimals),
        target=wording.goal_text(figure.metric, goal, decimals),
        interval=wording.interval_text(figure, decimals),
        url=f"{reverse('workplace:metric', args=[figure.metric])}?{members.spans.now.query(agent=number)}",
    )
