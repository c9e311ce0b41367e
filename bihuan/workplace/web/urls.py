"""Addresses of the workplace. Each group of pages keeps its own list."""

from __future__ import annotations

from django.urls import include, path

from bihuan.workplace.web import agents, callbacks, complaints, home, metrics, overview, platform_reviews, teams

app_name = "workplace"

urlpatterns = [
    path("", home.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:key>/", teams.team, name="team"),
    path("agents/<str:number>/", agents.agent, name="agent"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("callbacks/<str:contact_id>/", callbacks.callback_call, name="callback_call"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("platform-reviews/", platform_reviews.platform_reviews, name="platform_reviews"),
    path("platform-reviews/<str:review_id>/", platform_reviews.platform_review, name="platform_review"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/<str:name>/", metrics.metric, name="metric"),
    path("metrics/<str:name>/contacts/", metrics.metric_contacts, name="metric_contacts"),
    path("", include("bihuan.workplace.web.contact_urls")),
    path("", include("bihuan.workplace.web.saved_view_urls")),
    path("", include("bihuan.workplace.web.result_urls")),
    path("", include("bihuan.workplace.web.import_urls")),
    path("", include("bihuan.workplace.web.token_urls")),
    path("", include("bihuan.workplace.web.check_draft_urls")),
    path("", include("bihuan.workplace.web.edition_urls")),
]
