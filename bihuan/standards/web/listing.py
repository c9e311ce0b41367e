"""The list of editions as declared columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.kit.errors import Level
from bihuan.standards.examining import read_over
from bihuan.standards.queries import Listed
from bihuan.ui.tables import Column, Sorting, Table

HASH_SHOWN: Final = 12
STATES: Final = {
    "shipped": pgettext_lazy("state of an edition", "Shipped"),
    "coming": pgettext_lazy("state of an edition", "Coming"),
    "in_force": pgettext_lazy("state of an edition", "In force"),
    "past": pgettext_lazy("state of an edition", "Past"),
    "withdrawn": pgettext_lazy("state of an edition", "Withdrawn"),
}
TONES: Final = {"shipped": "", "coming": "accent", "in_force": "met", "past": "", "withdrawn": "bad"}


@dataclass(frozen=True)
class Row:
    """One edition of the list."""

    title: str
    version: str
    state: str
    tone: str
    effective_from: date | None
    digest: str
    errors: int
    warnings: int
    notes: int
    url: str


COLUMNS: Final = (
    Column("title", _("Edition"), url=lambda row: row.url, sortable=True),
    Column("version", _("Version")),
    Column("state", _("State"), get=lambda row: row, template="standards/_state_cell.html"),
    Column("effective_from", _("In effect from"), kind="day", sortable=True),
    Column("digest", _("Hash")),
    Column("errors", _("Errors"), kind="number"),
    Column("warnings", _("Warnings"), kind="number"),
    Column("notes", _("Notes"), kind="number"),
)


def edition_rows(listed: Sequence[Listed], language: str) -> list[Row]:
    """One row per edition, in the given order."""
    return [_row(entry, language) for entry in listed]


def table_of(rows: Sequence[Row], query: Mapping[str, str]) -> Table:
    """The declared table, sorted as the address says."""
    sorting = Sorting.from_query(query, COLUMNS)
    return Table(COLUMNS, sorting.apply(rows, COLUMNS), sorting=sorting, query=query, row_url=lambda row: row.url)


def _row(entry: Listed, language: str) -> Row:
    edition = entry.edition
    levels = [issue.level for issue in read_over(edition)]
    return Row(
        title=edition.title.said(language),
        version=edition.version,
        state=str(STATES[entry.state]),
        tone=TONES[entry.state],
        effective_from=entry.row.effective_from if entry.row else None,
        digest=edition.hash[:HASH_SHOWN],
        errors=levels.count(Level.ERROR),
        warnings=levels.count(Level.WARNING),
        notes=levels.count(Level.NOTE),
        url=reverse("standards:edition", args=[entry.address]),
    )
