"""Pages of appeals: lists, one appeal from both sides, and how often first answers were overturned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.appeals import actions
from bihuan.appeals.kinds import Item, Kind, Matter, kind_named
from bihuan.appeals.models import Appeal, CheckSuspension
from bihuan.appeals.page import AppealPage
from bihuan.appeals.policy import terms_of
from bihuan.appeals.queries import BY, Window, counts_for, overturn_rates, reminders_of, window_of
from bihuan.appeals.web.forms import HandOverForm, PleaForm, RulingForm, ViewForm, valid
from bihuan.appeals.web.lists import COLUMNS, EMPTY, Line, lines, rate_columns
from bihuan.appeals.web.tabs import ListTab, default_list, list_tabs, rate_tabs
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.ui.tables import Sorting, Table

UNUSABLE, REFUSED = 422, 409
Page = Callable[..., HttpResponse]


def for_staff(view: Page) -> Page:
    """Only for who may see anything of the record; for others the address does not exist, whatever a kind refuses."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(Permission.SEE_OWN):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as refusal:
            raise Http404 from refusal

    return guarded


@require_safe
@for_staff
def appeals(request: HttpRequest) -> HttpResponse:
    """One's own appeals, those to decide by due time, and for overseers all of them."""
    counts = counts_for(request.user)
    tabs = list_tabs(request.user, counts, request.GET.get("list", ""))
    name = next((tab.name for tab in tabs if tab.current), default_list(request.user, counts))
    rows = lines(Appeal.objects.visible_to(request.user), name, _me(request).person, now())
    title, advice = (str(words) for words in EMPTY[name])
    table = Table(COLUMNS[name], rows, query=request.GET, row_url=_url, empty_title=title, empty_advice=advice)
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
        "suspended": CheckSuspension.objects.all(),
    }
    return render(request, "appeals/rates.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@for_staff
def making(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Choose answers, say what should hold and why, point to the words; for the person concerned, within the window."""
    asked = _appealable(request, kind, subject)
    told, first = request.POST if request.method == "POST" else None, request.GET.get("item", "")
    made = [PleaForm(told, item, initial={"picked": item.key == first}) for item in asked.items]
    if told is None:
        return _draw_making(request, asked, made)
    if problem := _unusable(made):
        return _draw_making(request, asked, made, problem, UNUSABLE)
    try:
        pleas = [form.plea() for form in made if form.cleaned_data["picked"]]
        appeal = actions.submit_appeal(_me(request), kind=kind, subject=subject, pleas=pleas)
    except NotAllowed:
        raise
    except (InputError, Refusal) as refusal:
        return _draw_making(request, asked, made, _said(refusal), _status_of(refusal))
    return _done(request, appeal, _("Your appeal is on its way."))


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
        actions.give_second_view(_me(request), appeal=found, answers=answers)

    return _carried_out(request, found, made, act, _("Your view is kept. Now you see the first answers."))


@require_POST
@for_staff
def decision(request: HttpRequest, pk: str) -> HttpResponse:
    """Decide every item with its reason."""
    found = _visible(request, pk)
    made = [RulingForm(request.POST, item) for item in found.items.all()]

    def act() -> None:
        rulings = {form.item.key: form.ruling() for form in made}
        actions.decide_appeal(_me(request), appeal=found, rulings=rulings)

    return _carried_out(request, found, made, act, _("The appeal is decided."))


@require_POST
@for_staff
def withdrawal(request: HttpRequest, pk: str) -> HttpResponse:
    """The appellant takes the appeal back."""
    found = _visible(request, pk)

    def act() -> None:
        actions.withdraw_appeal(_me(request), appeal=found)

    return _carried_out(request, found, [], act, _("The appeal is withdrawn."))


@require_POST
@for_staff
def assignment(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand the appeal to another independent adjudicator."""
    found = _visible(request, pk)
    form = HandOverForm(request.POST)

    def act() -> None:
        person = get_object_or_404(Person, number=form.cleaned_data["person"])
        actions.assign_adjudicator(_me(request), appeal=found, person=person, reason=form.cleaned_data["reason"])

    return _carried_out(request, found, [form], act, _("The appeal was handed over."))


def _visible(request: HttpRequest, pk: str) -> Appeal:
    seen = Appeal.objects.visible_to(request.user).select_related("person", "adjudicator")
    return get_object_or_404(seen, pk=pk)


@dataclass(frozen=True)
class Appealable:
    """What an account may appeal now."""

    kind: Kind
    matter: Matter
    window: Window

    @property
    def items(self) -> list[Item]:
        return [item for item in self.matter.items if item.key not in self.window.spent]

    @property
    def is_open(self) -> bool:
        return self.window.pending is None and self.window.is_open(now()) and bool(self.items)


def _appealable(request: HttpRequest, kind: str, subject: str) -> Appealable:
    """404 where there is no such subject or it is about somebody else."""
    asked = kind_named(kind)
    matter = asked.find(subject.replace("\x00", ""))
    if matter is None or matter.person != _me(request).person.number:
        raise Http404
    return Appealable(asked, matter, window_of(kind, matter, at=now()))


def _draw_making(
    request: HttpRequest, asked: Appealable, made: Sequence[PleaForm], problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"asked": asked, "matter": asked.kind.context(asked.matter.subject), "forms": made, "problem": problem}
    context["address"] = asked.kind.url(asked.matter.subject)
    return render(request, "appeals/making.html", context, status=status)


def _status_of(problem: Exception) -> int:
    return UNUSABLE if isinstance(problem, InputError) else REFUSED


def _unusable(made: Sequence[PleaForm]) -> str:
    if not valid(made):
        return _("Something is missing; see below.")
    return "" if any(form.cleaned_data["picked"] for form in made) else _("Choose at least one answer to appeal.")


def _carried_out(
    request: HttpRequest, found: Appeal, made: Sequence[django_forms.Form], act: Callable[[], None], done: str
) -> HttpResponse:
    if not valid(made):
        return _draw(request, found, made, _("Something is missing; see below."), UNUSABLE)
    try:
        act()
    except InputError as error:
        return _draw(request, found, made, _said(error), UNUSABLE)
    except NotAllowed:
        raise
    except Refusal as refusal:
        found.refresh_from_db()
        return _draw(request, found, made, _said(refusal), REFUSED)
    return _done(request, found, done)


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


def _done(request: HttpRequest, found: Appeal, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("appeals:appeal", args=[found.pk]))


def _said(problem: InputError | Refusal) -> str:
    params = getattr(problem, "params", {})
    return _(problem.message) % params if params else _(problem.message)


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


def _me(request: HttpRequest) -> Any:
    return cast(User, request.user)
