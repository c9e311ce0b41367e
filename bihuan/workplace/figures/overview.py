"""The overview of a department or of the teams somebody leads: everything on it comes from one question to the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.metrics.figures import Figure
from bihuan.ui import formats
from bihuan.ui.charts import Panel, Series
from bihuan.ui.figures import FigureCard
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import figure_card
from bihuan.workplace.figures.goals import Goal, goal_of, judged, surely_missed
from bihuan.workplace.figures.periods import Spans, within
from bihuan.workplace.figures.regrouping import Group, Key, nothing, regrouped
from bihuan.workplace.reading import View

CARDS: Final = (
    "effective_contacts", "customer_frt_within", "first_contact_resolution", "csat_top2", "complaint_rate", "answer_rate",
)  # fmt: skip
ASKED: Final = (*CARDS, "test_share", "repeat_share")
JUDGED: Final = ("first_contact_resolution", "csat_top2", "complaint_rate", "customer_frt_within")
BY: Final = ("team", "day", "hour")
_HOUR: Final = slice(11, 13)


@dataclass(frozen=True)
class Concern:
    """A team that misses a target, and chance does not explain it."""

    team: str
    figure: Figure
    metric: str
    value: str
    target: str
    interval: str
    url: str


@dataclass(frozen=True)
class Overview:
    """What the page shows, worked out on demand from one table of team × day × hour."""

    view: View
    spans: Spans
    teams: Mapping[str, str]

    @cached_property
    def _told(self) -> dict[str, dict[Key, Group]]:
        return self.view.remembered(("overview", *self.spans.key), self._tell)

    def _tell(self) -> dict[str, dict[Key, Group]]:
        table = self.view.figures(ASKED, by=BY, filters=self.spans.whole)
        empty: dict[Key, Group] = {(): nothing(table)}
        return {
            "now": regrouped(table, lambda keys: () if within(self.spans.now, keys["day"]) else None) or empty,
            "before": regrouped(table, lambda keys: () if within(self.spans.before, keys["day"]) else None),
            "days": regrouped(table, lambda keys: (keys["day"],) if within(self.spans.trend, keys["day"]) else None),
            "hours": regrouped(table, self._hour),
            "teams": regrouped(table, lambda keys: (keys["team"],) if within(self.spans.now, keys["day"]) else None),
            "team_days": regrouped(
                table, lambda keys: (keys["team"], keys["day"]) if within(self.spans.trend, keys["day"]) else None
            ),
        }

    def _hour(self, keys: Mapping[str, str | None]) -> Key | None:
        return ((keys["hour"] or "")[_HOUR],) if keys["hour"] and within(self.spans.now, keys["day"]) else None

    @property
    def now(self) -> Group:
        return self._told["now"][()]

    @property
    def decimals(self) -> Mapping[str, int]:
        return self.view.params.decimals

    def goal(self, metric: str) -> Goal | None:
        return goal_of(self.view.edition, metric, self.spans.now.where)

    def trend(self, metric: str, team: str | None = None) -> list[Decimal | None]:
        """Printed values of each day of the trend, None where nothing can be told."""
        told = self._told["days" if team is None else "team_days"]
        keys = [(day,) if team is None else (team, day) for day in self.spans.trend_days]
        return [wording.scaled(metric, told[key][metric].value) if key in told else None for key in keys]

    @cached_property
    def cards(self) -> list[FigureCard]:
        before = self._told["before"].get(())
        return [
            figure_card(
                self.now[name], before[name] if before else None, self.goal(name), trend=self.trend(name),
                url=self.metric_url(name), decimals=self.decimals, note=self._note(name),
            )
            for name in CARDS
        ]  # fmt: skip

    def _note(self, name: str) -> str:
        if name != "effective_contacts":
            return ""
        left_out = {"tests": self.now["test_share"].numerator, "repeats": self.now["repeat_share"].numerator}
        return _("without %(tests)s tests, %(repeats)s repeats") % {k: formats.number(v) for k, v in left_out.items()}

    @cached_property
    def reviewed(self) -> ReviewRate:
        """Of the contacts of the page's period (X12)."""
        return review_rate_of_record(self.view.people_reader, self.spans.now.period, self.spans.now.where)

    def metric_url(self, metric: str, **changes: str) -> str:
        return f"{reverse('workplace:metric', args=[metric])}?{self.spans.now.query(**changes)}"

    @cached_property
    def hours(self) -> Series:
        """The course of a day: contacts, and the share of first responses on target."""
        told = {key[0] or "": group for key, group in self._told["hours"].items()}
        steps = [f"{hour:02d}" for hour in range(int(min(told, default="0")), int(max(told, default="-1")) + 1)]
        counts = [self._per_day(told.get(step)) for step in steps]
        several = self.spans.now.days > 1
        return Series(
            "hours",
            _("Contacts and first response by hour"),
            [f"{step}:00" for step in steps],
            (
                Panel(
                    _("Effective contacts a day") if several else _("Effective contacts"),
                    counts,
                    "bar",
                    decimals=1 if several else 0,
                ),
                self._panel("customer_frt_within", [told.get(step) for step in steps]),
            ),
            summary=self._busiest(steps, counts),
            step_label=_("Hour"),
        )

    def _per_day(self, group: Group | None) -> Decimal | None:
        value = group["effective_contacts"].value if group else Decimal(0)
        return None if value is None else Decimal(value) / self.spans.now.days

    def _busiest(self, steps: Sequence[str], counts: Sequence[Decimal | None]) -> str:
        known = [(count, step) for count, step in zip(counts, steps, strict=True) if count]
        if not known:
            return _("No contacts in this period")
        most, step = max(known)
        return _("Most contacts from %(hour)s:00: %(count)s") % {"hour": step, "count": formats.number(most, 1)}

    @cached_property
    def quality(self) -> Series:
        """Positive rate and complaint rate by day, with their intervals."""
        days = [self._told["days"].get((day,)) for day in self.spans.trend_days]
        names = ("csat_top2", "complaint_rate")
        said = (
            f"{wording.metric_label(name)} {wording.said(name, self.now[name].value, self.decimals)}" for name in names
        )
        return Series(
            "quality",
            _("Positive rate and valid complaint rate"),
            [day[5:] for day in self.spans.trend_days],
            [self._panel(name, days) for name in names],
            summary=" · ".join(said),
            step_label=_("Day"),
        )

    def _panel(self, metric: str, groups: Sequence[Group | None]) -> Panel:
        figures = [group[metric] if group else None for group in groups]
        goal = self.goal(metric)
        bounds = [(one.low, one.high) if one and one.value is not None else (None, None) for one in figures]
        return Panel(
            wording.metric_label(metric),
            [wording.scaled(metric, one.value) if one else None for one in figures],
            unit="%",
            low=[wording.scaled(metric, low) for low, _high in bounds],
            high=[wording.scaled(metric, high) for _low, high in bounds],
            target=None if goal is None else wording.scaled(metric, goal.limit),
            better="down" if goal is not None and goal.at_most else "up",
            decimals=wording.decimals_shown(metric, self.decimals),
            floor=0 if goal is not None and goal.at_most else None,
            ceiling=None if goal is not None and goal.at_most else 100,
        )

    @cached_property
    def team_groups(self) -> dict[str, Group]:
        """Figures of each team that served in the period, by key; contacts of no team are not among them."""
        return {key[0]: group for key, group in self._told["teams"].items() if key[0] is not None}

    @property
    def of_no_team(self) -> Group | None:
        """Figures of contacts that no team served: calls nobody took, work of keys that are nobody's yet."""
        group = self._told["teams"].get((None,))
        return group if group is not None and any(figure.n for figure in group.values()) else None

    @cached_property
    def concerns(self) -> list[Concern]:
        """Certain misses, the furthest from its target first."""
        found = [
            (self._distance(group[name]), self._concern(team, group[name]))
            for team, group in self.team_groups.items()
            for name in JUDGED
            if surely_missed(group[name], self.goal(name))
        ]
        return [concern for _far, concern in sorted(found, key=lambda one: (-one[0], one[1].team, one[1].metric))]

    @cached_property
    def undecided(self) -> int:
        """How many team figures miss their target within their interval."""
        figures = [group[name] for group in self.team_groups.values() for name in JUDGED]
        return sum(judged(one, self.goal(one.metric)) == (False, False) for one in figures)

    def _distance(self, figure: Figure) -> Decimal:
        goal = self.goal(figure.metric)
        assert goal is not None
        assert figure.value is not None
        return abs(figure.value - goal.limit) / goal.limit if goal.limit else Decimal(0)

    def _concern(self, team: str, figure: Figure) -> Concern:
        goal = self.goal(figure.metric)
        assert goal is not None
        return Concern(
            team=self.teams.get(team, team),
            figure=figure,
            metric=wording.metric_label(figure.metric),
            value=wording.said(figure.metric, figure.value, self.decimals),
            target=wording.goal_text(figure.metric, goal, self.decimals),
            interval=wording.interval_text(figure, self.decimals),
            url=self.metric_url(figure.metric, team=team),
        )
