"""Pages of appeals: lists, one appeal from both sides, and how often first answers were overturned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.appeals import actions
from bihuan.appeals.models import Appeal
from bihuan.appeals.page import AppealPage
from bihuan.appeals.policy import terms_of
from bihuan.appeals.queries import BY, counts_for, overturn_rates, reminders_of, suspensions
from bihuan.appeals.web.answers import REFUSED, UNUSABLE, done, for_staff, me, said
from bihuan.appeals.web.forms import HandOverForm, RulingForm, ViewForm, valid
from bihuan.appeals.web.lists import COLUMNS, EMPTY, Line, lines, rate_columns
from bihuan.appeals.web.tabs import ListTab, default_list, list_tabs, rate_tabs
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.ui.paging import Page
from bihuan.ui.tables import Sorting, Table


@require_safe
@for_staff
def appeals(request: HttpRequest) -> HttpResponse:
    """One's own appeals, those to decide by due time, and for overseers all of them."""
    counts = counts_for(request.user)
    tabs = list_tabs(request.user, counts, request.GET.get("list", ""))
    name = next((tab.name for tab in tabs if tab.current), default_list(request.user, counts))
    page = Page.from_query(request.GET, counts[name])
    rows = lines(Appeal.objects.visible_to(request.user), name, me(request).person, now(), page)
    title, advice = (str(words) for words in EMPTY[name])
    table = Table(
        COLUMNS[name], rows, query=request.GET, page=page, row_url=_url, empty_title=title, empty_advice=advice
    )
    context = {"table": table, "tabs": _with_rates(request, tabs), "reminders": reminders_of(request.user)}
    return render(request, "appeals/appeals.html", context)


@require_safe
@for_staff
def rates(request: HttpRequest) -> HttpResponse:
    """Overturn rates by item, check or rater; raters are named to overseers only."""
    if not request.user.has_perm(Permission.ADJUDICATE):
        raise Http404
    by = request.GET.get("by", BY[0])
    tabs = rate_tabs(request.user, by)
    if by not in {tab.name for tab in tabs}:
        raise Http404
    columns, terms = rate_columns(by), terms_of(edition_in_use(timezone.localdate()))
    sorting = Sorting.from_query(request.GET, columns, "-overturned")
    rows = sorting.apply(overturn_rates(by, confidence=terms.confidence), columns)
    context = {
        "table": _rate_table(columns, rows, sorting, request),
        "rate_tabs": tabs,
        "terms": terms,
        "tabs": _with_rates(request, list_tabs(request.user, counts_for(request.user), None)),
        "suspended": suspensions(timezone.localdate()),
    }
    return render(request, "appeals/rates.html", context)


@never_cache
@require_safe
@for_staff
def appeal(request: HttpRequest, pk: str) -> HttpResponse:
    """State, deadline and reasons for the appellant; for the adjudicator first the blind view, then the decision."""
    return _draw(request, _visible(request, pk))


@require_POST
@for_staff
def view(request: HttpRequest, pk: str) -> HttpResponse:
    """Keep the adjudicator's own answers."""
    found = _visible(request, pk)
    made = [ViewForm(request.POST, item) for item in found.items.all()]

    def act() -> None:
        answers = {form.item.key: form.viewed() for form in made}
        actions.give_second_view(me(request), appeal=found, answers=answers)

    return _carried_out(request, found, made, act, _("Your view is kept. Now you see the first answers."))


@require_POST
@for_staff
def decision(request: HttpRequest, pk: str) -> HttpResponse:
    """Decide every item with its reason."""
    found = _visible(request, pk)
    made = [RulingForm(request.POST, item) for item in found.items.all()]

    def act() -> None:
        rulings = {form.item.key: form.ruling() for form in made}
        actions.decide_appeal(me(request), appeal=found, rulings=rulings)

    return _carried_out(request, found, made, act, _("The appeal is decided."))


@require_POST
@for_staff
def withdrawal(request: HttpRequest, pk: str) -> HttpResponse:
    """The appellant takes the appeal back."""
    found = _visible(request, pk)

    def act() -> None:
        actions.withdraw_appeal(me(request), appeal=found)

    return _carried_out(request, found, [], act, _("The appeal is withdrawn."))


@require_POST
@for_staff
def assignment(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand the appeal to another independent adjudicator."""
    found = _visible(request, pk)
    form = HandOverForm(request.POST)

    def act() -> None:
        person = get_object_or_404(Person, number=form.cleaned_data["person"])
        actions.assign_adjudicator(me(request), appeal=found, person=person, reason=form.cleaned_data["reason"])

    return _carried_out(request, found, [form], act, _("The appeal was handed over."))


def _visible(request: HttpRequest, pk: str) -> Appeal:
    seen = Appeal.objects.visible_to(request.user).select_related("person", "adjudicator")
    return get_object_or_404(seen, pk=pk)


def _carried_out(
    request: HttpRequest, found: Appeal, made: Sequence[django_forms.Form], act: Callable[[], None], words: str
) -> HttpResponse:
    if not valid(made):
        return _draw(request, found, made, _("Something is missing; see below."), UNUSABLE)
    try:
        act()
    except InputError as error:
        return _draw(request, found, made, said(error), UNUSABLE)
    except NotAllowed:
        raise
    except Refusal as refusal:
        found.refresh_from_db()
        return _draw(request, found, made, said(refusal), REFUSED)
    return done(request, found, words)


def _draw(
    request: HttpRequest, found: Appeal, made: Sequence[Any] = (), problem: str = "", status: int = 200
) -> HttpResponse:
    page = AppealPage(found, request.user, now())
    by_item = {form.item.pk: form for form in made if hasattr(form, "item")}
    context = {
        "page": page,
        "appeal": found,
        "entries": [(line, by_item.get(line.item.pk)) for line in page.lines],
        "hand_over": next((form for form in made if isinstance(form, HandOverForm)), None),
        "problem": problem,
    }
    return render(request, "appeals/appeal.html", context, status=status)


def _rate_table(columns: Sequence[Any], rows: Sequence[Any], sorting: Sorting, request: HttpRequest) -> Table:
    empty = _("No appeal was decided yet"), _("As soon as some are, this page shows which answers did not stand.")
    return Table(columns, rows, sorting, request.GET, empty_title=empty[0], empty_advice=empty[1])


def _with_rates(request: HttpRequest, tabs: Sequence[ListTab]) -> list[ListTab]:
    if not request.user.has_perm(Permission.ADJUDICATE):
        return list(tabs)
    url = reverse("appeals:rates")
    return [*tabs, ListTab("rates", _("Overturn rates"), url, request.path == url)]


def _url(row: Line) -> str:
    return row.url
