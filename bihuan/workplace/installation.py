"""How the installation stands: the record, people without names, imports, the journal. For administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.manifest import Manifest, day_of
from bihuan.journal.models import Entry, Unsealed
from bihuan.journal.words import actor_words, subject_words, verb_words
from bihuan.people.models import Person, UnresolvedKey
from bihuan.ui import formats
from bihuan.ui.figures import FigureCard
from bihuan.ui.tables import Column, Table

IMPORTED: Final = "record_import"
LAST: Final = 8
SHOWN_DAYS: Final = 30
_SHOWN: Final = 12

ACTS: Final = (
    Column("recorded_at", gettext_lazy("When"), "moment"),
    Column("actor", gettext_lazy("Who"), get=lambda row: actor_words(row.actor)),
    Column("verb", gettext_lazy("Act"), get=lambda row: verb_words(row.verb)),
    Column("subject", gettext_lazy("About"), get=lambda row: _short(row.subject)),
)


def _short(subject: str) -> str:
    """`judging run 01a20366…`: the journal's own page has the whole."""
    kind, _colon, name = subject.partition(":")
    return f"{subject_words(kind)} {name[:_SHOWN]}…" if len(name) > _SHOWN else f"{subject_words(kind)} {name}".strip()


def cards(manifest: Manifest, user: Any, today: Any) -> list[FigureCard]:
    """The record, people, unresolved keys, and what the journal has not sealed yet."""
    days = manifest.files("contacts")
    people = Person.objects.visible_to(user).working(today).count()
    waiting = UnresolvedKey.objects.visible_to(user).waiting().count()
    unsealed = Unsealed.objects.count()
    return [
        _card(_("Contacts in the record"), sum(file.rows for file in days.values()), _("%(n)s days") % {"n": len(days)},
              reverse("workplace:imports"), _course(manifest)),
        _card(_("People working here"), people, "", reverse("people:people")),
        _card(_("Unresolved keys"), waiting, _("keys of the record nobody has named"), reverse("people:keys")),
        _card(_("Journal entries to seal"), unsealed, _("sealed entries cannot be changed unnoticed"), reverse("journal:journal")),
    ]  # fmt: skip


def _course(manifest: Manifest) -> list[int | None]:
    """Contacts of the last days of the record, one by one; None where the record holds nothing of a day."""
    held = {day: file.rows for key, file in manifest.files("contacts").items() if (day := day_of(key)) is not None}
    newest = max(held, default=None)
    return [held.get(newest - timedelta(days=back)) for back in reversed(range(SHOWN_DAYS))] if newest else []


def _card(name: str, count: int, note: str, url: str, trend: Sequence[int | None] = ()) -> FigureCard:
    return FigureCard(name, formats.number(count), note=note, url=url, trend=trend)


def last_imports() -> Table:
    """The last finished imports, as the journal keeps them."""
    return Table(ACTS, list(Entry.objects.of_verb(IMPORTED).newest_first()[:LAST]))


def last_acts() -> Table:
    """The last acts of anybody."""
    return Table(ACTS, list(Entry.objects.newest_first()[:LAST]))
