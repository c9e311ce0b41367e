"""Declared tables: a tuple of columns says what a list shows; one template, one sort, one CSV for all of them.

Only names of the declaration sort, so an address cannot order by what the page does not show (and must not reveal).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.ui import formats, values
from bihuan.ui.paging import Page

NUMERIC = frozenset({"number", "percent", "share", "points", "signed", "duration"})
_FORMATS: Mapping[str, Callable[..., str]] = {
    "number": values.number,
    "percent": values.percent,
    "share": values.share,
    "points": values.points,
    "signed": values.signed,
    "duration": values.duration,
    "moment": values.moment,
    "day": values.day,
}
_WITH_DECIMALS = frozenset({"number", "percent", "share", "points", "signed"})
_TEMPLATES: Mapping[str, str] = {
    "verdict": "ui/cells/verdict.html",
    "whisker": "ui/cells/whisker.html",
    "spark": "ui/cells/spark.html",
    "parts": "ui/cells/parts.html",
    "target": "ui/cells/target.html",
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
Getter = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, number, percent, share, points, signed, duration (µs), moment, day, verdict, whisker,
    spark, parts, target, or `html` for a getter that returns safe markup.

    `get` takes the row (default: its attribute or key `name`); `url` makes a link where it gives one; `misses` marks a value that misses
    its target; `reason` says why a value is missing; `template` draws the cell itself (context: value, row); `order` is
    what a sort goes by where that is not the value: the pinyin of a name, the low end of an interval.
    """

    name: str
    label: Any
    kind: str = "text"
    get: Getter | None = None
    sortable: bool = False
    decimals: int | None = None
    url: Callable[[Any], str] | None = None
    misses: Callable[[Any], bool] | None = None
    reason: Callable[[Any], str] | None = None
    template: str = ""
    hint: Any = ""
    exported: bool = True
    order: Getter | None = None

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    def place(self, row: Any) -> Any:
        """What a sort compares; None where the row has none."""
        found = self.order(row) if self.order is not None else self.value(row)
        return None if found == "" else found

    def value(self, row: Any) -> Any:
        """The raw value of a row."""
        if self.get is not None:
            return self.get(row)
        return row.get(self.name) if isinstance(row, Mapping) else getattr(row, self.name, None)


@dataclass(frozen=True)
class Sorting:
    """By which column, and which way."""

    name: str = ""
    descending: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str], columns: Sequence[Column], default: str = "") -> Sorting:
        """From `sort=name` or `sort=-name`; a name that is not sortable falls back to `default`."""
        allowed = {column.name for column in columns if column.sortable}
        asked = str(query.get("sort", ""))
        wanted = asked if asked.lstrip("-") in allowed else default
        return cls(wanted.lstrip("-"), wanted.startswith("-"))

    def apply(self, rows: Iterable[Any], columns: Sequence[Column]) -> list[Any]:
        """Rows sorted in memory, stable; missing values last both ways. For lists that are already whole."""
        column = next((c for c in columns if c.name == self.name), None)
        listed = list(rows)
        if column is None:
            return listed
        known = [(place, row) for row in listed if (place := column.place(row)) is not None]
        unknown = [row for row in listed if column.place(row) is None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [row for _place, row in known] + unknown


@dataclass(frozen=True)
class Cell:
    """One drawn cell."""

    column: Column
    html: SafeString
    misses: bool
    missing: bool


@dataclass(frozen=True)
class Head:
    """One drawn column head; `url` sorts by it."""

    column: Column
    url: str
    state: str  # ascending, descending or nothing


@dataclass(frozen=True)
class Table:
    """Columns bound to the rows of one page. `query` is the page's query string as a mapping (for sort links)."""

    columns: Sequence[Column]
    rows: Sequence[Any]
    sorting: Sorting = field(default_factory=Sorting)
    query: Mapping[str, Any] = field(default_factory=dict)
    page: Page | None = None
    row_url: Callable[[Any], str] | None = None
    empty_title: Any = ""
    empty_advice: Any = ""
    csv_url: str = ""
    cut_after: int | None = None
    cut_text: Any = ""
    bracketed: Callable[[Any], bool] | None = None  # rows that belong together, such as those that cannot be told apart

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.sortable:
            return Head(column, "", "")
        mine = column.name == self.sorting.name
        state = ("descending" if self.sorting.descending else "ascending") if mine else ""
        first_way = "-" if column.numeric else ""
        wanted = (column.name if self.sorting.descending else f"-{column.name}") if mine else first_way + column.name
        return Head(column, f"?{_with(self.query, sort=wanted, page=None)}", state)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """What the template draws: cells, address and the cut line of every row."""
        return [
            {
                "cells": self._cells(row),
                "url": self.row_url(row) if self.row_url else "",
                "bracketed": bool(self.bracketed and self.bracketed(row)),
                "cut": self.cut_text if place == self.cut_after else "",
            }
            for place, row in enumerate(self.rows, start=1)
        ]

    def _cells(self, row: Any) -> list[Cell]:
        """The cells of a row. Where the row opens something and no column links to it, the first cell does: without
        script, for screen readers and for opening in a new tab."""
        cells = [_cell(column, row) for column in self.columns]
        if self.row_url and cells and not any(column.url for column in self.columns):
            cells[0] = replace(cells[0], html=format_html('<a href="{}">{}</a>', self.row_url(row), cells[0].html))
        return cells


def _cell(column: Column, row: Any) -> Cell:
    value = column.value(row)
    missing = value is None or value == ""
    return Cell(column, _drawn(column, row, value), bool(column.misses and not missing and column.misses(row)), missing)


def _drawn(column: Column, row: Any, value: Any) -> SafeString:
    if value is None or value == "":
        return values.missing(column.reason(row) if column.reason else "")
    template = column.template or _TEMPLATES.get(column.kind, "")
    if template:
        return SafeString(render_to_string(template, {"value": value, "row": row}).strip())
    text = printed(column, value)
    address = column.url(row) if column.url is not None else ""
    if address:
        return format_html('<a href="{}">{}</a>', address, text)
    return format_html("{}", text)


def printed(column: Column, value: Any) -> Any:
    """A value as the page words it."""
    formatted = _FORMATS.get(column.kind)
    if formatted is None:
        return value
    if column.kind in _WITH_DECIMALS and column.decimals is not None:
        return formatted(value, column.decimals)
    return formatted(value)


def _with(query: Mapping[str, Any], **changes: object) -> str:
    kept = {name: query[name] for name in query if name not in changes}
    return urlencode({**kept, **{k: v for k, v in changes.items() if v is not None}}, doseq=True)


def csv_text(columns: Sequence[Column], rows: Iterable[Any]) -> str:
    """The same columns as CSV with a byte-order mark (so that spreadsheets read Chinese); plain numbers, ISO times."""
    shown = [column for column in columns if column.exported]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(str(column.label)) for column in shown])
    for row in rows:
        writer.writerow([_plain(column, column.value(row)) for column in shown])
    return "\ufeff" + out.getvalue()


def csv_response(columns: Sequence[Column], rows: Iterable[Any], name: str) -> HttpResponse:
    """A download of `csv_text` under `name`.csv."""
    response = HttpResponse(csv_text(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _plain(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if column.kind == "moment":
        return formats.moment(value, timezone.get_current_timezone(), seconds=True)
    if isinstance(value, int | float | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if column.kind == "whisker":
        return harmless(str(value.text)) if value.known else ""
    return harmless(str(value))
