"""This part's addresses with stand-ins for those the side bar names, so that its tests need no other part's pages."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bihuan.config.navigation import GROUPS

_OURS = {"people", "journal"}


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


_elsewhere = sorted(entry.name.split(":") for group in GROUPS for entry in group.entries)
_stand_ins = [
    path(f"elsewhere/{part}/", include(([path(f"{name}/", home, name=name) for _part, name in names], part)))
    for part, names in groupby(_elsewhere, key=lambda pair: pair[0])
    if part not in _OURS
]

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("bihuan.people.web.account_urls")),
    path("people/", include("bihuan.people.web.urls")),
    path("journal/", include("bihuan.journal.web.urls")),
    *_stand_ins,
]
