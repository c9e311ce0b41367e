"""Figures of people: of the members of a team, of one agent, with trends, targets and the team beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.metrics.figures import Figure, FigureTable
from bihuan.ui.figures import FigureCard
from bihuan.workplace import wording
from bihuan.workplace.cards import figure_card
from bihuan.workplace.goals import Goal, goal_of
from bihuan.workplace.periods import Spans, within
from bihuan.workplace.reading import View
from bihuan.workplace.regrouping import Group, Key, nothing, regrouped

PERSONAL: Final = (
    "served_contacts", "agent_frt_within", "first_contact_resolution", "csat_top2", "complaint_rate", "check_met_share",
)  # fmt: skip
"""What people are judged on: queues and the wait before assignment are a team's (X2)."""


def goals_of(view: View) -> dict[str, Goal | None]:
    """The goals of the personal figures under the page's filters."""
    return {name: goal_of(view.edition, name, view.filters.where) for name in PERSONAL}


@dataclass(frozen=True)
class Members:
    """Figures of everybody who served within the page's filters, by staff number."""

    view: View
    spans: Spans

    @cached_property
    def _table(self) -> FigureTable:
        return self.view.figures(PERSONAL, by=("agent", "day"), filters=self.spans.whole)

    @cached_property
    def groups(self) -> dict[str, Group]:
        told = regrouped(self._table, lambda keys: (keys["agent"],) if within(self.spans.now, keys["day"]) else None)
        return {key[0]: group for key, group in told.items() if key[0] is not None}

    @cached_property
    def _days(self) -> dict[Key, Group]:
        return regrouped(
            self._table, lambda keys: (keys["agent"], keys["day"]) if within(self.spans.trend, keys["day"]) else None
        )

    def trend(self, number: str, metric: str) -> list[Decimal | None]:
        """Printed values of each day of the trend."""
        keys = [(number, day) for day in self.spans.trend_days]
        return [wording.scaled(metric, self._days[key][metric].value) if key in self._days else None for key in keys]

    @cached_property
    def none(self) -> Group:
        """Figures of somebody who served nobody."""
        return nothing(self._table)


@dataclass(frozen=True)
class Agent:
    """One agent's figures; `team` is the key of the team compared with, empty where it may not be seen."""

    view: View
    spans: Spans
    number: str
    team: str = ""

    @cached_property
    def _table(self) -> FigureTable:
        return self.view.figures(PERSONAL, by=("day",), filters=self.spans.whole, agent=self.number)

    def _over(self, span: str) -> Group | None:
        days = getattr(self.spans, span)
        return regrouped(self._table, lambda keys: () if within(days, keys["day"]) else None).get(())

    @cached_property
    def now(self) -> Group:
        return self._over("now") or nothing(self._table)

    @cached_property
    def has_served(self) -> bool:
        return bool(self.now["served_contacts"].numerator)

    @cached_property
    def _days(self) -> dict[Key, Group]:
        return regrouped(self._table, lambda keys: (keys["day"],) if within(self.spans.trend, keys["day"]) else None)

    @cached_property
    def team_now(self) -> Mapping[str, Figure]:
        """The team's figures of the same days, its own and not a mean of its members'."""
        if not self.team:
            return {}
        return self.view.figures(PERSONAL, filters=self.spans.now, team=self.team).totals

    @cached_property
    def goals(self) -> dict[str, Goal | None]:
        return goals_of(self.view)

    @cached_property
    def cards(self) -> list[FigureCard]:
        before = self._over("before") if self.spans.before else None
        return [
            figure_card(
                self.now[name], before[name] if before else None, self.goals[name], trend=self.trend(name),
                url=self.metric_url(name), decimals=self.view.params.decimals,
            )
            for name in PERSONAL
        ]  # fmt: skip

    def trend(self, metric: str) -> list[Decimal | None]:
        keys = [(day,) for day in self.spans.trend_days]
        return [wording.scaled(metric, self._days[key][metric].value) if key in self._days else None for key in keys]

    @property
    def beside(self) -> list[tuple[str, str, str]]:
        """(name, own, team) of every share, in print."""
        if not self.team_now:
            return []
        decimals = self.view.params.decimals
        said = lambda figure: wording.said(figure.metric, figure.value, decimals)  # noqa: E731 - used twice below
        names = [name for name in PERSONAL if name != "served_contacts"]
        return [(wording.short_label(name), said(self.now[name]), said(self.team_now[name])) for name in names]

    def metric_url(self, metric: str) -> str:
        return f"{reverse('workplace:metric', args=[metric])}?{self.spans.now.query(agent=self.number)}"


def certainty_note() -> str:
    """What the marks of the tables mean."""
    return _("× misses the target for certain. A hollow dot: the interval includes the target.")
