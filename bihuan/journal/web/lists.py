"""Columns and filters of the journal page. Paging goes by id, so that a page far back costs as little as the first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bihuan.journal.models import Entry, EntryQuerySet
from bihuan.journal.words import VERBS, actor_words, field_words, subject_words, verb_words
from bihuan.ui.tables import Column

_LONGEST: Final = 200
_SHOWN: Final = 160
_LONG_VALUE: Final = 16
_LARGEST_ID: Final = 2**63 - 1
NAMES: Final = ("verb", "actor", "subject", "from", "to")


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """The filter values of an address, cut to what a column can hold."""
    return {name: query.get(name, "").strip()[:_LONGEST].replace("\x00", "") for name in NAMES}


def entries_asked_for(entries: EntryQuerySet, query: Mapping[str, str]) -> EntryQuerySet:
    """Entries by verb (or its beginning), actor, subject, days and `before` an id; what makes no sense is ignored."""
    asked = filters_of(query)
    if asked["verb"]:
        entries = entries.of_verb(asked["verb"])
    if asked["actor"]:
        entries = entries.filter(actor=asked["actor"])
    if asked["subject"]:
        entries = entries.filter(subject__startswith=asked["subject"])
    if first := _day(asked["from"]):
        entries = entries.filter(day__gte=first)
    if last := _day(asked["to"]):
        entries = entries.filter(day__lte=last)
    before = query.get("before", "")
    if before.isascii() and before.isdigit() and int(before[:20]) <= _LARGEST_ID:
        entries = entries.older_than(int(before))
    return entries


def older_url(query: Mapping[str, str], last: Entry) -> str:
    """The next page back in time, under the same filters."""
    kept = {name: value for name, value in filters_of(query).items() if value}
    return "?" + urlencode({**kept, "before": last.id})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def verb_choices(asked: str) -> list[tuple[str, str]]:
    """The acts one may filter by; what the address asks for is always among them."""
    known = {verb: verb_words(verb) for verb in VERBS}
    return [("", gettext("All")), *({**known, asked: verb_words(asked)} if asked else known).items()]


def _data(entry: Entry) -> Any:
    """The data in short, in words, opening to the whole of it as it was recorded."""
    if not entry.data:
        return ""
    text = json.dumps(entry.data, ensure_ascii=False, sort_keys=True, indent=1)
    short = " · ".join(
        f"{field_words(key)} {_said(key, value)}" for key, value in entry.data.items() if value not in ("", None)
    )
    return format_html(
        '<details class="journal-data"><summary class="cut">{}</summary><pre>{}</pre></details>', short[:_SHOWN], text
    )


def _said(field: str, value: Any) -> str:
    """A value in short: kinds in words, of a list what it holds, of a mapping what it is about."""
    if isinstance(value, bool):
        return pgettext("journal", "yes") if value else pgettext("journal", "no")
    if isinstance(value, list | dict):
        return _short(gettext(", ").join(str(one) for one in value)) or pgettext("journal", "none")
    return subject_words(value) if field == "kind" else _short(str(value))


def _short(text: str) -> str:
    return f"{text[:_LONG_VALUE]}…" if len(text) > _LONG_VALUE else text


def _actor(entry: Entry) -> Any:
    return format_html('<a href="?{}">{}</a>', urlencode({"actor": entry.actor}), actor_words(entry.actor))


def _verb(entry: Entry) -> Any:
    return format_html('<span title="{}">{}</span>', entry.verb, verb_words(entry.verb))


def _subject(entry: Entry) -> Any:
    """Kind and the beginning of its id; a click shows everything that happened to it."""
    kind, _colon, name = entry.subject.partition(":")
    shown = f"{subject_words(kind)} {_short(name)}".strip()
    return format_html('<a href="?{}" title="{}">{}</a>', urlencode({"subject": entry.subject}), entry.subject, shown)


def _seal(entry: Entry) -> Any:
    """The link number, or that the sealer has yet to come."""
    seal = getattr(entry, "seal", None)
    if seal is None:
        return format_html('<span class="muted">{}</span>', _("waiting"))
    return format_html('<span class="num" title="{}">{}</span>', seal.digest, seal.number)


COLUMNS: Final = (
    Column("recorded_at", _("Time"), kind="moment"),
    Column("actor", _("Who"), kind="html", get=_actor),
    Column("verb", _("What"), kind="html", get=_verb),
    Column("subject", _("On what"), kind="html", get=_subject),
    Column("data", _("Details"), kind="html", get=_data),
    Column("seal", _("Link number"), kind="html", get=_seal),
)
