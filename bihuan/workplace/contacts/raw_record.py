"""What the record itself holds about a contact: events, ratings, ledger rows, follow-ups and where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.archive.reader import ContactRecord
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats
from bihuan.workplace.contacts.names import Names
from bihuan.workplace.contacts.transcript import agent_name
from bihuan.workplace.contacts.wording import CAUSES, EVENTS, MODES, SENDERS, said
from bihuan.workplace.masking import masked


@dataclass(frozen=True)
class RawPart:
    """One table of the record: its name, column heads and cells as text; an empty one says so."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    nothing: str
    tall: bool = False

    @property
    def pairs(self) -> list[list[tuple[str, str]]]:
        """Each row as (head, cell), for rows too wide for the rail."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


def raw_parts(
    record: ContactRecord, called: Names, *, reviews: Sequence[Mapping[str, Any]] = (), revealed: bool = False
) -> list[RawPart]:
    """Ratings, reviews on platforms where there are any, complaints, follow-ups and events of a contact in words; free text
    masked unless revealed."""
    telling = _Telling(record, called, revealed)
    told = [telling.reviews(reviews)] if reviews else []
    return [telling.ratings(), *told, telling.complaints(), telling.follow_ups(), telling.events()]


@dataclass(frozen=True)
class _Telling:
    record: ContactRecord
    called: Names
    revealed: bool

    def ratings(self) -> RawPart:
        rows = [
            (_rating_kind(row), "—" if row["value"] is None else str(row["value"]), said(MODES, row["mode"]),
             self._text(row["words"]), _moment(row["given_us"]))
            for row in self.record.ratings
        ]  # fmt: skip
        head = [_("Kind"), _("Value"), _("How"), _("Words"), _("Time")]
        return RawPart(_("Ratings"), head, rows, _("The customer did not rate."), tall=True)

    def reviews(self, reviews: Sequence[Mapping[str, Any]]) -> RawPart:
        """Apart from the ratings: nobody asked for them, and no figure counts them."""
        rows = [
            (self._text(row["platform"]), f"{row['stars']} / 5", self._text(row["words"]),
             _moment(row["posted_us"]) or self._text(row["posted_told"]))
            for row in reviews
        ]  # fmt: skip
        head = [_("Platform"), _("Stars"), _("Words"), _("Time")]
        return RawPart(_("Platform reviews"), head, rows, "", tall=True)

    def complaints(self) -> RawPart:
        rows = [
            (*_moments(row, "opened", "classified", "followed_up", "closed"), _valid(row), said(CAUSES, self._text(row["cause"])),
             self._text(row["words"]))
            for row in self.record.complaints
        ]  # fmt: skip
        head = [
            _("Opened at"), _("Classified"), _("First follow-up"), _("Closed"), _("Validity"), _("Cause"), _("Words"),
        ]  # fmt: skip
        return RawPart(_("Complaint ledger"), head, rows, _("No complaint in the ledger."), tall=True)

    def follow_ups(self) -> RawPart:
        rows = [
            (*_moments(row, "opened", "promised", "first", "closed"), self._text(row["reason"]))
            for row in self.record.follow_ups
        ]
        head = [_("Opened at"), _("Promised"), _("First follow-up"), _("Closed"), _("Reason of a miss")]
        return RawPart(_("Follow-ups"), head, rows, _("Nothing was promised."), tall=True)

    def events(self) -> RawPart:
        rows: list[tuple[str, ...]] = [
            (str(row["seq"]), self._time(row["happened_us"]), _kind(row), self._who(row), self._text(row["detail"]))
            for row in self.record.events
        ]
        head = ["#", _("Time"), _("Event"), _("By"), _("Remark")]
        if not any(row[-1] for row in rows):
            head, rows = head[:-1], [row[:-1] for row in rows]
        return RawPart(_("Events"), head, rows, _("The source told no events."))

    def _time(self, us: int | None) -> str:
        """The time of day; with the date where it is not the contact's own."""
        whole, day = _moment(us), _moment(self.record.contact["opened_us"])[: len("2026-10-12")]
        return whole.removeprefix(f"{day} ") if day else whole

    def _text(self, words: str | None) -> str:
        return masked(words, revealed=self.revealed)

    def _who(self, row: Mapping[str, Any]) -> str:
        return agent_name(self.record, self.called, row["agent_key"]) or said(SENDERS, row["actor_kind"])


def _kind(row: Mapping[str, Any]) -> str:
    return said(EVENTS, row["kind"]) % {"who": _("an agent")}


def _rating_kind(row: Mapping[str, Any]) -> str:
    return _("Asked to rate") if row["kind"] == "invitation" else str(row["kind"]).upper()


def _valid(row: Mapping[str, Any]) -> str:
    if row["praise"]:
        return _("praise")
    return {True: _("valid"), False: _("not valid"), None: _("undecided")}[row["valid"]]


def _moments(row: Mapping[str, Any], *names: str) -> Iterable[str]:
    return (_moment(row[f"{name}_us"]) for name in names)


def _moment(us: int | None) -> str:
    return "" if us is None else formats.moment(us, timezone.get_current_timezone(), seconds=True)


def origin(record: ContactRecord, manifest: str, edition: Edition) -> list[tuple[str, str]]:
    """Which file told it, which state of the record was read, and by what it was judged."""
    contact = record.contact
    return [
        (_("Source"), contact["source"] or ""),
        (_("Id in the source"), masked(contact["external_id"])),
        (_("Continues"), contact["parent_id"] or "—"),
        (_("Import"), contact["import_id"] or ""),
        (_("Told at"), _moment(contact["recorded_us"])),
        (_("State of the record"), manifest),
        (_("Edition"), f"{edition.id} {edition.version} · {edition.hash}"),
        (_("Engine"), ENGINE_VERSION),
    ]
