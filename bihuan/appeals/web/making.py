"""The page on which an appeal is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.appeals import actions
from bihuan.appeals.kinds import Item, Kind, Matter, kind_named
from bihuan.appeals.queries import Window, window_of
from bihuan.appeals.web.answers import REFUSED, UNUSABLE, done, for_staff, me, said
from bihuan.appeals.web.forms import PleaForm, valid
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal


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
        appeal = actions.submit_appeal(me(request), kind=kind, subject=subject, pleas=pleas)
    except NotAllowed:
        raise
    except (InputError, Refusal) as refusal:
        return _draw_making(request, asked, made, said(refusal), _status_of(refusal))
    return done(request, appeal, _("Your appeal is on its way."))


@dataclass(frozen=True)
class Appealable:
    """What an account may appeal now."""

    kind: Kind
    matter: Matter
    window: Window

    @property
    def what(self) -> str:
        return self.kind.says(self.matter.title, self.matter.edition)

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
    if matter is None or matter.person != me(request).person.number:
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
