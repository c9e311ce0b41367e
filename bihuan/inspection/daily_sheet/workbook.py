"""The daily score sheet as a workbook: agents, inspectors, every evaluation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from bihuan.inspection.daily_sheet.paper import facts_of
from bihuan.inspection.daily_sheet.sheets import AGENTS, INSPECTORS, SINGLE, Sheet
from bihuan.ui.tables import Column

WIDTH = 18
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(sheet: Sheet, *, shares: str) -> bytes:
    """The file's bytes; texts are written as texts, never as formulas. `shares`: the planned human share in words."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        parts: Sequence[tuple[str, Sequence[Column], Sequence[Any]]] = (
            (_("Agents"), AGENTS, sheet.agents),
            (_("Inspectors"), INSPECTORS, sheet.inspectors),
            (_("Evaluations"), SINGLE, sheet.evaluations),
        )
        for name, columns, rows in parts:
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            _write(page, [column for column in columns if column.exported], rows, head)
        _facts(book.add_worksheet(_("The day")), facts_of(sheet, shares))
    return buffer.getvalue()


def _facts(page: Worksheet, facts: Sequence[tuple[str, str]]) -> None:
    page.set_column(0, 1, 2 * WIDTH)
    for line, pair in enumerate(facts):
        for at, words in enumerate(pair):
            page.write_string(line, at, words)


def _write(page: Worksheet, columns: Sequence[Column], rows: Sequence[Any], head: Any) -> None:
    page.set_column(0, max(len(columns) - 1, 0), WIDTH)
    for at, column in enumerate(columns):
        page.write_string(0, at, str(column.label), head)
        for line, row in enumerate(rows, 1):
            _cell(page, line, at, column, row)


def _cell(page: Worksheet, line: int, at: int, column: Column, row: Any) -> None:
    value = column.value(row)
    if value is None:
        return
    if column.kind == "duration":
        page.write_number(line, at, value // 1_000_000)
    elif isinstance(value, int | Decimal):
        page.write_number(line, at, float(value))
    else:
        page.write_string(line, at, value.isoformat() if isinstance(value, date | datetime) else str(value))
