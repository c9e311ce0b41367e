"""Addresses of imports."""

from django.urls import path

from bihuan.workplace.web import import_views

urlpatterns = [
    path("imports/", import_views.imports, name="imports"),
    path("imports/<uuid:import_id>/", import_views.one_import, name="import"),
    path("imports/<uuid:import_id>/landing/", import_views.landing, name="import_landing"),
    path("imports/<uuid:import_id>/resumption/", import_views.resumption, name="import_resumption"),
    path("imports/<uuid:import_id>/discard/", import_views.discarding, name="import_discard"),
    path("imports/<uuid:import_id>/rejects.csv", import_views.rejects, name="import_rejects"),
]
