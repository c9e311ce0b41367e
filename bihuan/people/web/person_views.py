"""One person: what they are, were, may; and the acts that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.people import actions
from bihuan.people.models import Leadership, Person, RoleGrant, StaffKey
from bihuan.people.queries import history_of, standings
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import allowed, carried_out, me, today, visible_person
from bihuan.people.web.people_views import person_url

_FORMS: dict[str, type[django_forms.Form]] = {
    "move": forms.MoveForm,
    "post": forms.PostForm,
    "promotion": forms.PromotionForm,
    "agent_class": forms.ClassForm,
    "lead": forms.LeadForm,
    "grant": forms.GrantForm,
    "departure": forms.DayForm,
}


@require_GET
def person(request: HttpRequest, number: str) -> HttpResponse:
    """Posts, teams, roles and keys with their history."""
    return _draw(request, visible_person(request, number))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def memberships(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "move", actions.move_person, _("Moved."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def posts(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "post", actions.assign_post, _("Post assigned."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def promotions(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "promotion", actions.promote_person, _("Promoted."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def classes(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "agent_class", actions.set_class, _("Class changed."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def leaderships(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "lead", actions.lead_team, _("Leads the team."))


@require_POST
@allowed(Permission.GRANT_ROLES)
def grants(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "grant", actions.grant_role, _("Role granted."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def departure(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, "departure", actions.leave, _("Leaving entered."))


@require_POST
@allowed(Permission.GRANT_ROLES)
def grant_ending(request: HttpRequest, number: str, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant, pk=grant_id, person__number=number)
    return _end(request, number, lambda: actions.revoke_role(me(request), grant=grant), _("Role withdrawn."))


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def leadership_ending(request: HttpRequest, number: str, leadership_id: int) -> HttpResponse:
    row = get_object_or_404(Leadership, pk=leadership_id, person__number=number)
    return _end(
        request,
        number,
        lambda: actions.stop_leading(me(request), leadership=row, until=today()),
        _("Leads the team no longer."),
    )


@require_POST
@allowed(Permission.SETTLE_KEYS)
def key_ending(request: HttpRequest, number: str, key_id: int) -> HttpResponse:
    row = get_object_or_404(StaffKey, pk=key_id, person__number=number)
    return _end(
        request, number, lambda: actions.release_key(me(request), staff_key=row, until=today()), _("Key released.")
    )


@require_POST
@allowed(Permission.GRANT_ROLES)
def password(request: HttpRequest, number: str) -> HttpResponse:
    """A new password, shown once."""
    someone = visible_person(request, number)

    def act() -> None:
        made = actions.reset_password(me(request), person=someone)
        messages.warning(request, _("New password, shown this once: %(password)s") % {"password": made})

    return _end(request, number, act, _("Password changed."))


def _act(request: HttpRequest, number: str, name: str, act: Callable[..., Any], done: str) -> HttpResponse:
    """One of the page's forms, carried out for its person."""
    someone = visible_person(request, number)
    return carried_out(
        request,
        _FORMS[name](request.POST, prefix=name),
        lambda **values: act(me(request), person=someone, **values),
        again=lambda status, form: _draw(request, someone, status, **{name: form}),
        back=person_url(someone),
        done=done,
    )


def _end(request: HttpRequest, number: str, act: Callable[[], Any], done: str) -> HttpResponse:
    """An act without input; a refusal is said on the page."""
    someone = visible_person(request, number)

    def again(status: int, form: django_forms.Form) -> HttpResponse:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
        return _draw(request, someone, status)

    form = forms.EmptyForm(request.POST)
    return carried_out(request, form, lambda: act(), again=again, back=person_url(someone), done=done)


def _draw(request: HttpRequest, someone: Person, status: int = 200, **bound: django_forms.Form) -> HttpResponse:
    rights = me(request).rights()
    drawn = {name: bound.get(name) or form(prefix=name) for name, form in _FORMS.items()}
    context = {
        "person": someone,
        "standing": standings(Person.objects.filter(pk=someone.pk), today())[0],
        "history": history_of(someone),
        "day": today(),
        "forms": drawn,
        "open": next(iter(bound), ""),
        "may_manage": rights.may(Permission.MANAGE_PEOPLE) and someone.works_on(today()),
        "may_grant": rights.may(Permission.GRANT_ROLES) and someone != rights.person,
        "may_settle": rights.may(Permission.SETTLE_KEYS),
    }
    return render(request, "people/person.html", context, status=status)
