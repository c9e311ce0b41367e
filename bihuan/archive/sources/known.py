"""What the record already holds of the contacts of a batch: a second file may go on where the first one ended."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from bihuan.archive import engine
from bihuan.archive.schemas import TABLES
from bihuan.archive.sources.building import CONTACT
from bihuan.archive.store import Archive

# What makes two tellings of a message or an event the same one, whatever number it got.
_SAME: Final = {
    "messages": ("sent_us", "sender_kind", "agent_key", "text"),
    "events": ("happened_us", "kind", "actor_kind", "agent_key"),
}


def fitted(tables: dict[str, pl.DataFrame], archive: Archive, *, only_if_absent: bool) -> dict[str, pl.DataFrame]:
    """The tables as they may enter: continued numbers, and no thin contact over a full one.

    A file that repeats a contact (something of it is already there) is told by position and corrects it; one that
    shares nothing with what is there continues it, and its numbers follow.
    """
    if not archive.head().files("contacts") or "contacts" not in tables:
        return tables
    present = _rows(archive, "contacts", tables["contacts"][CONTACT], ())
    if not present.height:
        return tables
    answer = dict(tables)
    for table in set(_SAME) & set(tables):
        answer[table] = _continued(table, tables[table], archive, present[CONTACT])
    if only_if_absent:
        answer["contacts"] = tables["contacts"].join(present, on=CONTACT, how="anti", maintain_order="left")
    return answer


def _continued(table: str, frame: pl.DataFrame, archive: Archive, contacts: pl.Series) -> pl.DataFrame:
    same = [column for column in _SAME[table] if column in frame.columns]
    there = _rows(archive, table, contacts, ("seq", *same))
    if not there.height:
        return frame
    repeated = frame.join(there, on=[CONTACT, *same], how="semi", nulls_equal=True).select(CONTACT).unique()
    last = there.join(repeated, on=CONTACT, how="anti").group_by(CONTACT).agg(pl.col("seq").max().alias("_last"))
    frame = frame.join(last, on=CONTACT, how="left", maintain_order="left")
    return frame.with_columns((pl.col("seq") + pl.col("_last").fill_null(0)).cast(pl.Int32).alias("seq")).drop("_last")


def _rows(archive: Archive, table: str, contacts: pl.Series, columns: tuple[str, ...]) -> pl.DataFrame:
    """The record's rows of these contacts: contact_id and the named columns."""
    files = [archive.root / file.path for file in archive.head().files(table).values()]
    chosen = ", ".join(engine.name(column) for column in (CONTACT, *columns))
    connection = engine.reading()
    try:
        connection.register("wanted", pa.table({CONTACT: contacts.to_arrow()}))
        query = f"SELECT {chosen} FROM {engine.scan(files, TABLES[table].schema)} SEMI JOIN wanted USING ({CONTACT})"
        found = pl.from_arrow(connection.sql(query).to_arrow_table())
    finally:
        connection.close()
    assert isinstance(found, pl.DataFrame)
    return found
