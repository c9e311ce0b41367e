"""What may enter the record: columns brought to their declared types, and the words each column admits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive import schemas
from bihuan.kit.errors import InputError

WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("contacts", "channel"): schemas.CHANNELS,
    ("contacts", "level"): schemas.LEVELS,
    ("contacts", "outcome"): schemas.OUTCOMES,
    ("contacts", "ineffective_reason"): schemas.INEFFECTIVE,
    ("events", "kind"): schemas.EVENTS,
    ("events", "actor_kind"): schemas.SENDERS,
    ("messages", "sender_kind"): schemas.SENDERS,
    ("verdicts", "verdict"): schemas.VERDICTS,
}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": ("contact_id", "channel"),
    "events": ("contact_id", "seq", "kind"),
    "messages": ("contact_id", "seq", "sender_kind"),
    "ratings": ("rating_id", "kind"),
    "complaints": ("complaint_id",),
    "follow_ups": ("follow_up_id",),
    "platform_reviews": ("review_id", "stars"),
    "evaluations": ("evaluation_id", "item"),
    "shifts": ("shift_id", "agent_key"),
    "staff": ("agent_key", "person"),
    "verdicts": ("contact_id", "item", "verdict"),
}
_SHOWN = 100


@dataclass(frozen=True)
class Fault:
    """One value that may not enter: row counted from 0 within the batch."""

    row: int
    column: str
    value: str | None
    reason: str  # "missing" | "unknown word" | "not positive"


def shaped(table: schemas.Table, rows: pa.Table) -> pa.Table:
    """The rows with exactly the declared columns: absent ones null, each moment in both spellings.

    Raises InputError for a column that is not declared or cannot be read as its type.
    """
    strange = [column for column in rows.column_names if column not in table.schema.names]
    if strange:
        raise InputError(f"{table.name} has no column {', '.join(strange)}.", hint=f"It has {table.schema.names}.")
    columns = [_column(table.name, rows, field) for field in table.schema]
    return pa.table(columns, schema=table.schema)


def faults(table: schemas.Table, rows: pa.Table) -> list[Fault]:
    """Every value of a shaped batch that may not enter (importers reject these rows and write the rest)."""
    found = [fault for column in REQUIRED.get(table.name, ()) for fault in _missing(rows, column)]
    for (owner, column), words in WORDS.items():
        if owner == table.name:
            found += _strangers(rows, column, words)
    if "seq" in table.identity:
        found += _picked(rows, "seq", pc.less(rows["seq"], 1), "not positive")
    return found


def refuse_faults(table: schemas.Table, rows: pa.Table) -> None:
    """Raise InputError naming the first faults of a batch, if it has any."""
    found = faults(table, rows)
    if found:
        first = "; ".join(f"row {f.row}, {f.column}: {f.reason} {f.value or ''}".strip() for f in found[:3])
        raise InputError(f"{table.name}: {len(found)} values may not enter. {first}.")


def _column(owner: str, rows: pa.Table, field: pa.Field) -> pa.ChunkedArray | pa.Array:
    column = field.name
    try:
        if column in rows.column_names:
            given = rows[column].cast(field.type)
            return pc.coalesce(given, _other_spelling(rows, field)) if given.null_count else given
        return _other_spelling(rows, field)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"{owner}.{column} is not {field.type}: {error}") from error


def _other_spelling(rows: pa.Table, field: pa.Field) -> pa.ChunkedArray | pa.Array:
    stem, _, spelling = field.name.rpartition("_")
    other = {"at": f"{stem}_us", "us": f"{stem}_at"}.get(spelling)
    if other in rows.column_names:
        target = schemas.MOMENT if spelling == "us" else schemas.MICROS
        return rows[other].cast(target).cast(field.type)
    return pa.nulls(rows.num_rows, field.type)


def _missing(rows: pa.Table, column: str) -> list[Fault]:
    return _picked(rows, column, pc.is_null(rows[column]), "missing")


def _strangers(rows: pa.Table, column: str, words: tuple[str, ...]) -> list[Fault]:
    values = rows[column]
    known = pc.is_in(values, value_set=pa.array(words, pa.string()))
    return _picked(rows, column, pc.and_(pc.is_valid(values), pc.invert(known)), "unknown word")


def _picked(rows: pa.Table, column: str, mask: pa.ChunkedArray, reason: str) -> list[Fault]:
    if not pc.any(mask).as_py():
        return []
    where = pc.indices_nonzero(mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask)
    values = rows[column].take(where)
    return [
        Fault(row, column, None if value is None else str(value)[:_SHOWN], reason)
        for row, value in zip(where.to_pylist(), values.to_pylist(), strict=True)
    ]
