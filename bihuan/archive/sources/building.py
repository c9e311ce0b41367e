"""Rows of a file become rows of the record: grouped into contacts, numbered, with every unusable value named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl
import pyarrow as pa

from bihuan.archive.sources.expressions import KEY, condition
from bihuan.archive.sources.fields import Field, compiled
from bihuan.archive.sources.mapping import Mapping
from bihuan.archive.sources.meaning import PRODUCED
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import LINE
from bihuan.kit.ids import content_id

ORDER: Final = "_order"
CONTACT: Final = "contact_id"
_BASE: Final = "_base_key"
_NUMBERED: Final = ("events", "messages")
_OWN_ID: Final = {"ratings": "rating_id", "complaints": "complaint_id", "follow_ups": "follow_up_id"}


@dataclass(frozen=True)
class Built:
    """Tables of one batch of whole contacts, ready for the record but for what the record already holds."""

    tables: dict[str, pl.DataFrame]

    def arrow(self) -> dict[str, pa.Table]:
        return {name: frame.to_arrow() for name, frame in self.tables.items() if frame.height}


def build(rows: pl.DataFrame, mapping: Mapping, rejects: Rejects) -> Built:
    """The record's tables for rows that hold whole contacts, in any order. Unusable values go to `rejects`."""
    rows = _with_contacts(_in_episodes(rows, mapping), mapping)
    contacts = _contacts(rows, mapping, rejects)
    rows = rows.join(contacts.select(CONTACT), on=CONTACT, how="semi", maintain_order="left")
    tables = {"contacts": contacts}
    meant: list[pl.DataFrame] = []
    for table in PRODUCED:
        produced = []
        for place, said in enumerate(mapping.part(table)):
            frame = _produced(rows, table, said, rejects).with_columns(pl.lit(place).alias("_producer"))
            meant.append(rows.filter(_holds(said)).select(CONTACT))
            produced += [frame] if frame.height else []
        if produced:
            tables[table] = _finished(table, pl.concat(produced, how="diagonal_relaxed"), mapping)
    return Built({**tables, "contacts": _without_hollow(tables, meant)})


def _without_hollow(tables: dict[str, pl.DataFrame], meant: list[pl.DataFrame]) -> pl.DataFrame:
    """Contacts but those of which every row that was to tell something was refused: a bad row makes no empty contact."""
    contacts = tables["contacts"]
    told = [frame.select(CONTACT) for name, frame in tables.items() if name != "contacts"]
    silent = pl.concat(meant).unique() if meant else contacts.select(CONTACT).clear()
    hollow = silent.join(pl.concat(told), on=CONTACT, how="anti") if told else silent
    return contacts.join(hollow, on=CONTACT, how="anti", maintain_order="left")


def _in_episodes(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Rows by contact and in order; where the mapping says so, a row after the last of an episode begins a new contact."""
    rows = rows.sort([KEY, ORDER, LINE], nulls_last=True)
    ends = mapping.part("contact").get("new_after")
    rows = rows.with_columns(pl.col(KEY).alias(_BASE), pl.lit(None, dtype=pl.String).alias("_parent"))
    if not ends:
        return rows
    begins = ((pl.col(KEY) == pl.col(KEY).shift(1)) & condition(ends).shift(1)).fill_null(False)
    rows = rows.with_columns(begins.cast(pl.Int64).cum_sum().over(KEY).alias("_episode"))
    named = [_episode(pl.col("_episode")).alias(KEY), _episode(pl.col("_episode") - 1).alias("_parent")]
    # "#10" sorts before "#2": rows keep their place, only their names change.
    return rows.with_columns(named).drop("_episode")


def _episode(number: pl.Expr) -> pl.Expr:
    name = pl.format("{}#{}", pl.col(_BASE), number + 1)
    return pl.when(number == 0).then(pl.col(_BASE)).when(number > 0).then(name)


def _with_contacts(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    keys = rows.select(pl.concat([pl.col(KEY), pl.col("_parent")]).drop_nulls().unique()).to_series()
    ids = pl.DataFrame({KEY: keys, CONTACT: [content_id(mapping.source, key) for key in keys]})
    parents = ids.rename({KEY: "_parent", CONTACT: "parent_id"})
    rows = rows.join(ids, on=KEY, how="left", maintain_order="left")
    return rows.join(parents, on="_parent", how="left", maintain_order="left")


def _contacts(rows: pl.DataFrame, mapping: Mapping, rejects: Rejects) -> pl.DataFrame:
    said = mapping.part("contact")["fields"]
    takes = {name: inner["take"] for name, inner in said.items() if isinstance(inner, dict) and "take" in inner}
    plain = {name: inner["of"] if name in takes else inner for name, inner in said.items()}
    fields = compiled("contacts", plain)
    values = checked(rows.select(selected(fields, [LINE, KEY, CONTACT, "parent_id"])), fields, rejects)
    grouped = values.group_by(CONTACT, maintain_order=True).agg(
        pl.col(LINE).first(),
        pl.col(KEY).first().alias("external_id"),
        pl.col("parent_id").first().alias("_given_parent"),
        *[_taken(field.name, takes.get(field.name.removesuffix("_us"), "first")) for field in fields],
    )
    grouped = filled(grouped, fields, rejects).rename({"_given_parent": "parent_id"}, strict=False)
    extra = [pl.lit(mapping.source).alias("source")] if "source" not in said else []
    if "customer_known" not in said and "customer_key" in said:
        extra.append(pl.col("customer_key").is_not_null().alias("customer_known"))
    return grouped.with_columns(extra).drop(LINE)


def _taken(name: str, take: str) -> pl.Expr:
    present = pl.col(name).drop_nulls()
    return {"first": present.first(), "last": present.last(), "least": present.min(), "most": present.max()}[take]


def _holds(said: dict[str, Any]) -> pl.Expr:
    """Which rows a producer is for."""
    return condition(said["when"]) if "when" in said else pl.lit(True)


def _produced(rows: pl.DataFrame, table: str, said: dict[str, Any], rejects: Rejects) -> pl.DataFrame:
    """What one producer makes of the rows it is for."""
    fields = [
        replace(field, required=False) if field.name == _OWN_ID.get(table) else field  # a row without one is numbered
        for field in compiled(table, {name: inner for name, inner in said.items() if name != "when"})
    ]
    keep = [LINE, KEY, CONTACT, pl.int_range(pl.len()).alias("_place")]
    values = (
        rows.select([*selected(fields, keep), _holds(said).alias("_holds")]).filter(pl.col("_holds")).drop("_holds")
    )
    return filled(checked(values, fields, rejects), fields, rejects)


def selected(fields: list[Field], keep: list[Any]) -> list[pl.Expr]:
    """Values of fields, and beside each that can be wrong a flag and the words to show."""
    chosen = [pl.col(column) if isinstance(column, str) else column for column in keep]
    for field in fields:
        chosen.append(field.value.alias(field.name))
        if field.wrong is not None:
            chosen += [
                field.wrong.fill_null(False).alias(f"_wrong_{field.name}"),
                field.shown.alias(f"_shown_{field.name}"),
            ]
    return chosen


def checked(values: pl.DataFrame, fields: list[Field], rejects: Rejects) -> pl.DataFrame:
    """Values without the wrong ones: each is named in the rejects and becomes null; a needed one takes its row along."""
    for field in fields:
        flag, shown = f"_wrong_{field.name}", f"_shown_{field.name}"
        if field.wrong is None:
            continue
        bad = values.filter(pl.col(flag))
        for line, value in bad.select(LINE, shown).iter_rows():
            rejects.add(line, field.column, field.reason, value)
        if bad.height and field.required:
            values = values.filter(~pl.col(flag))
        elif bad.height:
            values = values.with_columns(pl.when(~pl.col(flag)).then(pl.col(field.name)).alias(field.name))
        values = values.drop(flag, shown)
    return values


def filled(values: pl.DataFrame, fields: list[Field], rejects: Rejects) -> pl.DataFrame:
    """Only rows that hold what the table needs."""
    for field in fields:
        if field.required and values[field.name].has_nulls():
            for (line,) in values.filter(pl.col(field.name).is_null()).select(LINE).iter_rows():
                rejects.add(line, field.column, "missing", None)
            values = values.filter(pl.col(field.name).is_not_null())
    return values


def _finished(table: str, frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Rows of one table in order, numbered within their contact or with an id of their own."""
    frame = frame.sort(["_place", "_producer"], maintain_order=True)
    number = (pl.int_range(pl.len(), dtype=pl.Int32) + 1).over(CONTACT)
    if table in _NUMBERED:
        return frame.with_columns(number.alias("seq")).drop(LINE, KEY, "_place", "_producer")
    own = _OWN_ID[table]
    given = pl.col(own) if own in frame.columns else pl.lit(None, dtype=pl.String)
    frame = frame.with_columns(pl.coalesce(given, pl.format("{}#{}", KEY, number)).alias(own))
    ids = [content_id(mapping.source, table, value) for value in frame[own]]
    return frame.with_columns(pl.Series(own, ids, dtype=pl.String)).drop(LINE, KEY, "_place", "_producer")
