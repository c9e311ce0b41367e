"""Which contacts people look at: a stratified random draw that anybody can repeat, as columns (S3-10).

Every drawn contact keeps the probability it was drawn with, so that estimates can weigh it. The same seed and the same
contacts give the same draw on every machine and in any order of rows: what is random is a stream of raw bits that
numpy guarantees, laid beside the contacts in the order of their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np
import polars as pl

from bihuan.kit.ids import content_hash

PPM: Final = 1_000_000
POOLED: Final = "pooled"
UNKNOWN: Final = "unknown"
TIMES_OF_DAY: Final = ("morning", "afternoon", "evening")
DRAWN: Final = pl.Schema({"contact_id": pl.String(), "stratum": pl.String(), "inclusion_ppm": pl.Int64()})
_SEED_HEX: Final = 32  # 128 bits, as much as the generator takes


@dataclass(frozen=True)
class SamplingPlan:
    """How contacts of a day are drawn. Shares between 0 and 1; the day's parts begin at these hours."""

    low: Decimal
    high: Decimal
    least_per_stratum: int
    afternoon_from: int
    evening_from: int
    seed: int


@dataclass(frozen=True)
class Stratum:
    """A part of the day's contacts: how many there are, and how many were drawn."""

    name: str
    contacts: int
    drawn: int

    @property
    def inclusion(self) -> Fraction:
        """The probability of each of its contacts to be drawn."""
        return Fraction(self.drawn, self.contacts)

    @property
    def inclusion_ppm(self) -> int:
        return round(self.inclusion * PPM)


@dataclass(frozen=True)
class DrawResult:
    """`sample`: contact_id, stratum, inclusion_ppm, sorted by contact; `strata` in the order of their names."""

    sample: pl.DataFrame
    strata: tuple[Stratum, ...]

    @property
    def contacts(self) -> int:
        return sum(stratum.contacts for stratum in self.strata)

    @property
    def drawn(self) -> int:
        return sum(stratum.drawn for stratum in self.strata)


def time_of_day(hour: pl.Expr, plan: SamplingPlan) -> pl.Expr:
    """morning, afternoon or evening by the hour of the department's clock; unknown without one."""
    words = [pl.lit(word) for word in TIMES_OF_DAY]
    later = pl.when(hour < plan.evening_from).then(words[1]).otherwise(words[2])
    return (
        pl.when(hour.is_null()).then(pl.lit(UNKNOWN)).when(hour < plan.afternoon_from).then(words[0]).otherwise(later)
    )


def stratum_of(hour: pl.Expr, channel: pl.Expr, agent_class: pl.Expr, plan: SamplingPlan) -> pl.Expr:
    """`morning/chat/new`: time of day × channel × agent class (S3-10)."""
    parts = [time_of_day(hour, plan), channel.fill_null(UNKNOWN), agent_class.fill_null(UNKNOWN)]
    return pl.concat_str(parts, separator="/")


def draw(contacts: pl.DataFrame, plan: SamplingPlan, *, occasion: str) -> DrawResult:
    """Draw from `contacts` (contact_id, stratum; each contact once).

    `occasion` says what the draw is for (a day and the record's hash): another occasion draws others. At least
    `plan.low` of all and, with five contacts or more, at most `plan.high`; every stratum gets its share and at least
    `least_per_stratum`. Where these minimums do not fit under the limit, the smallest strata are pooled.
    """
    strata = allotted(contacts, plan)
    names = _pooled_names(contacts, strata)
    chosen = pl.DataFrame(
        {
            "stratum": [s.name for s in strata],
            "take": [s.drawn for s in strata],
            "ppm": [s.inclusion_ppm for s in strata],
        },
        schema={"stratum": pl.String, "take": pl.Int64, "ppm": pl.Int64},
    )
    ranked = (
        names.sort("contact_id")
        .with_columns(luck=random_keys(names.height, plan.seed, occasion))
        .with_columns(place=pl.col("luck").rank("ordinal").over("stratum"))
        .join(chosen, on="stratum", how="left")
    )
    taken = ranked.filter(pl.col("place") <= pl.col("take")).sort("contact_id")
    sample = taken.rename({"ppm": "inclusion_ppm"}).select(DRAWN.names())
    return DrawResult(sample, strata)


def random_keys(count: int, seed: int, *occasion: str) -> pl.Series:
    """A random number for each of `count` rows, the same for the same seed and occasion."""
    digest = int(content_hash([seed, *occasion])[:_SEED_HEX], 16)
    return pl.Series("luck", np.random.PCG64(digest).random_raw(count), dtype=pl.UInt64)


def allotted(contacts: pl.DataFrame, plan: SamplingPlan) -> tuple[Stratum, ...]:
    """How many are drawn from each stratum, before anything is drawn."""
    counted = contacts.group_by("stratum").len().sort("stratum")
    sizes: dict[str, int] = dict(counted.iter_rows())
    if not sizes:
        return ()
    total = sum(sizes.values())
    least = ceil(Fraction(plan.low) * total)
    most = max(floor(Fraction(plan.high) * total), least)
    takes = _takes(sizes, plan, least)
    while sum(takes.values()) > most and len(sizes) > 1:
        sizes = _pool_two(sizes)
        takes = _takes(sizes, plan, least)
    if sum(takes.values()) > most:
        takes = dict.fromkeys(sizes, most)
    return tuple(Stratum(name, sizes[name], takes[name]) for name in sorted(sizes))


def _takes(sizes: dict[str, int], plan: SamplingPlan, least: int) -> dict[str, int]:
    """Shares by largest remainder, raised to the minimum of a stratum."""
    total = sum(sizes.values())
    exact = {name: Fraction(least * size, total) for name, size in sizes.items()}
    takes = {name: floor(share) for name, share in exact.items()}
    by_rest = sorted(sizes, key=lambda name: (takes[name] - exact[name], name))
    for name in by_rest[: least - sum(takes.values())]:
        takes[name] += 1
    return {name: min(size, max(takes[name], plan.least_per_stratum)) for name, size in sizes.items()}


def _pool_two(sizes: dict[str, int]) -> dict[str, int]:
    """The smallest stratum joins the pool, which begins with the two smallest."""
    rest = {name: size for name, size in sizes.items() if name != POOLED}
    pool = sizes.get(POOLED, 0)
    for _ in range(1 if pool else 2):
        if rest:
            smallest = min(rest, key=lambda name: (rest[name], name))
            pool += rest.pop(smallest)
    return {**rest, POOLED: pool}


def _pooled_names(contacts: pl.DataFrame, strata: tuple[Stratum, ...]) -> pl.DataFrame:
    own = [stratum.name for stratum in strata if stratum.name != POOLED]
    name = pl.when(pl.col("stratum").is_in(own)).then(pl.col("stratum")).otherwise(pl.lit(POOLED))
    return contacts.select("contact_id", name.alias("stratum"))
