"""XLSX: one sheet, read row by row. Formulas are never evaluated: a formula cell is its words."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from bihuan.archive.sources.headers import Columns, match_headers
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
    InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, OSError, RuntimeError, AssertionError, OverflowError, RecursionError,
)  # fmt: skip
_HEADER_SEARCH_ROWS = 20


def read_workbook(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of a sheet (the named one, else the first); `_line` is the sheet's row. Raises InputError where damaged."""
    _refuse_bombs(source)
    try:
        book = openpyxl.load_workbook(source.path, read_only=True, data_only=False, keep_links=False)
        try:
            if columns.sheet and columns.sheet not in book.sheetnames:
                raise InputError(
                    f"The workbook has no sheet “{columns.sheet}”.", hint=f"It has: {', '.join(book.sheetnames)}"
                )
            sheet = book[columns.sheet] if columns.sheet else book.worksheets[0]
            # One column beyond the limit shows that there are too many, without padding forged ones.
            cells = sheet.iter_rows(values_only=True, max_row=MAX_WORKBOOK_ROWS, max_col=MAX_COLUMNS + 1)
            yield from _rows(enumerate(cells, 1), columns, rejects, source)
        finally:
            book.close()
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


def _rows(
    cells: Iterator[tuple[int, tuple[Any, ...]]], columns: Columns, rejects: Rejects, source: Source
) -> Iterator[Chunk]:
    names = _header(cells)
    rows = Rows(columns.names, match_headers(names, columns), len(names), rejects)
    for number, row in cells:
        values = [None if value is None else _text(value) for value in row]
        if not any(values):
            continue
        values = (values + [None] * len(names))[: max(len(names), _used(values))]
        rows.add(number, values, " ".join(filter(None, values)))
        rows.consumed = source.size * number // MAX_WORKBOOK_ROWS
        if rows.full:
            yield rows.take()
    if rows.count:
        yield rows.take()


def _header(cells: Iterator[tuple[int, tuple[Any, ...]]]) -> list[str]:
    """The first row with words in it, without empty columns at its end."""
    for number, row in cells:
        names = ["" if value is None else _text(value) for value in row]
        if any(names):
            if len(names) > MAX_COLUMNS and any(names[MAX_COLUMNS:]):
                raise InputError(f"The header names more than {MAX_COLUMNS} columns.")
            return names[: _used(names)]
        if number >= _HEADER_SEARCH_ROWS:
            break
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
