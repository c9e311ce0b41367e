"""How the conversation library is drawn: columns, filters, and how far a search looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.archive.schemas import CHANNELS, LEVELS, OUTCOMES, VERDICTS
from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.people.models import Team
from bihuan.people.rules.roles import Permission
from bihuan.ui.figures import Choice, FilterBar, Preset
from bihuan.ui.tables import Column, Sorting, Table
from bihuan.ui.values import language
from bihuan.workplace.contacts import wording
from bihuan.workplace.contacts.library import RATINGS, token_text
from bihuan.workplace.contacts.rows import ContactRow
from bihuan.workplace.saved_views.rows import BESIDE, VERDICT_WORDS, Row, view_rows

if TYPE_CHECKING:
    from bihuan.workplace.web.contacts import Looked

_SORTS = {"opened_us": "opened", "duration_us": "duration", "rating": "rating"}


def _hidden(row: ContactRow) -> str:
    return _("Hidden until your own answer is given") if row.is_blind else ""


def _nobody(row: ContactRow) -> str:
    return _("Hidden until your own answer is given") if row.is_nameless else _("Nobody took it")


_HIT = Column("hit", gettext_lazy("Words found"), template="workplace/_contact_hit.html")
COLUMNS = (
    Column("opened_us", gettext_lazy("Time"), "moment", sortable=True, reason=lambda row: _("The source gave no time")),
    Column("customer", gettext_lazy("Customer"), template="workplace/_contact_customer.html"),
    Column("channel", gettext_lazy("Channel")),
    Column("team", gettext_lazy("Team")),
    Column("agent", gettext_lazy("Agent"), reason=_nobody),
    Column("category", gettext_lazy("Category"), template="workplace/_contact_matter.html"),
    Column("outcome", gettext_lazy("Outcome")),
    Column("duration_us", gettext_lazy("Duration"), "duration", sortable=True),
    Column(
        "rating", gettext_lazy("Rating"), "number", sortable=True, reason=lambda row: _("The customer did not rate")
    ),
    Column(
        "score", gettext_lazy("Score"), "number", decimals=2, template="workplace/_contact_score.html", reason=_hidden
    ),
    Column(
        "violations",
        gettext_lazy("Violations"),
        "number",
        template="workplace/_contact_violations.html",
        reason=_hidden,
    ),
)
_IN_FILE = (
    Column("contact_id", gettext_lazy("Conversation")),
    Column("customer_key", gettext_lazy("Customer key")),
    Column("agent_number", gettext_lazy("Staff number")),
    Column("level", gettext_lazy("Level")),
    Column("unfailed", gettext_lazy("Score without the fatal item"), "number", decimals=2),
    Column("coverage", gettext_lazy("Coverage %"), "number", decimals=1),
    Column("fatal", pgettext_lazy("verdict", "Fatal")),
)


def columns_of(with_hits: bool, *, on_page: bool = False) -> tuple[Column, ...]:
    """The columns of the list; a file also has the ids, and found words as text."""
    if on_page:
        return (*COLUMNS[:2], _HIT, *COLUMNS[2:]) if with_hits else COLUMNS
    words = (Column("hit", gettext_lazy("Words found"), get=lambda row: row.hit.text if row.hit else None),)
    return (*COLUMNS, *_IN_FILE, *(words if with_hits else ()))


@dataclass(frozen=True)
class ContactList:
    """The page of the library for one request."""

    looked: Looked
    request: HttpRequest

    @cached_property
    def query(self) -> dict[str, str]:
        return self.looked.wanted.query() | ({"as": self.looked.kind} if self.looked.kind else {})

    @cached_property
    def table(self) -> Table:
        wanted, columns = self.looked.wanted, columns_of(bool(self.looked.filters.words), on_page=True)
        names = {order: name for name, order in _SORTS.items()}
        return Table(
            columns, self.looked.rows, Sorting(names[wanted.order], wanted.descending), self.query,
            row_url=self._url, empty_title=_("No conversation like this"), empty_advice=self._advice,
        )  # fmt: skip

    def _url(self, row: ContactRow) -> str:
        return f"{reverse('workplace:contact', args=[row.contact_id])}?{urlencode(self.query)}"

    @property
    def _advice(self) -> str:
        if self.looked.found.exhausted:
            return _("Choose a longer period or take a filter away.")
        return _("Not in these days. Go on with earlier ones.")

    @cached_property
    def bar(self) -> FilterBar:
        """Period and pick lists; each is an address."""
        wanted = self.looked.wanted
        kept = [(name, value) for name, value in self.query.items() if name in ("q", "as", "sort", "agent", "queue")]
        return FilterBar(
            presets=self._presets,
            choices=[
                self._choice("team", _("Team"), list(Team.objects.visible_to(self.request.user).values_list("key", "name"))),
                self._choice("channel", _("Channel"), _options(CHANNELS, wording.CHANNELS)),
                self._choice("category", _("Category"), self._categories),
                self._choice("level", _("Level"), [(level, level) for level in LEVELS]),
                self._choice("outcome", _("Outcome"), _options(OUTCOMES, wording.OUTCOMES)),
                self._choice("rating", _("Rating"), [(rating, rating) for rating in RATINGS]),
                Choice("check", _("Check"), [("", _("All")), *self._checks], wanted.check),
                *([self._verdict] if wanted.check else []),
            ],
            start=wanted.days[0].isoformat() if wanted.days else "",
            end=wanted.days[1].isoformat() if wanted.days else "",
            kept=kept if wanted.days else [*kept, ("period", "all")],
        )  # fmt: skip

    @property
    def _presets(self) -> list[Preset]:
        newest, days = self.looked.view.newest, self.looked.wanted.days
        lengths = {1: _("Latest day"), 7: _("7 days"), 30: _("30 days")}
        spans = {label: (newest - timedelta(days=length - 1), newest) for length, label in lengths.items()}
        return [Preset(label, span[0].isoformat(), span[1].isoformat(), span == days) for label, span in spans.items()]

    def _choice(self, name: str, label: str, options: list[tuple[str, str]]) -> Choice:
        value = self.looked.wanted.chosen.get(name, "")
        known = options if value in {"", *(one for one, _label in options)} else [*options, (value, value)]
        return Choice(name, label, [("", _("All")), *known], value)

    @property
    def _categories(self) -> list[tuple[str, str]]:
        return [(name, wording.said(wording.CATEGORIES, name)) for name in wording.CATEGORIES]

    @property
    def _checks(self) -> list[tuple[str, str]]:
        return [(check.id, check.label.said(language())) for check in self.looked.view.edition.checks.values()]

    @property
    def _verdict(self) -> Choice:
        """What the chosen check is to have found; a violation unless something else is chosen."""
        others = [(word, str(VERDICT_WORDS[word])) for word in VERDICTS if word != "violated"]
        chosen = self.looked.wanted.chosen.get("verdict", "")
        return Choice("verdict", _("Verdict"), [("", _("Violated")), *others], chosen)

    @property
    def tells_days(self) -> bool:
        """Whether the days that were looked through are worth a line: after a search, or when it stopped early."""
        asked = self.looked.wanted.words or self.looked.wanted.check
        return bool(self.looked.found.looked and (asked or not self.looked.found.exhausted))

    @cached_property
    def reviewed(self) -> ReviewRate:
        """Of the conversations of these days, by agent, team, channel and category as the list is narrowed (X12)."""
        wanted = self.looked.wanted
        return review_rate_of_record(self.looked.view.reader, wanted.days, wanted.chosen)

    @property
    def reading(self) -> str:
        """What the search words were taken for."""
        words = {
            "contact": _("Number of a conversation"),
            "customer": _("Key of a customer"),
            "agent": _("Agent %(who)s") % {"who": self.looked.reading.who},
            "words": _("Words that were said"),
        }
        return words.get(self.looked.reading.kind, "")

    @property
    def left_out(self) -> int:
        """How many conversations a search by verdict leaves out, because the reader is still to judge them blind."""
        return len(self.looked.view.blind) if self.looked.filters.verdict else 0

    @property
    def left_out_url(self) -> str:
        """Where the first of the answers is given."""
        waiting = sorted(self.looked.view.blind.values(), key=lambda owed: not owed.asked)
        return next((owed.url for owed in waiting), "")

    @property
    def as_words_url(self) -> str:
        """The same search for words, where they were taken for a name or a number."""
        if self.looked.reading.kind in ("", "words"):
            return ""
        return "?" + urlencode({**self.query, "as": "words"})

    @property
    def next_url(self) -> str:
        after = self.looked.found.next
        return "" if after is None else "?" + urlencode({**self.query, "after": token_text(after)})

    @property
    def first_url(self) -> str:
        return "?" + urlencode(self.query) if self.looked.wanted.after is not None else ""

    @property
    def all_url(self) -> str:
        """The whole record, where a period narrows it."""
        if self.looked.wanted.days is None:
            return ""
        kept = {name: value for name, value in self.query.items() if name not in ("from", "to")}
        return "?" + urlencode({**kept, "period": "all"})

    @cached_property
    def _saved(self) -> list[Row]:
        return view_rows(self.looked.view, self.looked.wanted.query())

    @property
    def has_views(self) -> bool:
        return bool(self._saved)

    @property
    def views(self) -> list[Row]:
        """The first of them; the one that is shown is always among them."""
        shown = self._saved[:BESIDE]
        return shown + [row for row in self._saved[BESIDE:] if row.current]

    @property
    def save_url(self) -> str:
        """Where these filters get a name; nowhere for a view that has one already."""
        if any(row.current for row in self._saved):
            return ""
        return f"{reverse('workplace:new_saved_view')}?{urlencode(self.looked.wanted.query())}"

    @property
    def csv_url(self) -> str:
        if not self.request.user.has_perm(Permission.EXPORT_RECORD):
            return ""
        return f"{reverse('workplace:contacts_csv')}?{urlencode(self.query)}"

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Filters without a pick list of their own, each with the address that takes it away."""
        shown = {"agent": _("Agent"), "queue": _("Queue"), "business_line": _("Business line")}
        chosen = self.looked.wanted.chosen
        return [
            {"label": label, "value": chosen[name], "url": "?" + urlencode({k: v for k, v in self.query.items() if k != name})}
            for name, label in shown.items() if name in chosen
        ]  # fmt: skip


def _options(values: Iterable[str], words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, wording.said(words, value)) for value in values]
