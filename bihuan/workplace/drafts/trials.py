"""Running a draft at once on a sample: what it says, how long it takes, what it just missed, what would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any, Final

import polars as pl

from bihuan.standards.checks.authored.reading import definition_of
from bihuan.standards.checks.authored.trials import Trial, trials
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import CHECKS, checks_of
from bihuan.standards.checks.scan import Scan
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import VERDICTS, VIOLATED
from bihuan.workplace.drafts.nearness import Near, near_conditions, near_scripts
from bihuan.workplace.drafts.sample import Sample
from bihuan.workplace.drafts.texts import Reading

ENOUGH_SECONDS: Final = 2.0
"""Judging a sample stops here; the usual one takes a tenth of it."""
_AT_ONCE: Final = 250  # conversations judged between two looks at the clock
VERDICT_COLUMNS: Final = ("contact_id", "verdict", "reason", "evidence")


@dataclass(frozen=True)
class Change:
    """One conversation that gets another verdict than from the published check."""

    contact_id: str
    before: str
    after: str
    person: str


@dataclass(frozen=True)
class Comparison:
    """Against the check of the same id in the edition the draft starts from, over the same conversations."""

    compared: int
    changes: Sequence[Change]

    @property
    def moves(self) -> list[tuple[str, str, int]]:
        """(before, after, how many), the most frequent first."""
        return _counted((one.before, one.after) for one in self.changes)

    @property
    def by_person(self) -> list[tuple[str, int, list[tuple[str, str, int]]]]:
        """(staff number, how many change, and from what to what), whose most change first."""
        persons = dict.fromkeys(one.person for one in self.changes)
        told = [
            (person, _counted((one.before, one.after) for one in self.changes if one.person == person))
            for person in persons
        ]
        rows = [(person, sum(count for *_, count in moves), moves) for person, moves in told]
        return sorted(rows, key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class TrialRun:
    """All that running a draft tells. `verdicts`: contact_id, verdict, reason, evidence; one row per conversation.

    `seconds` is what judging alone took; `comparison` is None where the edition has no such check.
    """

    check: Check
    sample: Sample
    verdicts: pl.DataFrame
    seconds: float
    examples: Sequence[Trial]
    near_scripts: Sequence[Near] = field(default_factory=tuple)
    near_conditions: Sequence[Near] = field(default_factory=tuple)
    comparison: Comparison | None = None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many conversations got each verdict."""
        found = dict(self.verdicts.group_by("verdict").len().iter_rows())
        return {word: found.get(word, 0) for word in VERDICTS}

    @property
    def messages(self) -> int:
        return self.sample.batch.messages.height

    @property
    def rate(self) -> int | None:
        """Messages judged a second."""
        return round(self.messages / self.seconds) if self.seconds and self.messages else None

    @property
    def failed_examples(self) -> int:
        return sum(not one.passed for one in self.examples)

    def rows(self, verdict: str, limit: int) -> list[dict[str, Any]]:
        """The first conversations with this verdict, in the order of the draw."""
        return self.verdicts.filter(pl.col("verdict") == verdict).head(limit).to_dicts()


def run_draft(
    reading: Reading, base: Edition, sample: Sample, *, clock: Callable[[], float] = perf_counter
) -> TrialRun:
    """Judge the sample by a draft without faults, and by the check of the same id in `base` where it has one."""
    assert reading.edition is not None
    setting = reading.setting
    engine = Engine.for_edition(reading.edition, only=[setting.id])
    started = clock()
    verdicts = _judged(engine, sample, lambda: clock() - started)
    seconds = clock() - started
    sample = sample.of(verdicts["contact_id"])
    scan, definition = Scan(sample.batch, engine.lexicon), definition_of(setting)
    violated = verdicts.filter(pl.col("verdict") == VIOLATED)["contact_id"].to_list()
    check = checks_of(reading.edition)[setting.id]
    return TrialRun(
        check=check,
        sample=sample,
        verdicts=verdicts,
        seconds=seconds,
        examples=tuple(trials(reading.edition, [check])),
        near_scripts=near_scripts(scan, definition),
        near_conditions=near_conditions(scan, definition, violated),
        comparison=_compared(setting.id, base, sample, verdicts),
    )


def _judged(engine: Engine, sample: Sample, spent: Callable[[], float]) -> pl.DataFrame:
    """Verdicts of the sample, part after part until all are judged or ENOUGH_SECONDS are spent: an author may ask for
    thousands of scripts, and the page must answer all the same."""
    ids, tables = sample.batch.contacts["contact_id"], []
    for start in range(0, max(len(ids), 1), _AT_ONCE):
        tables.append(engine.judge(sample.of(ids[start : start + _AT_ONCE]).batch).select(VERDICT_COLUMNS))
        if spent() > ENOUGH_SECONDS:
            break
    return pl.concat(tables)


def _compared(check_id: str, base: Edition, sample: Sample, verdicts: pl.DataFrame) -> Comparison | None:
    if check_id not in base.checks and check_id not in CHECKS:
        return None
    held = Engine.for_edition(base, only=[check_id]).judge(sample.batch).select("contact_id", before="verdict")
    both = verdicts.select("contact_id", after="verdict").join(held, on="contact_id", maintain_order="left")
    moved = both.filter(pl.col("before") != pl.col("after"))
    rows = moved.join(sample.served, on="contact_id", how="left", maintain_order="left")
    changes = [
        Change(row["contact_id"], row["before"], row["after"], row["person"] or "")
        for row in rows.iter_rows(named=True)
    ]
    return Comparison(both.height, changes)


def _counted(moves: Any) -> list[tuple[str, str, int]]:
    counts: dict[tuple[str, str], int] = {}
    for move in moves:
        counts[move] = counts.get(move, 0) + 1
    return [
        (before, after, count) for (before, after), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
