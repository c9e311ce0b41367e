"""Which contacts of the record belong to the part of the department an edition is for (`applies_to`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from bihuan.archive.manifest import Manifest
from bihuan.archive.store import Archive
from bihuan.archive.whole_day import whole_day
from bihuan.standards.rules.applying import OUTSIDE, PARTS, UNKNOWN, where_of
from bihuan.standards.rules.edition import AppliesTo

_READ: Final = ("contact_id", "is_primary", "day", *PARTS)


def outside(part: AppliesTo) -> pl.Expr:
    """Why a row of the roll-up is not of the part: the first that differs, or that the record does not tell (a key of
    `OUTSIDE`); null for what belongs to it. A row's team is that of its person at the time of the contact."""
    why = pl.lit(None, pl.String)
    for name, wanted in reversed(where_of(part).items()):
        told = pl.col(name).fill_null("")
        differs = pl.when(told == "").then(pl.lit(UNKNOWN + name)).otherwise(pl.lit(name))
        why = pl.when(told.is_in(list(wanted))).then(why).otherwise(differs)
    return why


@dataclass(frozen=True)
class Share:
    """How many contacts there are, how many of them are of the part, and why the others are not."""

    contacts: int
    inside: int
    outside: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {"contacts": self.contacts, "inside": self.inside, "outside": self.outside}


def share_of(rows: pl.DataFrame) -> Share:
    """The share of rows with a column `outside`."""
    counted = dict(rows.drop_nulls("outside").group_by("outside").len().iter_rows())
    return Share(rows.height, rows["outside"].null_count(), {why: counted[why] for why in OUTSIDE if why in counted})


def placed_contacts(archive: Archive, manifest: Manifest, part: AppliesTo, days: Sequence[date | None]) -> pl.DataFrame:
    """Every contact of the days as who served it last places it: contact_id, day, outside, and what it is placed by."""
    rows = pl.concat([whole_day(archive, manifest, "rollup", day, _READ) for day in days])
    return rows.filter("is_primary").select("contact_id", "day", *PARTS, outside=outside(part))


def unmet(rows: pl.DataFrame, part: AppliesTo) -> dict[str, list[str]]:
    """Names of the part that no row has, by what they name: mistyped, or nothing happened there."""
    known = {name: set(rows[name]) for name in where_of(part)}
    left = {name: [one for one in wanted if one not in known[name]] for name, wanted in where_of(part).items()}
    return {name: ones for name, ones in left.items() if ones}
