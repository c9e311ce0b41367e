"""Addresses of what changes between two editions; included under the workplace's namespace."""

from __future__ import annotations

from django.urls import path

from bihuan.workplace.web import edition_differences as views

urlpatterns = [
    path("standards/<slug:ref>/differences/", views.differences, name="edition_differences"),
    path("standards/differences/<uuid:pk>/progress/", views.progress, name="edition_comparison"),
]
