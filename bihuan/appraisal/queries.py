"""Reads of results: the set that holds for a month, and what lies below a total, down to the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import QuerySet

from bihuan.appraisal.decisions import UNDECIDED, Decided, decided_until
from bihuan.appraisal.inputs import last_day, scores_between
from bihuan.appraisal.keeping import kept_edition
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.rules.month import DaySum
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.kit.numbers import MILLI, divided
from bihuan.standards.choosing import edition_by_hash, hashes_in_use
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


def set_in_use(month: date) -> ResultSet | None:
    """The results that hold for a month: the first of `official_sets`."""
    return next(iter(official_sets(month)), None)


def newest_set(month: date, *, edition: str) -> ResultSet | None:
    """The latest results of a month under the edition with this hash, whether or not it is in use."""
    return ResultSet.objects.filter(month=month, edition_hash=edition).order_by("-sequence").first()


def official_sets(month: date) -> list[ResultSet]:
    """The sets of a month computed by the edition in use for it, now or when they were computed; what holds comes first.

    Whoever computes a month under another edition compares: such a set is opened by choice and never takes the place of these.
    """
    return _official(ResultSet.objects.filter(month=month)).get(month, [])


def sets_in_use() -> dict[date, ResultSet]:
    """The results that hold for every month; two queries."""
    return {month: sets[0] for month, sets in _official(ResultSet.objects.all()).items()}


def _official(rows: QuerySet[ResultSet]) -> dict[date, list[ResultSet]]:
    kept = list(rows.select_related("computed_by"))
    hashes = hashes_in_use({last_day(one.month) for one in kept})
    found: dict[date, list[tuple[bool, int, ResultSet]]] = {}
    for one in kept:
        is_held = one.edition_hash == hashes[last_day(one.month)]
        if is_held or one.by_edition_in_use:
            found.setdefault(one.month, []).append((is_held, one.sequence, one))
    ordered = {month: sorted(sets, key=lambda entry: entry[:2], reverse=True) for month, sets in found.items()}
    return {month: [one for _, _, one in sets] for month, sets in ordered.items()}


def months() -> list[date]:
    """Months that have results, newest first."""
    return list(ResultSet.objects.order_by("-month").values_list("month", flat=True).distinct())


def history_of(result: Result) -> list[Result]:
    """The person's results under the scheme month by month, oldest first, this one among them: those that hold, or the
    newest by the same edition where the result is but a comparison."""
    own = result.set
    same = ResultSet.objects.filter(edition_hash=own.edition_hash).order_by("sequence")
    others = sets_in_use() if own.by_edition_in_use else {kept.month: kept for kept in same}
    sets = {month: kept.pk for month, kept in others.items()} | {own.month: own.pk}
    rows = Result.objects.filter(person=result.person, scheme=result.scheme, set__in=sets.values())
    return list(rows.select_related("set").defer("tree", "days").order_by("set__month"))


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
    return [_contact_score(row) for row in _scored(result, day, day).iter_rows(named=True)]


def lowest_contacts(result: Result, count: int) -> list[tuple[date, ContactScore]]:
    """The person's `count` lowest contacts of the whole month with their days, the lowest first."""
    scores = _scored(result, result.set.month, last_day(result.set.month)).drop_nulls("score_milli").head(count)
    return [(row["day"], _contact_score(row)) for row in scores.iter_rows(named=True)]


def _scored(result: Result, first: date, last: date) -> pl.DataFrame:
    edition, decided = edition_of_set(result.set), decisions_of(result.set)
    scores = scores_between(reader_of(result.set), edition, first, last, person=result.person, decided=decided)
    return scores.sort("score_milli", "contact_id", nulls_last=True)


def _contact_score(row: dict[str, Any]) -> ContactScore:
    score, unfailed, coverage = (_points(row[name]) for name in ("score_milli", "unfailed_milli", "coverage_milli"))
    return ContactScore(row["contact_id"], score, unfailed, coverage, row["fatal"])


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
