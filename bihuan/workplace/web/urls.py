"""Addresses of the workplace. Each group of pages keeps its own list."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from bihuan.workplace.web import agents, home, metrics, overview, teams

app_name = "workplace"


def _not_there(request: HttpRequest, **_named: str) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("", home.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:key>/", teams.team, name="team"),
    path("agents/<str:number>/", agents.agent, name="agent"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/<str:name>/", metrics.metric, name="metric"),
    path("metrics/<str:name>/contacts/", metrics.metric_contacts, name="metric_contacts"),
    path("contacts/", _not_there, name="contacts"),
    path("contacts/<str:contact_id>/", _not_there, name="contact"),
    path("months/", _not_there, name="months"),
    path("months/<str:month>/", _not_there, name="month"),
    path("results/<uuid:result_id>/", _not_there, name="result"),
    path("imports/", _not_there, name="imports"),
    path("tokens/", _not_there, name="tokens"),
]
