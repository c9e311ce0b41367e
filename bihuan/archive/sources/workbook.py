"""XLSX: one sheet, read row by row. Formulas are never evaluated: a formula cell is its words."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from bihuan.archive.sources.headers import Columns, match_headers, named_headers
from bihuan.archive.sources.limits import (
    MAX_COLUMNS,
    MAX_EXPANSION,
    MAX_SHARED_STRINGS_BYTES,
    MAX_WORKBOOK_BYTES,
    MAX_WORKBOOK_ROWS,
)
from bihuan.archive.sources.opening import Source
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import Chunk, Rows
from bihuan.kit.errors import InputError

# What a damaged or forged workbook makes the reader raise; each means the same to the person who handed it in.
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, OSError, RuntimeError, AssertionError, OverflowError, RecursionError,
)  # fmt: skip
_HEADER_SEARCH_ROWS = 20


def read_workbook(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of a sheet (the named one, else the first); `_line` is the sheet's row. Raises InputError where damaged."""
    _refuse_bombs(source)
    try:
        # Handed over open: by a path, a workbook under another name would be refused.
        with source.path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            if columns.sheet and columns.sheet not in book.sheetnames:
                raise InputError(
                    f"The workbook has no sheet “{columns.sheet}”.", hint=f"It has: {', '.join(book.sheetnames)}"
                )
            sheet = book[columns.sheet] if columns.sheet else book.worksheets[0]
            yield from _rows(sheet, columns, rejects, source)
    except _DAMAGED as error:
        raise InputError(
            "The workbook is damaged.", hint="Open it in a spreadsheet program and save it again."
        ) from error


def _refuse_bombs(source: Source) -> None:
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError("The workbook is damaged.") from error
    whole = sum(member.file_size for member in members)
    shared = sum(member.file_size for member in members if member.filename.casefold().endswith("sharedstrings.xml"))
    if (
        shared > MAX_SHARED_STRINGS_BYTES
        or whole > MAX_WORKBOOK_BYTES
        or whole > max(source.size, 1024 * 1024) * MAX_EXPANSION
    ):
        raise InputError("The workbook is too large to be read.", hint="Save the sheet as CSV.")


def _rows(sheet: Any, columns: Columns, rejects: Rejects, source: Source) -> Iterator[Chunk]:
    number, names = _header(sheet)
    places = match_headers(names, columns)
    rejects.headers = named_headers(names, places, columns)
    rows = Rows(columns.names, places, len(names), rejects)
    # A forged row number makes the library pad with empty rows: they are kept narrow, and end where sheets end.
    cells = sheet.iter_rows(values_only=True, min_row=number + 1, max_row=MAX_WORKBOOK_ROWS, max_col=len(names) + 1)
    for place, row in enumerate(cells, number + 1):
        if row.count(None) == len(row):
            continue
        values = [None if value is None else _text(value) for value in row]
        values = (values + [None] * len(names))[: max(len(names), _used(values))]
        rows.add(place, values, " ".join(filter(None, values)))
        rows.consumed = source.size * place // MAX_WORKBOOK_ROWS
        if rows.full:
            yield rows.take()
    if rows.count:
        yield rows.take()


def _header(sheet: Any) -> tuple[int, list[str]]:
    """The first row with words in it and its number, without empty columns at its end."""
    cells = sheet.iter_rows(values_only=True, max_row=_HEADER_SEARCH_ROWS, max_col=MAX_COLUMNS + 1)
    for number, row in enumerate(cells, 1):
        names = ["" if value is None else _text(value) for value in row]
        if any(names):
            if len(names) > MAX_COLUMNS and any(names[MAX_COLUMNS:]):
                raise InputError(f"The header names more than {MAX_COLUMNS} columns.")
            return number, names[: _used(names)]
    raise InputError("The sheet is empty.")


def _used(values: list[Any]) -> int:
    return next((place + 1 for place in range(len(values) - 1, -1, -1) if values[place]), 0)


def _text(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
