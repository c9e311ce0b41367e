"""Raters' scales over what several of them judged: calibrations, and the group's opinions in its re-evaluations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from bihuan.inspection.calibration.terms import CalibrationTerms, terms_of
from bihuan.inspection.calibration.words import NOT_ADJUSTED
from bihuan.inspection.forms_of_editions import edition_of_evaluation
from bihuan.inspection.models import (
    Answer,
    Calibration,
    CalibrationSeat,
    Evaluation,
    Opinion,
    Rating,
    Review,
    ScaleAlarm,
)
from bihuan.inspection.rules.scale import FATAL, NO_SCORE, OF_GROUP, UNKNOWN_SCALE, Scales
from bihuan.inspection.rules.severity import Scored, severity_of
from bihuan.inspection.wording import said
from bihuan.kit.clock import now
from bihuan.kit.numbers import rounded
from bihuan.people.models import rights_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import Verdict

PERIOD: Final = "%Y-%m"
KEPT: Final = 8
SCORE_DECIMALS: Final = 2
_kept: dict[tuple[object, ...], Scales] = {}


def scales(edition: Edition, at: datetime) -> Scales:
    """Everybody's scale by the edition's terms, from what is closed or decided; remembered until more of it is."""
    closed = Calibration.objects.closed().aggregate(Count("pk"), last=Max("closed_at"))
    decided = Review.objects.decided().aggregate(Count("pk"), last=Max("decided_at"))
    key = (edition.hash, timezone.localdate(at), *closed.values(), *decided.values())
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = _found(terms_of(edition), at)
    return _kept[key]


@dataclass(frozen=True)
class AdjustedScore:
    """A score as it would be on the scale of the reference; beside the raw one, never in its place."""

    value: Decimal | None
    reason: str = ""

    @property
    def why(self) -> str:
        """Why there is none, in words."""
        return said(NOT_ADJUSTED, self.reason)


def adjusted_beside(user: Any, evaluation: Evaluation) -> AdjustedScore | None:
    """The adjusted score for who evaluates or leads the evaluation group; None for others, whose page shows what counts."""
    if not (user.has_perm(Permission.EVALUATE) or user.has_perm(Permission.CALIBRATE)):
        return None
    at = now()
    return adjusted_score(evaluation, scales(edition_in_use(timezone.localdate(at)), at))


def adjusted_score(evaluation: Evaluation, found: Scales) -> AdjustedScore:
    """The adjusted total of a submitted evaluation, or why it has none: what is fatal stays zero whoever rated, and a
    group's decision is nobody's scale."""
    if evaluation.total is None or evaluation.submitted_at is None:
        return AdjustedScore(None, NO_SCORE)
    if evaluation.fatal:
        return AdjustedScore(None, FATAL)
    if evaluation.version > 1:
        return AdjustedScore(None, OF_GROUP)
    period = period_of(evaluation.submitted_at)
    score = found.adjusted(float(evaluation.total), evaluation.evaluator.number, period)
    return AdjustedScore(None, UNKNOWN_SCALE) if score is None else AdjustedScore(rounded(str(score), SCORE_DECIMALS))


def alarms_seen(user: Any) -> QuerySet[ScaleAlarm]:
    """Who leads the evaluation group sees every alarm, a rater one's own, nobody else any."""
    rights = rights_of(user)
    if rights.may(Permission.CALIBRATE):
        return ScaleAlarm.objects.select_related("rater", "settled_by__person")
    own = ScaleAlarm.objects.filter(rater=rights.person) if rights.person else ScaleAlarm.objects.none()
    return own.select_related("rater", "settled_by__person")


def open_alarms(user: Any) -> list[ScaleAlarm]:
    """Alarms one may see that nobody has settled yet."""
    return list(alarms_seen(user).filter(settled_at__isnull=True))


def period_of(at: datetime) -> str:
    """The calendar month of the department."""
    return timezone.localtime(at).strftime(PERIOD)


def overlapping(since: datetime) -> list[Scored]:
    """What people gave contacts that at least two of them judged by the same edition, without the zero of fatal findings:
    whether something was fatal is no matter of scale.

    Of a re-evaluation the opinions alone: the first evaluation came before the group for what it said (full marks, a
    dispute), so that whoever looks again lies on the other side of it by chance alone, and its rater would look lenient.
    """
    found: dict[tuple[str, str], Scored] = {}
    for one in _scored(since):
        found.setdefault((one.unit, one.rater), one)
    raters: dict[str, set[str]] = defaultdict(set)
    for unit, rater in found:
        raters[unit].add(rater)
    return [one for (unit, _rater), one in sorted(found.items()) if len(raters[unit]) > 1]


def _found(terms: CalibrationTerms, at: datetime) -> Scales:
    since = at - terms.looked_back
    reference = _reference(since)
    severity = severity_of(
        overlapping(since), drift_limit=terms.drift_limit, least=terms.least_overlap, confidence=terms.confidence,
        reference=reference,
    )  # fmt: skip
    return Scales.of(severity, reference)


def _reference(since: datetime) -> str | None:
    """Who was the expert of most closed sessions, of equals the last one: against the mean of few raters one who is far
    off would make all the others look off as well."""
    experts = CalibrationSeat.objects.filter(is_expert=True, calibration__closed_at__gte=since)
    counted = experts.values("person__number").annotate(times=Count("pk"), last=Max("calibration__closed_at"))
    return counted.order_by("-times", "-last").values_list("person__number", flat=True).first()


def _scored(since: datetime) -> Iterator[Scored]:
    contacts: set[str] = set()
    ratings = Rating.objects.submitted().filter(contact__calibration__closed_at__gte=since, unfailed__isnull=False)
    for rating in ratings.select_related("contact__calibration", "seat__person").defer("tree"):
        contacts.add(rating.contact.contact_id)
        yield _one(
            rating.contact.contact_id, rating.contact.calibration.edition_hash, rating.seat.person.number,
            rating.submitted_at, rating.unfailed,
        )  # fmt: skip
    opinions = Opinion.objects.filter(review__decided_at__gte=since)
    for opinion in opinions.select_related("review__evaluation__assignment", "rater"):
        evaluation = opinion.review.evaluation
        score = _unfailed(opinion)
        if score is not None:
            yield _one(
                evaluation.assignment.contact_id, evaluation.edition_hash, opinion.rater.number, opinion.given_at, score
            )
    yield from _first_evaluations(contacts)


def _first_evaluations(contacts: Collection[str]) -> Iterator[Scored]:
    """Of contacts that were calibrated too. A decision's version is the group's, not its writer's: only first versions tell
    of a rater."""
    rows = Evaluation.objects.submitted().filter(version=1, assignment__contact_id__in=contacts, unfailed__isnull=False)
    for row in rows.select_related("assignment", "evaluator").defer("tree"):
        yield _one(row.assignment.contact_id, row.edition_hash, row.evaluator.number, row.submitted_at, row.unfailed)


def _one(contact: str, edition: str, rater: str, at: datetime | None, score: object) -> Scored:
    assert at is not None
    return Scored(f"{contact}@{edition}", rater, period_of(at), float(str(score)))


def _unfailed(opinion: Opinion) -> object:
    """The opinion's points without fatal zeroes, by the tree all scores have; its total where the edition's text is gone."""
    evaluation = opinion.review.evaluation
    edition = edition_of_evaluation(evaluation)
    if edition is None:
        return opinion.total or None  # a bare zero may be fatal
    by_record = evaluation.answers.filter(given_by=Answer.Giver.RECORD).values_list("item", "verdict")
    given = {item: word for item, (word, _reason) in opinion.answers.items()}
    verdicts = {item: Verdict(word) for item, word in {**dict(by_record), **given}.items()}
    return score_contact(edition, verdicts, judge="people").unfailed
