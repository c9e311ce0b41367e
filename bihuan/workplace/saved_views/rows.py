"""Saved views as pages show them: the filters in words, the list, and the ones beside the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from bihuan.people.models import Team
from bihuan.standards.rules.edition import Edition
from bihuan.ui.tables import Column, Sorting, Table
from bihuan.ui.values import language, listed
from bihuan.workplace.contacts import wording
from bihuan.workplace.models import SavedView
from bihuan.workplace.reading import View
from bihuan.workplace.saved_views.acts import Audience, filters_on

BESIDE: Final = 8
"""Views beside the library's filters; the others stand on their own page."""
_LABELS: Final[Mapping[str, Any]] = {
    "q": gettext_lazy("Search"), "days": gettext_lazy("Period"), "from": gettext_lazy("From"), "to": gettext_lazy("To"),
    "period": gettext_lazy("Period"), "team": gettext_lazy("Team"), "channel": gettext_lazy("Channel"),
    "agent": gettext_lazy("Agent"), "queue": gettext_lazy("Queue"), "business_line": gettext_lazy("Business line"),
    "category": gettext_lazy("Category"), "level": gettext_lazy("Level"), "outcome": gettext_lazy("Outcome"),
    "rating": gettext_lazy("Rating"), "check": gettext_lazy("Check"), "verdict": gettext_lazy("Verdict"),
}  # fmt: skip
_CODED: Final = {"channel": wording.CHANNELS, "category": wording.CATEGORIES, "outcome": wording.OUTCOMES}
VERDICT_WORDS: Final[Mapping[str, Any]] = {
    "met": gettext_lazy("Met"), "violated": gettext_lazy("Violated"), "not_applicable": gettext_lazy("Not applicable"),
    "cannot_tell": gettext_lazy("Cannot tell"),
}  # fmt: skip
AUDIENCES: Final[Mapping[str, Any]] = {
    Audience.OWNER: gettext_lazy("Only me"), Audience.ALL: gettext_lazy("Everybody"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One view of a list. `said` are its filters in words; `url` opens it, `settings_url` only for its owner."""

    view: SavedView
    said: str
    shared_with: str
    owner: str
    url: str
    settings_url: str
    current: bool = False

    @property
    def name(self) -> str:
        return self.view.name

    @property
    def saved_at(self) -> Any:
        return self.view.saved_at

    @property
    def is_own(self) -> bool:
        return bool(self.settings_url)


COLUMNS: Final = (
    Column("name", gettext_lazy("Saved view"), url=lambda row: row.url, sortable=True),
    Column("said", gettext_lazy("Filters"), sortable=True),
    Column("shared_with", gettext_lazy("Who sees it"), sortable=True),
    Column("owner", gettext_lazy("Saved by"), sortable=True),
    Column("saved_at", gettext_lazy("Saved at"), "moment", sortable=True),
    Column(
        "settings",
        gettext_lazy("Settings"),
        template="workplace/_saved_view_acts.html",
        get=lambda row: row.is_own or None,
    ),
)


def view_rows(sight: View, current: Mapping[str, str] | None = None) -> list[Row]:
    """Views this account may see, its own first; `current` is the library's address, to mark the one it shows."""
    found = SavedView.objects.visible_to(sight.user).select_related("owner__person", "team")
    teams = dict(Team.objects.values_list("key", "name")) if any("team" in one.filters for one in found) else {}
    rows = [_row(one, sight, teams, current) for one in found]
    return sorted(rows, key=lambda row: (not row.is_own, row.view.name.lower(), row.view.pk))


def _row(view: SavedView, sight: View, teams: Mapping[str, str], current: Mapping[str, str] | None) -> Row:
    person = getattr(view.owner, "person", None)
    return Row(
        view=view,
        said=filters_said(view.filters, sight.edition, teams),
        shared_with=view.team.name if view.team else str(AUDIENCES[view.audience]),
        owner=person.name if person else view.owner.get_username(),
        url=reverse("workplace:saved_view", args=[view.pk]),
        settings_url=reverse("workplace:saved_view_settings", args=[view.pk]) if view.owner == sight.user else "",
        current=current is not None and filters_on(view.filters, sight.newest) == dict(current),
    )


def filters_said(kept: Mapping[str, str], edition: Edition, teams: Mapping[str, str]) -> str:
    """`渠道 在线、最近 7 天`: every filter in the reader's words, in the order of the library's bar."""
    told = [_said(name, kept[name], edition, teams) for name in _LABELS if kept.get(name)]
    return listed(told) or gettext("Everything")


def _said(name: str, value: str, edition: Edition, teams: Mapping[str, str]) -> str:
    if name == "days":
        return ngettext("the newest %(n)s day", "the newest %(n)s days", int(value)) % {"n": value}
    if name == "period":
        return gettext("the whole record")
    if name in _CODED:
        return f"{_LABELS[name]} {wording.said(_CODED[name], value)}"
    words: dict[str, Mapping[str, Any]] = {
        "team": teams, "verdict": VERDICT_WORDS,
        "check": {key: one.label.said(language()) for key, one in edition.checks.items()},
    }  # fmt: skip
    return f"{_LABELS[name]} {words.get(name, {}).get(value, value)}"


def views_table(rows: Sequence[Row], query: Mapping[str, str]) -> Table:
    """The list, one's own first unless asked otherwise."""
    sorting = Sorting.from_query(query, COLUMNS)
    return Table(
        COLUMNS, sorting.apply(rows, COLUMNS), sorting, query, row_url=lambda row: row.url,
        empty_title=gettext("No saved views yet"),
        empty_advice=gettext("Filter the conversations, then choose “Save this view”."),
    )  # fmt: skip


def period_moves(days: tuple[date, date] | None, newest: date) -> bool:
    """Does a span end with the record, so that it may go on doing so?"""
    return days is not None and days[1] == newest
