"""The conversation library: what somebody looks for, as a list to walk through and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.archive import library as kept
from bihuan.people.exporting import tell_export
from bihuan.people.rules.roles import Permission
from bihuan.ui.tables import csv_response
from bihuan.workplace.contacts.counting import Total, counted, total_of
from bihuan.workplace.contacts.judged_by import judged_apart
from bihuan.workplace.contacts.library import Found, Wanted, filters_of, find_page, read_wanted
from bihuan.workplace.contacts.rows import ContactRow, contact_rows
from bihuan.workplace.contacts.searching import Reading, read_search
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.contact_list import ContactList, columns_of
from bihuan.workplace.web.guards import allowed

EXPORTED = 5_000
"""Rows of one file: more than anybody reads, and built within seconds; the page says when it was cut."""


@dataclass(frozen=True)
class Looked:
    """One request's question to the library and its answers, each asked once."""

    view: View
    wanted: Wanted
    kind: str = ""

    @cached_property
    def asked(self) -> kept.Filters:
        return filters_of(self.wanted, self.view.edition, {}, self._apart)

    @cached_property
    def reading(self) -> Reading:
        return read_search(self.view.reader, self.view.user, self.wanted.words, self.asked, wanted_kind=self.kind)

    @cached_property
    def filters(self) -> kept.Filters:
        return filters_of(self.wanted, self.view.edition, self.reading.filters, self._apart)

    @cached_property
    def _apart(self) -> tuple[tuple[str, str], ...]:
        """Asked only where a verdict is looked for."""
        return judged_apart(self.view.reader.manifest, self.view.edition) if self.wanted.check else ()

    @cached_property
    def found(self) -> Found:
        return find_page(self.view.reader, self.filters, self.wanted)

    @cached_property
    def total(self) -> Total | None:
        """How many there are, on this page and the others."""
        return total_of(self.filters, self.wanted, self.found, self._counted)

    def _counted(self) -> int:
        nameless = self.view.nameless
        question = ("contacts found", self.filters, nameless)
        return self.view.remembered(question, lambda: counted(self.view.reader, self.filters, nameless))

    @cached_property
    def rows(self) -> list[ContactRow]:
        return rows_of(self, self.found)


def rows_of(looked: Looked, found: Found) -> list[ContactRow]:
    """A page of the list as this account may read it."""
    view = looked.view
    return contact_rows(
        view.reader, view.edition, found.rows, looked.filters.words, blind=view.blind, nameless=view.nameless
    )


def look(request: HttpRequest) -> Looked:
    """The question an address asks, as this account may ask it."""
    view = view_of(request.user, request.GET)
    days = set(view.reader.manifest.files("contacts"))
    wanted = read_wanted(request.GET, view.filters, undated_only=days == {"undated"}, checks=view.edition.checks)
    return Looked(view, wanted, request.GET.get("as", ""))


@require_safe
@never_cache
@allowed(Permission.SEE_OWN)
def contacts(request: HttpRequest) -> HttpResponse:
    """A page of the conversations this account may see, by the filters of the address."""
    return render(request, "workplace/contacts.html", {"list": ContactList(look(request), request)})


@require_safe
@never_cache
@allowed(Permission.EXPORT_RECORD)
def contacts_csv(request: HttpRequest) -> HttpResponse:
    """The same rows as a file, masked; the journal keeps who took what."""
    looked = look(request)
    found = find_page(looked.view.reader, looked.filters, looked.wanted, limit=EXPORTED)
    rows = rows_of(looked, found)
    told = {"filters": looked.wanted.query(), "rows": len(rows), "more": found.next is not None}
    tell_export(request, verb="workplace_contacts.exported", subject="contacts", data=told)
    return csv_response(columns_of(bool(looked.filters.words)), rows, "contacts")
