"""Rows of a file become reviews on platforms: one row each, about no contact yet (`archive.linking`)."""

from __future__ import annotations

from typing import Final

import polars as pl

from bihuan.archive.sources.building import checked, filled, selected
from bihuan.archive.sources.expressions import KEY, columns_of, moment_column
from bihuan.archive.sources.fields import compiled
from bihuan.archive.sources.mapping import Mapping
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import LINE
from bihuan.kit.clock import DAY
from bihuan.kit.ids import content_id

REVIEWS: Final = "platform_reviews"


def reviews(rows: pl.DataFrame, mapping: Mapping, rejects: Rejects, *, told_us: int) -> pl.DataFrame:
    """The reviews of one batch. Refused is what cannot be used, what was written after `told_us`, and a number's second row."""
    said = mapping.part("reviews")
    rows = _without_future(rows.sort(LINE), mapping, rejects, told_us)
    fields = compiled(REVIEWS, said["fields"])
    found = filled(checked(rows.select(selected(fields, [LINE, KEY])), fields, rejects), fields, rejects)
    for line, key in found.filter(~pl.col(KEY).is_first_distinct()).select(LINE, KEY).iter_rows():
        rejects.add(line, mapping.subject, "repeated_id", key)
    found = found.unique(KEY, keep="first", maintain_order=True)
    ids = [content_id(mapping.source, REVIEWS, key) for key in found[KEY]]
    given: dict[str, pl.Series | pl.Expr] = {
        "review_id": pl.Series(ids, dtype=pl.String),
        "external_id": pl.col(KEY),
        "within_us": pl.lit(said["link"]["within_days"] * DAY, dtype=pl.Int64),
        "source": pl.col("source") if "source" in found.columns else pl.lit(mapping.source),
    }
    return found.with_columns(**given).drop(LINE, KEY)


def _without_future(rows: pl.DataFrame, mapping: Mapping, rejects: Rejects, told_us: int) -> pl.DataFrame:
    """Only rows that were written before they were told: nobody can have read the others."""
    name = mapping.part("reviews")["fields"].get("posted", {}).get("moment")
    if name is None:
        return rows
    later = (pl.col(moment_column(name)) > told_us).fill_null(False)
    written = columns_of(mapping.part("moments")[name].get("text", "")) or moment_column(name)
    for line, value in rows.filter(later).select(LINE, pl.col(written).cast(pl.String)).iter_rows():
        rejects.add(line, name, "time_in_future", value)
    return rows.filter(~later)
