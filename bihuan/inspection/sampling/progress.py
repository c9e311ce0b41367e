"""How far a day's sample has come: for the desk, the queue and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation
from bihuan.inspection.models.evaluating import said_blind
from bihuan.inspection.sampling.plans import sampling_number
from bihuan.kit.numbers import divided
from bihuan.people.models import Person
from bihuan.standards.rules.edition import Edition
from bihuan.ui.figures import Target


@dataclass(frozen=True)
class Progress:
    """`mine_done` of `mine` are evaluated; `reviewed` of the day's `contacts` at random, by anybody."""

    mine: int
    mine_done: int
    mean_seconds: int | None
    contacts: int
    reviewed: int
    low: Decimal
    high: Decimal
    agreed: int
    compared: int

    @property
    def mean_us(self) -> int | None:
        return None if self.mean_seconds is None else self.mean_seconds * 1_000_000

    @property
    def rate(self) -> Decimal:
        """Share of the day's contacts that people have evaluated at random, in percent (S3-10)."""
        return divided(self.reviewed * 100, self.contacts, 1) or Decimal(0)

    @property
    def goal(self) -> Target:
        met = self.rate >= self.low
        return Target(f"{self.low.normalize():f}–{self.high.normalize():f} %", met)

    @property
    def agreement(self) -> Decimal | None:
        return divided(self.agreed * 100, self.compared, 1)


def progress_of(person: Person, draw: Draw, edition: Edition, at: datetime) -> Progress:
    """The state of a draw for one inspector; a handful of counts.

    Work is who judged first, not who decided later; agreement with the machine is of what was said before it was shown.
    """
    mine = Assignment.objects.held_by(person).filter(draw=draw)
    seconds = list(
        Evaluation.objects.submitted()
        .filter(evaluator=person, version=1, assignment__draw=draw)
        .values_list("active_seconds", flat=True)
    )
    over = timedelta(microseconds=sampling_number(edition, "agreement_over").micros)
    told = Answer.objects.filter(
        evaluation__evaluator=person, evaluation__version=1, evaluation__submitted_at__gte=at - over,
        given_by=Answer.Giver.PERSON,
    ).exclude(machine="").values_list(said_blind(), "machine")  # fmt: skip
    pairs = list(told)
    return Progress(
        mine=mine.count(),
        mine_done=mine.done().count(),
        mean_seconds=sum(seconds) // len(seconds) if seconds else None,
        contacts=draw.contacts,
        reviewed=Assignment.objects.filter(draw=draw).reviewed().count(),
        low=sampling_number(edition, "daily_share_low").value,
        high=sampling_number(edition, "daily_share_high").value,
        agreed=sum(verdict == machine for verdict, machine in pairs),
        compared=len(pairs),
    )
