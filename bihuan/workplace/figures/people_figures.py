"""Figures of people: of the members of a team, of one agent, with trends, targets and the team beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.metrics.figures import Figure, FigureTable
from bihuan.ui.figures import FigureCard, Whisker
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import figure_card, scale_of, whisker_of
from bihuan.workplace.figures.goals import Goal, goal_of
from bihuan.workplace.figures.periods import Spans, within
from bihuan.workplace.figures.regrouping import Group, Key, Label, nothing, regrouped
from bihuan.workplace.filters import Filters
from bihuan.workplace.reading import View

OF_CONTACTS: Final = (
    "served_contacts", "agent_frt_within", "first_contact_resolution", "csat_top2", "complaint_rate",
)  # fmt: skip
OF_VERDICTS: Final = "check_met_share"
PERSONAL: Final = (*OF_CONTACTS, OF_VERDICTS)
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
        told = self.view.remembered(("members", *self.spans.key), self._of_now)
        return {key[0]: group for key, group in told.items() if key[0] is not None}

    def _of_now(self) -> dict[Key, Group]:
        return regrouped(self._table, lambda keys: (keys["agent"],) if within(self.spans.now, keys["day"]) else None)

    @cached_property
    def _days(self) -> dict[Key, Group]:
        return self.view.remembered(("member days", *self.spans.key), self._of_trend)

    def _of_trend(self) -> dict[Key, Group]:
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
    def _tables(self) -> tuple[FigureTable, FigureTable]:
        """Of the contacts by day, and of the verdicts by day and check, which serve the list of checks too."""
        whole = self.spans.whole
        return (
            self.view.figures(OF_CONTACTS, by=("day",), filters=whole, agent=self.number),
            self.view.figures((OF_VERDICTS,), by=("day", "item"), filters=whole, agent=self.number),
        )

    def _regrouped(self, label: Label) -> dict[Key, Group]:
        told: dict[Key, Group] = {}
        for table in self._tables:
            for key, group in regrouped(table, label).items():
                told[key] = {**told.get(key, self.none), **group}
        return told

    @cached_property
    def none(self) -> Group:
        """Figures of no contacts at all."""
        return {name: figure for table in self._tables for name, figure in nothing(table).items()}

    def _over(self, days: Filters | None) -> Group | None:
        return self._regrouped(lambda keys: () if within(days, keys["day"]) else None).get(())

    @cached_property
    def now(self) -> Group:
        return self._over(self.spans.now) or self.none

    @cached_property
    def checks(self) -> dict[str, Figure]:
        """The verdicts of each check over the page's period."""
        table = self._tables[1]
        told = regrouped(table, lambda keys: (keys["item"],) if within(self.spans.now, keys["day"]) else None)
        return {key[0] or "": group[OF_VERDICTS] for key, group in told.items()}

    @cached_property
    def has_served(self) -> bool:
        return bool(self.now["served_contacts"].numerator)

    @cached_property
    def _days(self) -> dict[Key, Group]:
        return self._regrouped(lambda keys: (keys["day"],) if within(self.spans.trend, keys["day"]) else None)

    @cached_property
    def _team_tables(self) -> tuple[FigureTable, FigureTable]:
        of_all = {name: value for name, value in self.spans.now.where.items() if name != "agent"}
        days = replace(self.spans.now, where=of_all)
        return (
            self.view.figures(OF_CONTACTS, filters=days, team=self.team),
            self.view.figures((OF_VERDICTS,), by=("item",), filters=days, team=self.team),
        )

    @cached_property
    def team_checks(self) -> dict[str, Figure]:
        """The team's verdicts of each check; nothing where the team may not be seen."""
        return {figure.keys["item"] or "": figure for figure in self._team_tables[1]} if self.team else {}

    @cached_property
    def team_now(self) -> Mapping[str, Figure]:
        """The team's figures of the same days, its own and not a mean of its members'."""
        if not self.team:
            return {}
        return {name: figure for table in self._team_tables for name, figure in table.totals.items()}

    @cached_property
    def goals(self) -> dict[str, Goal | None]:
        return goals_of(self.view)

    @cached_property
    def cards(self) -> list[FigureCard]:
        before = self._over(self.spans.before) if self.spans.before else None
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
    def beside(self) -> list[tuple[str, str, Whisker | None, str]]:
        """(name, own, own interval with the team's value as its tick, team) of every share, in print."""
        if not self.team_now:
            return []
        decimals = self.view.params.decimals
        said = lambda figure: wording.said(figure.metric, figure.value, decimals)  # noqa: E731 - used twice below
        names = [name for name in PERSONAL if name != "served_contacts"]
        return [
            (wording.metric_label(name), said(self.now[name]), self._against_team(name), said(self.team_now[name]))
            for name in names
        ]

    def _against_team(self, name: str) -> Whisker | None:
        """Each line has a scale of its own: from the lowest to the highest of what stands in it."""
        own, team = self.now[name], self.team_now[name]
        if team.value is None:
            return None
        beside = Goal(team.value, at_most=False, source="")
        return whisker_of(own, beside, scale_of([own], beside), self.view.params.decimals)

    def metric_url(self, metric: str) -> str:
        return f"{reverse('workplace:metric', args=[metric])}?{self.spans.now.query(agent=self.number)}"


def certainty_note() -> str:
    """What the marks of the tables mean."""
    return _("× misses the target for certain. A hollow dot: the interval includes the target.")
