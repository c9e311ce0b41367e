"""What changes for whom between two editions: the same conversations judged and scored by both. Knows no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from bihuan.kit.numbers import MILLI, divided
from bihuan.metrics.intervals import t_interval
from bihuan.standards.checks.engine import Engine
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contacts
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.workplace.drafts.sample import Sample

ABSENT: Final = "absent"
"""What stands for the verdict of a check that one of the editions does not have."""
CASES: Final = 20
_AT_ONCE: Final = 100  # conversations judged between two tellings of how far it came
_DECIMALS: Final = 2

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Group:
    """A team or a person (None: everybody): of `n` conversations `touched` get another verdict or score.

    Scores are means on 0–100 over the `scored` conversations that both editions can score; `change` is the mean of
    the paired differences with its interval [low, high]. Decimals are texts, missing ones None.
    """

    key: str | None
    n: int
    touched: int
    verdicts: int
    scored: int
    before: str | None
    after: str | None
    change: str | None
    low: str | None
    high: str | None
    fatal_before: int
    fatal_after: int


def effects(old: Edition, new: Edition, sample: Sample, *, confidence: float, told: Told) -> dict[str, Any]:
    """All that a comparison tells, as plain values. `told` hears how many judgements of how many are done."""
    total = 2 * sample.read
    before = _judged(old, sample, lambda done: told(done, total))
    after = _judged(new, sample, lambda done: told(sample.read + done, total))
    moves = _moves(before, after)
    rows = _contacts(sample, moves, _scores(old, before), _scores(new, after))
    teams = [_group(key[0] or "", part, confidence) for key, part in rows.group_by("team", maintain_order=True)]
    people = [_group(key[0] or "", part, confidence) for key, part in rows.group_by("person", maintain_order=True)]
    return {
        "population": sample.population,
        "drawn": sample.drawn,
        "all": asdict(_group(None, rows, confidence)),
        "checks": _by_check(moves),
        "teams": [asdict(one) for one in _hardest_first(teams)],
        "people": [asdict(one) for one in _hardest_first(people)],
        "contacts": _cases(rows),
    }


def _judged(edition: Edition, sample: Sample, told: Callable[[int], None]) -> pl.DataFrame:
    """contact_id, item, verdict of every check of the edition."""
    engine, ids, tables = Engine.for_edition(edition), sample.batch.contacts["contact_id"], []
    for start in range(0, max(len(ids), 1), _AT_ONCE):
        part = sample.of(ids[start : start + _AT_ONCE])
        tables.append(engine.judge(part.batch).select("contact_id", "item", "verdict"))
        told(min(start + _AT_ONCE, len(ids)))
    return pl.concat(tables)


def _moves(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """contact_id, item, before, after where they differ; a check that came or went counts where it finds something."""
    both = before.rename({"verdict": "before"}).join(
        after.rename({"verdict": "after"}), on=["contact_id", "item"], how="full", coalesce=True
    )
    filled = both.with_columns(pl.col("before", "after").fill_null(ABSENT))
    came_or_went = (pl.col("before") == ABSENT) | (pl.col("after") == ABSENT)
    finds = (pl.col("before") == VIOLATED) | (pl.col("after") == VIOLATED)
    return filled.filter((pl.col("before") != pl.col("after")) & (~came_or_went | finds))


def _scores(edition: Edition, verdicts: pl.DataFrame) -> pl.DataFrame:
    """contact_id, score (milli-points, null where it cannot be told), fatal; empty where the edition scores nothing."""
    if not edition.scorecards:
        return pl.DataFrame(schema={"contact_id": pl.String, "score": pl.Int64, "fatal": pl.Boolean})
    return score_contacts(edition, verdicts).select("contact_id", pl.col("score_milli").alias("score"), "fatal")


def _contacts(sample: Sample, moves: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """One row per conversation: contact_id, person, team, verdicts (how many move), old, new, fatal_old, fatal_new."""
    moved = moves.group_by("contact_id").agg(verdicts=pl.len().cast(pl.Int64))
    return (
        sample.served.unique("contact_id", keep="first", maintain_order=True)
        .join(moved, on="contact_id", how="left", maintain_order="left")
        .join(old.rename({"score": "old", "fatal": "fatal_old"}), on="contact_id", how="left", maintain_order="left")
        .join(new.rename({"score": "new", "fatal": "fatal_new"}), on="contact_id", how="left", maintain_order="left")
        .with_columns(pl.col("verdicts").fill_null(0), pl.col("fatal_old", "fatal_new").fill_null(False))
        .with_columns(touched=(pl.col("verdicts") > 0) | pl.col("old").ne_missing(pl.col("new")))
    )


def _group(key: str | None, rows: pl.DataFrame, confidence: float) -> Group:
    pairs = rows.drop_nulls(["old", "new"])
    change = (pairs["new"] - pairs["old"]).to_list()
    low, high = _interval(change, confidence)
    return Group(
        key=key,
        n=rows.height,
        touched=int(rows["touched"].sum()),
        verdicts=int(rows["verdicts"].sum()),
        scored=len(change),
        before=_mean(pairs["old"].to_list()),
        after=_mean(pairs["new"].to_list()),
        change=_mean(change),
        low=low,
        high=high,
        fatal_before=int(rows["fatal_old"].sum()),
        fatal_after=int(rows["fatal_new"].sum()),
    )


def _mean(milli: Sequence[int]) -> str | None:
    found = divided(sum(milli), len(milli) * MILLI, _DECIMALS) if milli else None
    return None if found is None else str(found)


def _interval(milli: Sequence[int], confidence: float) -> tuple[str | None, str | None]:
    if len(milli) < 2:
        return None, None
    points = pl.Series(milli, dtype=pl.Float64) / MILLI
    low, high = t_interval(points.mean(), points.std(), len(milli), confidence)  # type: ignore[arg-type]  # not null here
    return f"{float(low):.{_DECIMALS}f}", f"{float(high):.{_DECIMALS}f}"


def _hardest_first(groups: Sequence[Group]) -> list[Group]:
    """Whose mean falls furthest first, then who rises; equal ones by how much is touched."""
    return sorted(groups, key=lambda one: (float(one.change or 0), -one.touched, one.key or ""))


def _by_check(moves: pl.DataFrame) -> list[dict[str, Any]]:
    """item, before, after, n: the most frequent first."""
    counted = moves.group_by("item", "before", "after").agg(n=pl.len())
    return counted.sort(["n", "item", "before", "after"], descending=[True, False, False, False]).to_dicts()


def _cases(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The conversations that change most: their scores in milli-points and how many verdicts move."""
    touched = rows.filter("touched").with_columns(size=(pl.col("new") - pl.col("old")).abs().fill_null(0))
    ordered = touched.sort(["size", "verdicts", "contact_id"], descending=[True, True, False]).head(CASES)
    return ordered.select("contact_id", "person", "old", "new", "verdicts").to_dicts()
