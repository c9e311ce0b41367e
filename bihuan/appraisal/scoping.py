"""What of a month an edition for a part of the department takes (`applies_to`): of all contacts, and of each person's.

A person who changed teams counts for the days in the part; how many those are is kept beside the total.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from bihuan.archive.reader import Reader
from bihuan.inspection.members import outside, share_of, unmet
from bihuan.standards.rules.applying import PARTS, kept
from bihuan.standards.rules.edition import AppliesTo


def month_scope(reader: Reader, part: AppliesTo, days: tuple[date, date]) -> dict[str, Any]:
    """The part, how many contacts of these days are of it, and why the others are not; `unmet` are names of the part that no
    contact has, where there are any. Empty for the whole department."""
    if part.is_everybody:
        return {}
    rows = _placed(reader, part, days, ["contact_id"], {"is_primary": True})
    left = unmet(rows, part)
    return {"applies_to": kept(part), **share_of(rows).to_json(), **({"unmet": left} if left else {})}


def people_scopes(reader: Reader, part: AppliesTo, days: tuple[date, date]) -> Mapping[str, dict[str, Any]]:
    """The same of what each person served, and on how many of their days: `days` and `days_inside`. Empty for the whole
    department."""
    if part.is_everybody:
        return {}
    rows = _placed(reader, part, days, ["person", "day"], {"served": 1})
    people = rows.drop_nulls("person").partition_by("person", as_dict=True)
    return {str(person): _of_person(own) for (person,), own in people.items()}


def _of_person(rows: pl.DataFrame) -> dict[str, Any]:
    inside = rows.filter(pl.col("outside").is_null())
    days = {"days": rows["day"].n_unique(), "days_inside": inside["day"].n_unique()}
    return share_of(rows).to_json() | days


def _placed(
    reader: Reader, part: AppliesTo, days: tuple[date, date], columns: list[str], where: dict[str, Any]
) -> pl.DataFrame:
    read = pl.from_arrow(reader.table("rollup", days=days, columns=[*columns, *PARTS], where=where))
    assert isinstance(read, pl.DataFrame)
    return read.with_columns(outside=outside(part))
