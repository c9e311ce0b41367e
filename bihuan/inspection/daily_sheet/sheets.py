"""The daily score sheet 日评分表 (S3-13): what people judged of one day, per agent and per inspector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import stdev
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.calibration.scale import adjusted_score, scales
from bihuan.inspection.forms_of_editions import edition_of_evaluation
from bihuan.inspection.lists import SECOND_US, evaluation_url
from bihuan.inspection.models import Answer, Draw, Evaluation
from bihuan.inspection.queries import evaluations_shown_to
from bihuan.inspection.review_rate import ReviewRate, review_rate
from bihuan.inspection.sampling.drawing import served_by
from bihuan.inspection.sampling.plans import confidence_of
from bihuan.inspection.wording import KINDS, STATES, said, subject_of
from bihuan.kit.clock import now
from bihuan.kit.numbers import divided
from bihuan.metrics.intervals import t_interval
from bihuan.people.models import Person, Team
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
    """One inspector's work on the day's sample."""

    name: str
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
    Column("evaluator", gettext_lazy("Inspector"), get=lambda one: one.evaluator.name),
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
    def contacts(self) -> int | None:
        """Contacts of the day that could have been drawn: the agent's own on an agent's sheet."""
        if not self.draws or not self.agent:
            return sum(draw.contacts for draw in self.draws) or None
        archive = open_archive()
        return served_by(Reader(archive, archive.head()), self.day, self.agent)

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
        scores = [one.total for one in rows if one.total is not None and one.assignment.kind == "random"]
        low, high = _interval(scores, self.edition)
        team = rows[0].assignment.team
        return AgentLine(
            name=people[number].name if number in people else number,
            number=number,
            team=teams.get(team, team),
            n=len(rows),
            mean=divided(sum(scores, Decimal(0)), len(scores), 2),
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
        grouped: dict[str, list[Any]] = defaultdict(list)
        for one in self.evaluations:
            grouped[one.evaluator.name].append(one)
        return [_inspector(name, rows) for name, rows in sorted(grouped.items())]

    @cached_property
    def reviewed(self) -> ReviewRate:
        """Of the day's contacts, or of the agent's own, whether or not this account may read each of them (X12)."""
        persons = [self.agent] if self.agent else None
        return review_rate(self.contacts or 0, (self.day, self.day), persons=persons)

    @property
    def mean(self) -> Decimal | None:
        scores = [one.total for one in self.evaluations if one.total is not None and one.assignment.kind == "random"]
        return divided(sum(scores, Decimal(0)), len(scores), 2)

    @property
    def fatal(self) -> int:
        return sum(one.fatal for one in self.evaluations)


def sheet_of(user: Any, day: date, edition: Edition, *, agent: str = "", inspector: str = "") -> Sheet:
    """The newest submitted version of every evaluated contact of the day that `user` may see."""
    seen = evaluations_shown_to(user).submitted().between(day, day)
    later = Evaluation.objects.submitted().filter(assignment=OuterRef("assignment"), version__gt=OuterRef("version"))
    rows = seen.filter(~Exists(later)).select_related("assignment", "evaluator", "acknowledgement").defer("tree")
    if inspector:
        rows = rows.filter(evaluator__number=inspector)
    if agent:
        rows = rows.filter(assignment__person=agent)
    listed: list[Any] = list(
        rows.prefetch_related("answers", "comments").order_by("assignment__person", "assignment__contact_id")
    )
    names = dict(
        Person.objects.filter(number__in={one.assignment.person for one in listed}).values_list("number", "name")
    )
    found = scales(edition, now())
    for one in listed:
        one.agent_name = names.get(one.assignment.person, one.assignment.person)
        one.adjusted = adjusted_score(one, found)
    return Sheet(day, listed, edition, list(Draw.objects.filter(day=day).order_by("number")), agent, inspector)


def served_people(user: Any, day: date) -> list[Person]:
    """Whose conversations of the day were evaluated, as far as `user` may see it."""
    seen = evaluations_shown_to(user).submitted().between(day, day)
    return list(Person.objects.filter(number__in=seen.values("assignment__person")).order_by("sort_key"))


def _inspector(name: str, rows: Sequence[Any]) -> InspectorLine:
    scores = [one.total for one in rows if one.total is not None]
    told = [a for one in rows for a in one.answers.all() if a.given_by == Answer.Giver.PERSON and a.machine]
    return InspectorLine(
        name=name,
        n=len(rows),
        mean=divided(sum(scores, Decimal(0)), len(scores), 2),
        seconds=sum(one.active_seconds for one in rows) // len(rows),
        agreed=sum(a.verdict == a.machine for a in told),
        compared=len(told),
    )


def _interval(scores: Sequence[Decimal], edition: Edition) -> tuple[Decimal | None, Decimal | None]:
    """Student's interval at the edition's confidence, kept on the scale; none below two scores."""
    if len(scores) < 2:
        return None, None
    floats = [float(score) for score in scores]
    low, high = t_interval(sum(floats) / len(floats), stdev(floats), len(floats), float(confidence_of(edition)))
    return Decimal(str(round(max(float(low), 0), 1))), Decimal(str(round(min(float(high), FULL), 1)))
