"""Reads of inspection: who inspects, what waits, and how much of the record people have judged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Q
from django.utils import timezone

from bihuan.inspection.blindness import SOURCES, Owed
from bihuan.inspection.inclusion import PPM, probabilities
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
    """The work of one inspector, and what lies in the pool. What one decided about another's evaluation is no such work."""
    mine = Assignment.objects.held_by(person)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = (
        Evaluation.objects.filter(evaluator=person, version=1, submitted_at__gte=midnight)
        if person
        else Evaluation.objects.none()
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

    Evaluations by any version of the same standard are taken, scored anew by this edition's scorecard. What of a sample was
    not answered is part of the probability (`inclusion.probabilities`).
    """
    rows = Evaluation.objects.in_force(until).of_random_sample().between(first, last).filter(edition_ref=edition.id)
    held = rows.values_list("assignment__contact_id", "assignment__draw_id", "assignment__inclusion_ppm")
    cells = {contact: (draw, ppm) for contact, draw, ppm in held}
    names = ("evaluation__assignment__contact_id", "item", said_blind())
    answers = pl.DataFrame(
        list(Answer.objects.filter(evaluation__in=rows).values_list(*names)),
        schema={"contact_id": pl.String, "item": pl.String, "verdict": pl.String}, orient="row",
    )  # fmt: skip
    scores = score_contacts(edition, answers, judge="people").select("contact_id", human_milli="score_milli")
    scored = scores.drop_nulls("human_milli")
    shares = probabilities((cells[contact] for contact in scored["contact_id"]), first, last)
    ppm = [round(shares[cells[contact]] * PPM) for contact in scored["contact_id"]]
    return scored.with_columns(inclusion_ppm=pl.Series(ppm, dtype=pl.Int64))


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
