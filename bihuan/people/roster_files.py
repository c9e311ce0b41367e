"""Rows of text from an uploaded roster: CSV or TSV in UTF-8 or GBK, or an XLSX workbook. Hostile files end in words."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_noop as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bihuan.kit.errors import InputError

LARGEST_FILE: Final = 5_000_000
LARGEST_UNPACKED: Final = 50_000_000
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
_ZIP: Final = b"PK\x03\x04"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
# What a damaged or forged workbook makes the library raise.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, LookupError, ValueError, TypeError, AttributeError,
    EOFError, OSError, RuntimeError, AssertionError, ArithmeticError,
)  # fmt: skip


def read_rows(data: bytes) -> list[list[str]]:
    """All rows with their head, cells as text, empty rows kept so that line numbers are the spreadsheet's own."""
    if not data.strip():
        raise InputError(_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise InputError(_("The file is larger than 5 MB."), hint=_("Split it into smaller ones."))
    rows = _workbook(data) if data.startswith(_ZIP) else _separated(_decoded(data))
    if not rows:
        raise InputError(_("The file is empty."))
    return rows


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise InputError(_("This is not a text file or workbook."), hint=_("Save the roster as CSV or XLSX."))
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(_("The characters are neither UTF-8 nor GBK."), hint=_("Save the roster as CSV in UTF-8."))


def _separated(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return _bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as problem:
        raise InputError(_("The file cannot be read as a table."), hint=str(problem)) from problem


def _workbook(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise InputError(_("The workbook is too large when unpacked."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return _bounded([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
    except _DAMAGED as problem:
        raise InputError(_("The workbook is damaged."), hint=_("Save it again as XLSX.")) from problem


def _bounded(rows: Iterable[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    for row in rows:
        if len(kept) > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise InputError(_("The table has more than 20,000 rows or 100 columns."))
        kept.append(row)
    return kept


def _cell(value: Any) -> str:
    """A cell as the roster's reader expects it: whole numbers without `.0`, dates as ISO days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
