"""Fields of the record's tables as expressions, with what makes a value unusable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.sources.expressions import columns_of, condition, moment_column, text
from bihuan.archive.sources.meaning import fields_of
from bihuan.archive.vocabulary import REQUIRED, WORDS
from bihuan.kit.clock import SECOND


@dataclass(frozen=True)
class Field:
    """One column of a table: its value, and where the value said cannot be used (`wrong`), with the words to show."""

    name: str
    value: pl.Expr
    wrong: pl.Expr | None
    shown: pl.Expr
    column: str
    reason: str
    required: bool


def compiled(table: str, said: dict[str, Any]) -> list[Field]:
    """The fields a mapping fills in a table."""
    kinds = fields_of(table)
    return [_field(table, name, kinds[name], inner) for name, inner in said.items()]


def _field(table: str, name: str, kind: pa.DataType, said: Any) -> Field:
    required = name in REQUIRED[table]
    if isinstance(said, dict) and "moment" in said:
        value = pl.col(moment_column(said["moment"]))
        return Field(f"{name}_us", value, None, value.cast(pl.String), said["moment"], "", required)
    if isinstance(said, dict) and "holds" in said:
        value = condition(said["holds"])
        return Field(name, value, None, value.cast(pl.String), "", "", required)
    if pa.types.is_boolean(kind):
        return _flag(name, said, required)
    if pa.types.is_integer(kind):
        return _number(name, kind, said, required)
    return _words(table, name, said, required)


def _words(table: str, name: str, said: Any, required: bool) -> Field:
    value = text(said)
    words = WORDS.get((table, name))
    wrong = value.is_not_null() & ~value.is_in(list(words)) if words else None
    return Field(name, value, wrong, value, columns_of(said), "unknown_word", required)


def _flag(name: str, said: Any, required: bool) -> Field:
    if "constant" in said:
        value = pl.lit(bool(said["constant"]))
        return Field(name, value, None, value.cast(pl.String), "", "", required)
    words = text(said["flag"])
    yes, no = words.is_in(list(said["true_for"])), words.is_in(list(said["false_for"]))
    value = pl.when(yes).then(True).when(no).then(False)
    return Field(
        name, value, words.is_not_null() & value.is_null(), words, columns_of(said["flag"]), "unknown_word", required
    )


def _number(name: str, kind: pa.DataType, said: Any, required: bool) -> Field:
    inner = said.get("number") or said.get("seconds") or said
    words = text(inner)
    number = words.cast(pl.Float64, strict=False)
    if "seconds" in said:
        value, wrong = number * SECOND, number < 0
    else:
        # A rating of 4.5 on a whole scale is not a 4 and not a 5.
        value, wrong = number, (number != number.round()) | (number < said.get("least", -(2**31)))
        wrong = wrong | (number > said.get("most", 2**31 - 1))
    width = pl.Int32 if kind == pa.int32() else pl.Int64
    unusable = words.is_not_null() & (number.is_null() | ~number.is_finite() | wrong).fill_null(True)
    whole = pl.when(~unusable).then(value.round()).cast(width, strict=False)
    return Field(name, whole, unusable, words, columns_of(inner), "not_a_number", required)


def all_columns(table: str) -> list[str]:
    """Every column of a table, in order."""
    return TABLES[table].schema.names
