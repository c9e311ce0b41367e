"""Texts and conditions of a mapping as polars expressions over the columns of a file."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any, Final

import polars as pl

from bihuan.archive.sources.meaning import placeholders

KEY: Final = "_key"
_NOTHING: Final = pl.lit(None, dtype=pl.String)


def moment_column(name: str) -> str:
    """Where the engine keeps a moment, in microseconds."""
    return f"_m_{name}"


def text(said: Any) -> pl.Expr:
    """The text a mapping means, null where a part of it is missing."""
    if isinstance(said, str):
        return pl.col(said)
    if "constant" in said:
        value = said["constant"]
        return pl.lit(str(value).lower() if isinstance(value, bool) else str(value), dtype=pl.String)
    if "template" in said:
        return _template(said["template"])
    if "first_of" in said:
        return pl.coalesce([text(inner) for inner in said["first_of"]])
    if "when" in said:
        other = text(said["otherwise"]) if "otherwise" in said else _NOTHING
        return pl.when(condition(said["when"])).then(text(said["then"])).otherwise(other)
    return _mapped(said)


def columns_of(said: Any) -> str:
    """The first column a text is made of, for messages about it."""
    if isinstance(said, str):
        return said
    if "template" in said:
        return next(iter(placeholders(said["template"])), "")
    inner = said.get("column") or said.get("then") or next(iter(said.get("first_of", ())), "")
    return columns_of(inner) if inner else ""


def condition(said: dict[str, Any]) -> pl.Expr:
    """True where every part of a condition holds; never null."""
    return reduce(operator.and_, [_part(name, value) for name, value in said.items()])


def _part(name: str, value: Any) -> pl.Expr:
    if name == "not":
        return ~condition(value)
    if name == "any":
        return reduce(operator.or_, [condition(inner) for inner in value])
    if name in ("present", "absent"):
        return reduce(operator.and_, [_presence(column, name == "present") for column in value])
    if name == "previous":
        return _same_contact(1) & condition(value).shift(1).fill_null(False)
    if name == "position":
        return ~_same_contact(1 if value == "first" else -1)
    return pl.col(name).is_in([value] if isinstance(value, str) else list(value)).fill_null(False)


def _presence(column: str, wanted: bool) -> pl.Expr:
    # A column and a moment of one name speak of the same thing: the text of the file, or the moment made of it.
    named = pl.col(f"^({column}|{moment_column(column)})$")
    return pl.all_horizontal(named.is_not_null() if wanted else named.is_null())


def _same_contact(step: int) -> pl.Expr:
    """Does the row `step` above (below where negative) belong to the same contact? Rows lie sorted by contact."""
    return (pl.col(KEY) == pl.col(KEY).shift(step)).fill_null(False)


def _template(template: str) -> pl.Expr:
    names = placeholders(template)
    form = template
    for name in names:
        form = form.replace(f"{{{name}}}", "{}", 1)
    return pl.format(form, *[pl.col(name) for name in names]) if names else pl.lit(template)


def _mapped(said: dict[str, Any]) -> pl.Expr:
    column = pl.col(said["column"])
    words = said.get("map")
    if not words:
        return column
    otherwise = pl.lit(said["otherwise"], dtype=pl.String) if "otherwise" in said else column
    return column.replace_strict(
        list(words), list(words.values()), default=pl.when(column.is_not_null()).then(otherwise), return_dtype=pl.String
    )
