"""The daily score sheet 日评分表 (S3-13): what people judged of one day, per agent and per inspector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.calibration.scale import adjusted_score, scales
from bihuan.inspection.forms_of_editions import edition_of_evaluation
from bihuan.inspection.inclusion import Cell, probabilities
from bihuan.inspection.lists import SECOND_US, evaluation_url
from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation
from bihuan.inspection.queries import evaluations_shown_to
from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.inspection.rules.inference import mean_of
from bihuan.inspection.sampling.plans import confidence_of
from bihuan.inspection.wording import KINDS, STATES, said, subject_of
from bihuan.kit.clock import now
from bihuan.kit.numbers import divided, rounded
from bihuan.people.models import Person, Team, rights_of
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.ui.figures import Whisker
from bihuan.ui.tables import Column
from bihuan.ui.values import language

WORST_SHOWN: Final = 3
FULL: Final = 100
HASH_SHOWN: Final = 12  # characters of a hash: enough to look it up


@dataclass(frozen=True)
class AgentLine:
    """One agent's evaluations of the day. `low` and `high` bound the mean of all that agent's contacts of the day."""

    name: str
    number: str
    team: str
    n: int
    mean: Decimal | None
    low: Decimal | None
    high: Decimal | None
    fatal: int
    worst: str

    @property
    def interval(self) -> Whisker:
        return Whisker(self.mean, self.low, self.high, 0, FULL)


@dataclass(frozen=True)
class InspectorLine:
    """One inspector's work on the day's sample, as it was before anybody decided otherwise."""

    name: str
    number: str
    n: int
    mean: Decimal | None
    seconds: int
    agreed: int
    compared: int

    @property
    def agreement(self) -> Decimal | None:
        return divided(self.agreed * 100, self.compared, 1)


AGENTS: Final = (
    Column("name", gettext_lazy("Agent")),
    Column("number", gettext_lazy("Staff number")),
    Column("team", gettext_lazy("Team")),
    Column("n", gettext_lazy("Evaluations"), "number"),
    Column("mean", gettext_lazy("Mean score"), "number", decimals=2),
    Column("interval", gettext_lazy("Interval 0–100"), "whisker", exported=False),
    Column("fatal", gettext_lazy("Fatal findings"), "number", misses=lambda line: line.fatal > 0),
    Column("worst", gettext_lazy("Most often violated")),
)
INSPECTORS: Final = (
    Column("name", gettext_lazy("Inspector")),
    Column("n", gettext_lazy("Evaluations"), "number"),
    Column("mean", gettext_lazy("Mean score"), "number", decimals=2),
    Column("seconds", gettext_lazy("Time each"), "duration", get=lambda line: line.seconds * SECOND_US),
    Column("agreement", gettext_lazy("As the machine %"), "number", decimals=1),
)
SINGLE: Final = (
    Column("subject", gettext_lazy("Topic"), get=lambda one: subject_of(one.assignment), url=evaluation_url),
    Column("contact", gettext_lazy("Conversation"), get=lambda one: one.assignment.contact_id),
    Column("name", gettext_lazy("Agent"), get=lambda one: one.agent_name),
    Column("evaluator", gettext_lazy("Inspector"), get=lambda one: one.first.evaluator.name),
    Column("kind", gettext_lazy("Drawn as"), get=lambda one: said(KINDS, one.assignment.kind)),
    Column("total", gettext_lazy("Score"), "number", decimals=2),
    Column(
        "adjusted",
        gettext_lazy("Adjusted"),
        "number",
        get=lambda one: one.adjusted.value,
        decimals=2,
        reason=lambda one: one.adjusted.why,
    ),
    Column("unfailed", gettext_lazy("Without fatal"), "number", decimals=2),
    Column("state", gettext_lazy("State"), get=lambda one: said(STATES, one.state)),
)


@dataclass(frozen=True)
class Sheet:
    """The sheet of a day as an account may see it: of everybody, of one agent or of one inspector."""

    day: date
    evaluations: Sequence[Any]
    edition: Edition
    draws: Sequence[Draw]  # the day's own draw and its supplements
    sees: Scope  # figures the account may see
    agent: str = ""
    inspector: str = ""

    @cached_property
    def whose(self) -> str:
        """The name of the agent or inspector it is about; empty for everybody."""
        number = self.agent or self.inspector
        return Person.objects.filter(number=number).values_list("name", flat=True).first() or number

    @cached_property
    def editions(self) -> list[str]:
        """Title, version and hash of every edition the evaluations were made by."""
        known = {(one.edition_hash, one.edition_ref): edition_of_evaluation(one) for one in self.evaluations}
        names = {
            key: f"{found.title.said(language())} {found.version}" if found else key[1] for key, found in known.items()
        }
        return [f"{name} · {digest[:HASH_SHOWN]}" for (digest, _), name in names.items()]

    @cached_property
    def agents(self) -> list[AgentLine]:
        """By mean, lowest first. Means and intervals rest on the random sample alone; the risk queue only counts."""
        grouped: dict[str, list[Any]] = defaultdict(list)
        for one in self.evaluations:
            grouped[one.assignment.person].append(one)
        people = {person.number: person for person in Person.objects.filter(number__in=grouped)}
        teams = dict(Team.objects.values_list("key", "name"))
        lines = [self._agent(number, rows, people, teams) for number, rows in grouped.items()]
        return sorted(lines, key=lambda line: (line.mean is None, line.mean, line.number))

    def _agent(
        self, number: str, rows: Sequence[Any], people: Mapping[str, Person], teams: Mapping[str, str]
    ) -> AgentLine:
        mean, low, high = _mean_of(rows, self.edition)
        team = rows[0].assignment.team
        return AgentLine(
            name=people[number].name if number in people else number,
            number=number,
            team=teams.get(team, team),
            n=len(rows),
            mean=mean,
            low=low,
            high=high,
            fatal=sum(one.fatal for one in rows),
            worst=self._worst(rows),
        )

    def _worst(self, rows: Iterable[Any]) -> str:
        counts = Counter(a.item for one in rows for a in one.answers.all() if a.verdict == "violated")
        return "、".join(f"{self._name(item)} ×{n}" for item, n in counts.most_common(WORST_SHOWN))

    def _name(self, item: str) -> str:
        named: dict[str, Any] = {one.id: one for card in self.edition.scorecards.values() for one in card.items}
        found = named.get(item) or self.edition.checks.get(item)
        return (found.label.said(language()) if found else "") or item

    @cached_property
    def inspectors(self) -> list[InspectorLine]:
        """By name. Who decided about an evaluation later did not inspect the day."""
        grouped: dict[str, list[Any]] = defaultdict(list)
        for one in self.evaluations:
            grouped[one.first.evaluator.number].append(one.first)
        return sorted((_inspector(rows) for rows in grouped.values()), key=lambda line: (line.name, line.number))

    @cached_property
    def reviewed(self) -> ReviewRate:
        """Of the record's contacts of the day, or of the agent's own, as on every other page (X12)."""
        archive = open_archive()
        reader = Reader(archive, archive.head(), self.sees)
        return review_rate_of_record(reader, (self.day, self.day), {"agent": self.agent} if self.agent else None)

    @property
    def mean(self) -> Decimal | None:
        return _mean_of(self.evaluations, self.edition)[0]

    @property
    def fatal(self) -> int:
        return sum(one.fatal for one in self.evaluations)


def sheet_of(user: Any, day: date, edition: Edition, *, agent: str = "", inspector: str = "") -> Sheet:
    """The newest submitted version of every evaluated contact of the day that `user` may see."""
    seen = evaluations_shown_to(user).submitted().between(day, day)
    later = Evaluation.objects.submitted().filter(assignment=OuterRef("assignment"), version__gt=OuterRef("version"))
    rows = seen.filter(~Exists(later)).select_related("assignment", "evaluator", "acknowledgement").defer("tree")
    if inspector:
        rows = rows.filter(assignment__in=_inspected_by(inspector, day))
    if agent:
        rows = rows.filter(assignment__person=agent)
    listed: list[Any] = list(
        rows.prefetch_related("answers", "comments").order_by("assignment__person", "assignment__contact_id")
    )
    names = dict(
        Person.objects.filter(number__in={one.assignment.person for one in listed}).values_list("number", "name")
    )
    found, firsts, chances = scales(edition, now()), _first_versions(listed), _chances(user, day)
    for one in listed:
        one.agent_name = names.get(one.assignment.person, one.assignment.person)
        one.adjusted = adjusted_score(one, found)
        one.first = firsts.get(one.assignment_id, one)
        one.chance = chances.get((one.assignment.draw_id, one.assignment.inclusion_ppm))
    draws, sees = list(Draw.objects.filter(day=day).order_by("number")), scope_of(user, sight=Sight.FIGURES)
    return Sheet(day, listed, edition, draws, sees, agent, inspector)


def served_people(user: Any, day: date) -> list[Person]:
    """Whose conversations of the day were evaluated, as far as `user` may see it."""
    seen = evaluations_shown_to(user).submitted().between(day, day)
    return list(Person.objects.filter(number__in=seen.values("assignment__person")).order_by("sort_key"))


def _inspected_by(inspector: str, day: date) -> QuerySet[Assignment]:
    """What this inspector judged first, whoever decided about it later."""
    first = {"evaluations__version": 1, "evaluations__evaluator__number": inspector}
    return Assignment.objects.between(day, day).filter(**first)


def _first_versions(listed: Sequence[Any]) -> dict[Any, Evaluation]:
    """The inspector's own version of those that were decided again, by assignment."""
    later = [one.assignment_id for one in listed if one.version > 1]
    rows = Evaluation.objects.filter(assignment__in=later, version=1)
    return {
        one.assignment_id: one for one in rows.select_related("evaluator").prefetch_related("answers").defer("tree")
    }


def _chances(user: Any, day: date) -> Mapping[Cell, float]:
    """With which probability a contact of the random sample was drawn and is told to this account by now."""
    everybody = rights_of(user).may(Permission.EVALUATE)
    told = Evaluation.objects.submitted() if everybody else Evaluation.objects.released()
    random = told.filter(version=1, assignment__kind=Assignment.Kind.RANDOM).between(day, day)
    return probabilities(random.values_list("assignment__draw_id", "assignment__inclusion_ppm"), day, day)


def _inspector(rows: Sequence[Any]) -> InspectorLine:
    scores = [one.total for one in rows if one.total is not None]
    told = [a for one in rows for a in one.answers.all() if a.given_by == Answer.Giver.PERSON and a.machine]
    return InspectorLine(
        name=rows[0].evaluator.name,
        number=rows[0].evaluator.number,
        n=len(rows),
        mean=divided(sum(scores, Decimal(0)), len(scores), 2),
        seconds=sum(one.active_seconds for one in rows) // len(rows),
        agreed=sum(a.said_blind == a.machine for a in told),
        compared=len(told),
    )


def _mean_of(rows: Sequence[Any], edition: Edition) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The mean of all contacts the random sample among these stands for, and its interval at the edition's confidence, kept
    on the scale; each score weighs by one ÷ its chance, for strata were drawn with unlike ones."""
    drawn = [one for one in rows if one.total is not None and one.assignment.kind == "random" and one.chance]
    found = mean_of(
        np.array([float(one.total) for one in drawn]), np.array([one.chance for one in drawn]),
        confidence=float(confidence_of(edition)),
    )  # fmt: skip
    low, high = (None if end is None else rounded(str(min(max(end, 0.0), FULL)), 1) for end in (found.low, found.high))
    return None if found.value is None else rounded(str(found.value), 2), low, high
