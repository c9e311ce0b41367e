"""Reads of inspection: who inspects, what waits, and how much of the record people have judged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db.models import Count, Q
from django.utils import timezone

from bihuan.inspection.blindness import SOURCES, Owed
from bihuan.inspection.models import Answer, Assignment, Evaluation
from bihuan.inspection.models.evaluating import EvaluationQuerySet, said_blind
from bihuan.people.models import Person, RoleGrant
from bihuan.people.models.rights import rights_of
from bihuan.people.rules.roles import Role
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contacts


def inspectors(at: datetime) -> list[Person]:
    """Who holds the inspector's role and works here at this moment, by number."""
    day = timezone.localdate(at)
    granted = RoleGrant.objects.on(day).filter(role=Role.INSPECTOR).values("person")
    return list(Person.objects.working(day).filter(pk__in=granted, user__is_active=True).order_by("number"))


@dataclass(frozen=True)
class Backlog:
    """What lies before somebody: open work, how much of it is late, and what was done of the same draws."""

    open: int
    overdue: int
    pool: int
    to_release: int
    done_today: int
    mean_seconds: int | None


def backlog_of(person: Person | None, at: datetime) -> Backlog:
    """The work of one inspector, and what lies in the pool."""
    mine = Assignment.objects.held_by(person)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = (
        Evaluation.objects.filter(evaluator=person, submitted_at__gte=midnight) if person else Evaluation.objects.none()
    )
    seconds = list(done.values_list("active_seconds", flat=True))
    return Backlog(
        open=mine.open().count(),
        overdue=mine.overdue(at).count(),
        pool=Assignment.objects.in_pool().count(),
        to_release=Evaluation.objects.waiting_for_release().filter(evaluator=person).count() if person else 0,
        done_today=len(seconds),
        mean_seconds=sum(seconds) // len(seconds) if seconds else None,
    )


def human_scores(edition: Edition, first: date, last: date, *, until: datetime) -> pl.DataFrame:
    """What people scored of the random sample of these days, as released by a moment: contact_id, human_milli and
    inclusion_ppm, the probability of being drawn and answered. What could not be scored is left out.

    Evaluations by any version of the same standard are taken, scored anew by this edition's scorecard. A sample that is
    not finished holds less than was drawn: the share of it that was answered, in each draw among contacts of the same
    probability, is part of the probability (two-phase sampling, Särndal, Swensson & Wretman 1992, ch. 9 and 15).
    """
    rows = Evaluation.objects.in_force(until).of_random_sample().between(first, last).filter(edition_ref=edition.id)
    held = rows.values_list("assignment__contact_id", "assignment__draw_id", "assignment__inclusion_ppm")
    looked = pl.DataFrame(
        [(contact, str(draw), ppm) for contact, draw, ppm in held],
        schema={"contact_id": pl.String, "draw": pl.String, "inclusion_ppm": pl.Int64}, orient="row",
    )  # fmt: skip
    names = ("evaluation__assignment__contact_id", "item", said_blind())
    answers = pl.DataFrame(
        list(Answer.objects.filter(evaluation__in=rows).values_list(*names)),
        schema={"contact_id": pl.String, "item": pl.String, "verdict": pl.String}, orient="row",
    )  # fmt: skip
    scores = score_contacts(edition, answers, judge="people").select("contact_id", human_milli="score_milli")
    scored = scores.drop_nulls("human_milli").join(looked, on="contact_id").join(_drawn(first, last), on=_ALIKE)
    answered = pl.col("inclusion_ppm") * pl.len().over(_ALIKE) / pl.col("drawn")
    return scored.select("contact_id", "human_milli", inclusion_ppm=answered.round().cast(pl.Int64))


_ALIKE: Final = ["draw", "inclusion_ppm"]


def _drawn(first: date, last: date) -> pl.DataFrame:
    """How many were drawn at random, by draw and probability: draw, inclusion_ppm, drawn."""
    drawn = Assignment.objects.random().filter(day__gte=first, day__lte=last).order_by()
    counted = drawn.values_list("draw_id", "inclusion_ppm").annotate(drawn=Count("pk"))
    return pl.DataFrame(
        [(str(draw), ppm, count) for draw, ppm, count in counted],
        schema={"draw": pl.String, "inclusion_ppm": pl.Int64, "drawn": pl.Int64}, orient="row",
    )  # fmt: skip


def evaluation_of(user: Any, contact_id: str, *, blind: Collection[str] | None = None) -> Evaluation | None:
    """The evaluation of a conversation that counts, if there is one this account may see."""
    seen = evaluations_shown_to(user, blind).in_force().filter(assignment__contact_id=contact_id)
    return seen.select_related("evaluator").defer("tree").order_by("-released_at").first()


def blind_contacts(user: Any) -> dict[str, Owed]:
    """Contacts about which this account still owes a blind answer, by id, with where to give it.

    Whatever shows machine verdicts, scores or other people's answers of single contacts leaves these out for them.
    """
    rights = rights_of(user)
    if rights.person is None:
        return {}
    return {owed.contact_id: owed for source in SOURCES for owed in source(rights.person, rights)}


def evaluations_shown_to(user: Any, blind: Collection[str] | None = None) -> EvaluationQuerySet:
    """Those the account may see, without other people's about contacts it is still to judge blind (`blind`, if known)."""
    seen = Evaluation.objects.visible_to(user)
    hidden = blind_contacts(user) if blind is None else blind
    person = getattr(user, "person", None)
    return seen.exclude(~Q(evaluator=person), assignment__contact_id__in=list(hidden)) if hidden else seen
