"""The addresses of programs, tokens and imports, with stand-ins for those the side bar names."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bihuan.config.navigation import GROUPS
from bihuan.workplace.web import import_urls, token_urls

_OURS = {"workplace:imports", "workplace:tokens"}


def elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


_others = sorted(entry.name.split(":") for group in GROUPS for entry in group.entries if entry.name not in _OURS)
_named = {part: [name for _part, name in names] for part, names in groupby(_others, key=lambda pair: pair[0])}
_named["people"].append("keys")
_workplace = [*import_urls.urlpatterns, *token_urls.urlpatterns]

urlpatterns = [
    path("accounts/", include("bihuan.people.web.account_urls")),
    path("api/v1/", include("bihuan.workplace.web.api_urls")),
    path(
        "",
        include(
            (_workplace + [path(f"stand-in/{n}/", elsewhere, name=n) for n in _named.pop("workplace")], "workplace")
        ),
    ),
    *(
        path(f"stand-in/{part}/", include(([path(f"{name}/", elsewhere, name=name) for name in names], part)))
        for part, names in _named.items()
    ),
]
handler404 = "bihuan.ui.web.errors.not_found"
