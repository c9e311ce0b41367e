"""How far each check of an edition is trusted: where it stands, since when and why, and the figures people's reviews give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import Max, Sum
from django.utils import timezone

from bihuan.appeals.models import CheckSuspension
from bihuan.archive.manifest import day_key
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.forms_of_editions import TIMED, form_for
from bihuan.inspection.inclusion import probabilities
from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation, FairnessRun, JudgingRun, Reckoning, TrustMove
from bihuan.inspection.models.evaluating import EvaluationQuerySet, said_blind
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.form import Question, questions_of
from bihuan.inspection.rules.trust import Accuracy, Reviewed, Standing, accuracy_of
from bihuan.inspection.rules.truth import Pair, pair_of, questions_about
from bihuan.inspection.trust.policy import TrustPolicy, fingerprint_of, start_of, trust_policy
from bihuan.inspection.trust.stopping import stopped_checks
from bihuan.kit.ids import content_hash
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.models import Edition as PublishedEdition
from bihuan.standards.rules.edition import Edition


@dataclass(frozen=True)
class Stand:
    """Where a check stands. `move` is the newest one, None where nobody and nothing moved it; `stopped` by appeals."""

    check: str
    standing: Standing
    move: TrustMove | None
    stopped: CheckSuspension | None


def stands(edition: Edition, until: datetime | None = None) -> dict[str, Stand]:
    """Every check of an edition, now or as it stood at a moment: moves are never changed, so that can be told for ever.

    Appeals that stopped a check leave it observed, whatever it was moved to, under every edition of the standard that
    looks for the same: only one that changes the check starts it anew.
    """
    moves = TrustMove.objects.filter(standard=edition.id)
    if until is not None:
        moves = moves.filter(moved_at__lte=until)
    newest = {(row.check_id, row.fingerprint): row for row in moves.select_related("moved_by").order_by("sequence")}
    stopped = stopped_checks(edition, until)
    answer = {}
    for check, setting in edition.checks.items():
        move = newest.get((check, fingerprint_of(setting))) if newest else None
        standing = Standing(move.after) if move else start_of(edition, setting)
        if check in stopped:
            standing = Standing.OBSERVED
        answer[check] = Stand(check, standing, move, stopped.get(check))
    return answer


def scored_checks(edition: Edition) -> frozenset[str]:
    """Checks that the edition's own scorecard takes notice of: for points, a deduction or a zero."""
    if not edition.scorecards:
        return frozenset()
    card = edition.scorecard()
    fed = {feed.check for d in card.dimensions if d.per == "contact" for item in d.items for feed in item.feeds}
    return frozenset({*fed, *(one.check for one in card.fatal), *(one.check for one in card.deductions)})


@dataclass(frozen=True)
class Look:
    """One contact that people reviewed in the random sample: their answers by question."""

    contact_id: str
    day: date
    probability: float
    evaluation: Any
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """The random human sample of a window beside the machine's verdicts on the same contacts.

    `contacts` is what the drawn days held, of which `looks` were reviewed (X12). `unjudged` are reviewed days that the
    record holds and this edition has not judged: as long as there are any, the figures rest on a part of the reviews.
    """

    edition: Edition
    policy: TrustPolicy
    first: date
    last: date
    contacts: int
    looks: Sequence[Look]
    machine: Mapping[str, Mapping[str, str]]
    unjudged: Sequence[date]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(questions_of(form_for(self.edition)).values()) if self.edition.scorecards else ()

    def pairs(self, check: str) -> list[tuple[Look, Pair]]:
        """Contacts that say something about the check, in order of day and contact; none about one that is measured."""
        if check in TIMED:
            return []
        asked = questions_about(check, self.questions)
        if not asked:
            return []
        found = (
            (look, pair_of(check, asked, self.machine.get(look.contact_id, {}), look.answers)) for look in self.looks
        )
        return [(look, pair) for look, pair in found if pair is not None]

    def accuracy(self, check: str) -> Accuracy:
        rows = [Reviewed(pair.machine, pair.human, look.probability) for look, pair in self.pairs(check)]
        return accuracy_of(rows, least=self.policy.least, confidence=self.policy.confidence)


def sample_of(edition: Edition, at: datetime) -> Sample:
    """The reviews that were released by a moment, of the days of the edition's window before it.

    Evaluations by any version of the same standard tell what is true; the verdicts are this edition's.
    """
    policy = trust_policy(edition)
    first, last = _window(edition, at)
    looks = _looks(edition, at)
    held = Draw.objects.filter(day__gte=first, day__lte=last).aggregate(all=Sum("contacts"))["all"] or 0
    days = sorted({look.day for look in looks})
    return Sample(edition, policy, first, last, held, looks, _machine(edition, looks), _unjudged(edition, days))


def reviewed_days(edition: Edition, at: datetime) -> list[date]:
    """The days of the edition's window before a moment of which `sample_of` takes reviews."""
    days = _reviewed(edition, at).order_by().values_list("assignment__day", flat=True).distinct()
    return sorted(days)


def _window(edition: Edition, at: datetime) -> tuple[date, date]:
    last = timezone.localdate(at)
    return last - timedelta(days=trust_policy(edition).window_days), last


def _reviewed(edition: Edition, at: datetime) -> EvaluationQuerySet:
    return (
        Evaluation.objects.in_force(at).of_random_sample().between(*_window(edition, at)).filter(edition_ref=edition.id)
    )


def _unjudged(edition: Edition, days: Sequence[date]) -> list[date]:
    head = open_archive().head()
    judged, held = head.files(verdicts_of(edition.hash)), head.files("contacts")
    return [day for day in days if day_key(day) in held and day_key(day) not in judged]


def _looks(edition: Edition, at: datetime) -> list[Look]:
    first, last = _window(edition, at)
    names = (
        "pk", "assignment__contact_id", "assignment__day", "assignment__draw_id", "assignment__inclusion_ppm",
    )  # fmt: skip
    rows = list(_reviewed(edition, at).order_by("assignment__day", "assignment__contact_id").values_list(*names))
    chances = probabilities(((draw, ppm) for *_, draw, ppm in rows), first, last)
    answers: dict[Any, dict[str, str]] = {pk: {} for pk, *_ in rows}
    # of every version: to ask for those in force costs more than to pass the few others by
    told = Answer.objects.filter(
        given_by=Answer.Giver.PERSON, evaluation__released_at__lte=at, evaluation__edition_ref=edition.id,
        evaluation__assignment__day__range=(first, last), evaluation__assignment__kind=Assignment.Kind.RANDOM,
    ).order_by()  # fmt: skip
    for evaluation, item, verdict in told.values_list("evaluation_id", "item", said_blind()).iterator():
        if evaluation in answers:
            answers[evaluation][item] = verdict
    return [Look(contact, day, chances[draw, ppm], pk, answers[pk]) for pk, contact, day, draw, ppm in rows]


def _machine(edition: Edition, looks: Sequence[Look]) -> dict[str, dict[str, str]]:
    reader = Reader(open_archive())
    by_day: dict[date, list[str]] = {}
    for look in looks:
        by_day.setdefault(look.day, []).append(look.contact_id)
    found: dict[str, dict[str, str]] = {}
    for day, contacts in by_day.items():
        table = reader.table(
            "verdicts", days=(day, day), columns=["contact_id", "item", "verdict"], where={"contact_id": contacts},
            edition=edition.hash,
        )  # fmt: skip
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        for contact, item, verdict in frame.select(pl.all().cast(pl.String)).iter_rows():
            found.setdefault(contact, {})[item] = verdict
    return found


def reckoning_of(sample: Sample, at: datetime) -> Reckoning:
    """Precision and recall of every check by what people released until a moment; not saved."""
    edition = sample.edition
    figures = {check: accuracy_told(sample.accuracy(check)) for check in edition.checks}
    row = Reckoning(
        edition=edition.hash, first_day=sample.first, last_day=sample.last, contacts=sample.contacts,
        reviewed=len(sample.looks), figures=figures, reckoned_at=at,
    )  # fmt: skip
    newest = Evaluation.objects.released().filter(released_at__lte=at).aggregate(at=Max("released_at"))["at"]
    row.basis = content_hash(
        {"figures": figures, "days": [sample.first, sample.last], "contacts": sample.contacts, "released": newest}
    )
    return row


def newest_reckoning(edition: Edition) -> Reckoning | None:
    return Reckoning.objects.filter(edition=edition.hash).order_by("-reckoned_at").first()


def is_due(edition: Edition, at: datetime) -> bool:
    """Was anything released, found or judged since the last reckoning, has a day begun since, or waits a reviewed day for
    its verdicts?"""
    last = newest_reckoning(edition)
    if last is None or last.last_day < timezone.localdate(at):
        return True
    since = {"released_at__gt": last.reckoned_at, "released_at__lte": at}
    ran = FairnessRun.objects.filter(standard=edition.id, finished_at__gt=last.reckoned_at)
    judged = JudgingRun.objects.filter(edition_hash=edition.hash, finished_at__gt=last.reckoned_at)
    if Evaluation.objects.of_random_sample().filter(**since).exists() or ran.exists() or judged.exists():
        return True
    return bool(_unjudged(edition, reviewed_days(edition, at)))


def editions_used(day: date) -> list[Edition]:
    """Editions in force for any part of the department on a day, else the shipped one to start with."""
    rows = [row.content() for row in PublishedEdition.objects.in_force_on(day)]
    return rows or [edition_in_use(day)]


def accuracy_told(found: Accuracy) -> dict[str, Any]:
    """As it is kept beside a move or in a reckoning."""
    return {
        "reviewed": found.reviewed,
        "precision": _estimate_told(found.precision),
        "recall": _estimate_told(found.recall),
    }


def accuracy_read(kept: Mapping[str, Any]) -> Accuracy:
    """The same read again."""
    return Accuracy(Estimate(**kept["precision"]), Estimate(**kept["recall"]), kept["reviewed"])


def _estimate_told(figure: Estimate) -> dict[str, Any]:
    bounds = {name: _rounded(getattr(figure, name)) for name in ("value", "low", "high")}
    return {**bounds, "n": figure.n, "reason": figure.reason}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SHARE_DECIMALS)


SHARE_DECIMALS = 6
