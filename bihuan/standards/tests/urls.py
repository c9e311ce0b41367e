"""This part's addresses beside what every page links to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", home, name="home"),
    path("language/", home, name="set_language"),
    path("accounts/", include("bihuan.people.web.account_urls")),
    path("people/", include("bihuan.people.web.urls")),
    path("standards/", include("bihuan.standards.web.urls")),
]
