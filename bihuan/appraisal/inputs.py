"""Gathers what a month's totals are made of, from the record: scores of contacts and figures, by person and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from bihuan.appraisal.decisions import UNDECIDED, Decided
from bihuan.appraisal.quality import MachineScores, Reviews, no_reviews, quality_of
from bihuan.appraisal.rules.month import DAILY_SCORE, DaySum, Figure, Part, PersonMonth
from bihuan.appraisal.scoping import people_scopes
from bihuan.archive.reader import Reader
from bihuan.inspection.members import outside
from bihuan.inspection.trust.standing import scored_checks
from bihuan.kit.numbers import MILLI, divided
from bihuan.metrics.figures import Column
from bihuan.metrics.query import figures
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.applying import where_of
from bihuan.standards.rules.edition import AppliesTo, Edition
from bihuan.standards.rules.scoring import score_contacts

# an input of an edition → the metric that gives it; what is not listed has no source in the record yet
METRIC_OF: Final[Mapping[str, str]] = {
    "positive_rate": "csat_top2",
    "five_star_share": "csat_top1",
    "complaint_rate": "complaint_rate",
    "first_contact_resolution": "first_contact_resolution",
    "resolution_rate": "resolution_rate",
    "nps": "nps",
}
NPS_POINTS: Final = 100
SERVED: Final = "served_contacts"
PROVISIONAL: Final = "provisional"
"""The reason beside a figure that time may still change: it is told, and may be told otherwise later."""
DAILY_SCORE_BY_CONTACT: Final = "daily_score_by_contact"

DAYS_AT_ONCE: Final = 7
"""Equal sets of verdicts are settled once for all days read together; more days would only cost memory."""

Progress = Callable[[str, int, int], None]


def month_of(
    reader: Reader, edition: Edition, first: date, *, as_of_us: int, decided: Decided = UNDECIDED,
    reviews: Reviews | None = None, progress: Progress | None = None,
) -> list[PersonMonth]:  # fmt: skip
    """Every person who served in the month that begins on `first`, with all inputs the edition's schemes may take; of the
    part of the department the edition is for."""
    last, reviews = last_day(first), reviews or no_reviews(edition)
    scores, machine = _daily_scores(reader, edition, first, last, decided, reviews, progress)
    metrics = _metric_figures(reader, edition, first, last, as_of_us)
    scopes = people_scopes(reader, edition.applies_to, (first, last))
    return [
        PersonMonth(
            person=person,
            name=name,
            team=team,
            contacts=metrics[person][SERVED].n,
            fatal_contacts=sum(day.fatal for day in scores[person].values()),
            figures={**_score_figures(scores[person]), **metrics[person]},
            days=scores[person],
            quality=quality_of(machine.of(person), reviews),
            scope=scopes.get(person, {}),
        )
        for person, name, team in _people(reader, edition.applies_to, first, last)
        if person in metrics
    ]


def last_day(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def days_of(first: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last_day(first) - first).days + 1)]


def scores_between(
    reader: Reader,
    edition: Edition,
    first: date,
    last: date,
    *,
    person: str | None = None,
    decided: Decided = UNDECIDED,
) -> pl.DataFrame:
    """Scores of the contacts of these days that a person served and that were no test; of one person where given. What
    people decided by appeal counts in the machine's place.

    Columns as `score_contacts` answers: contact_id, person, day, score_milli, unfailed_milli, coverage_milli, fatal.
    Empty where nothing was judged.
    """
    return _Judged.of(reader, edition, (first, last), person).scores(decided)


@dataclass(frozen=True)
class _Judged:
    """The verdicts of some days that a score takes notice of, and which of their contacts a person served and were no
    test."""

    edition: Edition
    verdicts: pl.DataFrame
    served: pl.Series

    @classmethod
    def of(cls, reader: Reader, edition: Edition, days: tuple[date, date], person: str | None = None) -> _Judged:
        who = {"person": person} if person else {}
        items = ["contact_id", "item", "verdict", "person", "day"]
        scored = {"item": sorted(scored_checks(edition))}
        read = reader.table("verdicts", days=days, columns=items, where={**who, **scored}, edition=edition.hash)
        verdicts = pl.from_arrow(read)
        wanted = ["contact_id", "ineffective_reason", "is_primary", "agent_messages", *where_of(edition.applies_to)]
        rollup = pl.from_arrow(reader.table("rollup", days=days, columns=wanted, where=who))
        assert isinstance(verdicts, pl.DataFrame)
        assert isinstance(rollup, pl.DataFrame)
        no_test = pl.col("ineffective_reason").fill_null("") != "test"
        inside = outside(edition.applies_to).is_null()
        served = rollup.filter(pl.col("is_primary") & (pl.col("agent_messages") > 0) & no_test & inside)
        return cls(edition, verdicts.filter(pl.col("person").is_not_null()), served["contact_id"])

    def scores(self, decided: Decided) -> pl.DataFrame:
        # contacts are left out after they were scored: then thousands are looked up and not the millions of their verdicts
        return self._served(score_contacts(self.edition, decided.in_frame(self.verdicts)))

    def unsettled(self, scores: pl.DataFrame, decided: Decided) -> pl.DataFrame:
        """The same `scores` as the machine alone gave them: nothing that people decided stands in its place."""
        if not decided.answers:
            return scores
        settled = pl.col("contact_id").is_in(list({contact for contact, _check in decided.answers}))
        own = replace(decided, answers={}).in_frame(self.verdicts.filter(settled))
        return pl.concat([scores.filter(~settled), self._served(score_contacts(self.edition, own))])

    def _served(self, scores: pl.DataFrame) -> pl.DataFrame:
        return scores.filter(pl.col("contact_id").is_in(self.served.implode()))


def _daily_scores(
    reader: Reader, edition: Edition, first: date, last: date, decided: Decided, reviews: Reviews,
    progress: Progress | None,
) -> tuple[defaultdict[str, dict[date, DaySum]], MachineScores]:  # fmt: skip
    """Sums by person and day, with what people settled; and what the machine alone said, beside people's reviews."""
    gathered: defaultdict[str, dict[date, DaySum]] = defaultdict(dict)
    machine = MachineScores(reviews)
    days = days_of(first) if edition.scorecards else []
    for at in range(0, len(days), DAYS_AT_ONCE):
        chunk = days[at : at + DAYS_AT_ONCE]
        judged = _Judged.of(reader, edition, (chunk[0], chunk[-1]))
        scores = judged.scores(decided)
        machine.add(judged.unsettled(scores, decided))
        for person, day, *sums in _day_sums(scores).iter_rows():
            gathered[person][day] = DaySum(*sums)
        if progress:
            progress("scores", at + len(chunk), len(days))
    return gathered, machine


def _day_sums(scores: pl.DataFrame) -> pl.DataFrame:
    return (
        scores.group_by("person", "day")
        .agg(
            judged=pl.len(),
            scored=pl.col("score_milli").count(),
            score_milli=pl.col("score_milli").sum(),
            coverage_milli=pl.col("coverage_milli").sum(),
            fatal=pl.col("fatal").sum(),
        )
        .sort("person", "day")
    )


def _score_figures(days: Mapping[date, DaySum]) -> dict[str, Figure]:
    """The monthly mean is the mean of day scores; the contact-weighted variant has its own name (X19)."""
    judged, scored = (sum(getattr(day, name) for day in days.values()) for name in ("judged", "scored"))
    coverage = divided(sum(day.coverage_milli for day in days.values()), judged * MILLI, 3)
    reason = "" if scored else ("too_little_judged" if judged else "not_judged")
    by_day = {at: Part(mean, 1) for at, day in days.items() if (mean := day.mean_milli) is not None}
    by_contact = {at: Part(day.score_milli, day.scored) for at, day in days.items() if day.scored}
    return {
        DAILY_SCORE: Figure(by_day, scored, coverage, reason, per=MILLI),
        DAILY_SCORE_BY_CONTACT: Figure(by_contact, scored, coverage, reason, per=MILLI),
    }


def _metric_figures(
    reader: Reader, edition: Edition, first: date, last: date, as_of_us: int
) -> dict[str, dict[str, Figure]]:
    params = metric_params(edition)
    names = sorted({SERVED, *METRIC_OF.values()})
    part = where_of(edition.applies_to)
    answer = figures(
        reader, names, by=("agent", "day"), period=(first, last), where=part, params=params, as_of_us=as_of_us
    )
    people = sorted({person for person, _ in answer.keys if person is not None})
    rows: dict[str | None, list[int]] = defaultdict(list)
    for at, (person, _) in enumerate(answer.keys):
        rows[person].append(at)
    days = [date.fromisoformat(day) if day else None for _, day in answer.keys]
    told = {name: _Sums.of(answer.columns[metric], days) for name, metric in {SERVED: SERVED, **METRIC_OF}.items()}
    return {person: {name: _figure(sums, rows[person]) for name, sums in told.items()} for person in people}


@dataclass(frozen=True)
class _Sums:
    """A metric's column in plain numbers, which are read one by one many times faster than those of an array."""

    days: list[date | None]
    unit: int
    numerator: list[int]
    denominator: list[int]
    unsure: list[int]
    pending: list[int]

    @classmethod
    def of(cls, column: Column, days: list[date | None]) -> _Sums:
        unit = NPS_POINTS if column.metric.unit == "nps" else 1
        parts = (column.numerator, column.denominator, column.unsure, column.pending)
        return cls(days, unit, *(part.tolist() for part in parts))


def _figure(sums: _Sums, rows: list[int]) -> Figure:
    """One person's figure by day; NPS counts in points of 100, shares in wholes.

    A day on which nothing stands below the line may hold something above it: a valid complaint about a repeat (X10).
    """
    parts = {
        day: Part(sums.numerator[at] * sums.unit, below)
        for at in rows
        if (day := sums.days[at]) is not None and ((below := sums.denominator[at]) or sums.numerator[at])
    }
    n = sum(part.denominator for part in parts.values())
    unsure = sum(sums.unsure[at] for at in rows)
    still_open = any(sums.pending[at] for at in rows)
    missing = "cannot_tell" if unsure else "nothing_recorded"
    reason = (PROVISIONAL if still_open else "") if n else missing
    return Figure(parts, n, divided(n * 100, n + unsure, 3), reason)


def _people(reader: Reader, part: AppliesTo, first: date, last: date) -> Iterable[tuple[str, str, str]]:
    """(person, name, team of the last contact of the part), in order of staff number."""
    columns = ["contact_id", "person", "opened_us", "team", *(name for name in where_of(part) if name != "team")]
    rollup = pl.from_arrow(reader.table("rollup", days=(first, last), columns=columns))
    staff = pl.from_arrow(reader.table("staff", columns=["person", "name", "from_us"]))
    assert isinstance(rollup, pl.DataFrame)
    assert isinstance(staff, pl.DataFrame)
    names = dict(staff.sort("from_us").select("person", "name").iter_rows())
    served = (
        rollup.filter(pl.col("person").is_not_null() & outside(part).is_null())
        .sort("opened_us", "contact_id")
        .group_by("person")
        .agg(team=pl.col("team").drop_nulls().last())
        .sort("person")
    )
    for person, team in served.iter_rows():
        yield person, names.get(person) or person, team or ""
