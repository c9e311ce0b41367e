"""Reads of results: the newest set of a month, and what lies below a total, down to the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bihuan.appraisal.decisions import UNDECIDED, Decided, decided_until
from bihuan.appraisal.inputs import scores_between
from bihuan.appraisal.keeping import kept_edition
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.rules.month import DaySum
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.kit.numbers import MILLI, divided
from bihuan.standards.choosing import edition_by_hash
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import Verdict


@dataclass(frozen=True)
class DayScore:
    """One line of a person's daily scores: the mean of the day's contacts (0-100), how many, how much was judged."""

    day: date
    value: Decimal | None
    n: int
    coverage: Decimal | None
    fatal: int


@dataclass(frozen=True)
class ContactScore:
    """One contact of a day; `score` is None where too little could be judged."""

    contact_id: str
    score: Decimal | None
    unfailed: Decimal | None
    coverage: Decimal | None
    fatal: bool


def newest_set(month: date, *, edition: str | None = None) -> ResultSet | None:
    """The latest results of a month, of any edition or of the one with this hash."""
    sets = ResultSet.objects.filter(month=month)
    return (sets.filter(edition_hash=edition) if edition else sets).order_by("-sequence").first()


def months() -> list[date]:
    """Months that have results, newest first."""
    return list(ResultSet.objects.order_by("-month").values_list("month", flat=True).distinct())


def history_of(person: str, scheme: str) -> list[Result]:
    """A person's newest result of each month under a scheme, oldest month first."""
    rows = (
        Result.objects.filter(person=person, scheme=scheme)
        .select_related("set")
        .defer("tree", "days")
        .order_by("set__month", "set__sequence")
    )
    return list({row.set.month: row for row in rows}.values())


def reader_of(result_set: ResultSet, scope: Scope | None = None) -> Reader:
    """The record as it was when the results were computed."""
    archive = open_archive()
    return Reader(archive, archive.manifest(result_set.manifest), scope or Scope.all())


def edition_of_set(result_set: ResultSet) -> Edition:
    """The edition the results were computed by: the text kept with them, else by its hash (InputError where it is gone)."""
    return kept_edition(result_set.edition_hash) or edition_by_hash(result_set.edition_hash, result_set.edition_ref)


def day_scores(result: Result) -> list[DayScore]:
    """The person's daily scores of the month as they were kept, days without any left out."""
    return [_day_score(date.fromisoformat(day), DaySum(*sums)) for day, *sums in result.days]


def contact_scores(result: Result, day: date) -> list[ContactScore]:
    """The person's scored contacts of a day, lowest first, unscored last."""
    edition, decided = edition_of_set(result.set), decisions_of(result.set)
    scores = scores_between(reader_of(result.set), edition, day, day, person=result.person, decided=decided)
    ordered = scores.sort("score_milli", "contact_id", nulls_last=True)
    return [
        ContactScore(
            row["contact_id"],
            _points(row["score_milli"]),
            _points(row["unfailed_milli"]),
            _points(row["coverage_milli"]),
            row["fatal"],
        )
        for row in ordered.iter_rows(named=True)
    ]


def decisions_of(result_set: ResultSet) -> Decided:
    """What appeals had decided when the results were computed."""
    return decided_until(edition_of_set(result_set), result_set.computed_at)


def contact_tree(reader: Reader, edition: Edition, contact_id: str, decided: Decided = UNDECIDED) -> ScoreNode:
    """The score of one contact as a tree down to spans, from the verdicts kept in the record and what was decided."""
    return score_contact(edition, decided.on_contact(contact_id, contact_verdicts(reader, edition, contact_id)))


def contact_verdicts(reader: Reader, edition: Edition, contact_id: str) -> dict[str, Verdict]:
    """The machine's verdicts on a contact by check; empty where it was not judged by this edition."""
    rows: list[dict[str, Any]] = reader.verdicts(edition.hash, contact_ids=[contact_id]).to_pylist()
    return {row["item"]: Verdict.from_row(row) for row in rows}


def _day_score(day: date, sums: DaySum) -> DayScore:
    coverage = divided(sums.coverage_milli, sums.judged * MILLI, 1)
    return DayScore(day, _points(sums.mean_milli), sums.judged, coverage, sums.fatal)


def _points(milli: int | None) -> Decimal | None:
    return None if milli is None else Decimal(milli) / MILLI
