"""This part's addresses alone, so that its tests need no other part's pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("bihuan.people.web.account_urls")),
    path("people/", include("bihuan.people.web.urls")),
    path("journal/", include("bihuan.journal.web.urls")),
]
