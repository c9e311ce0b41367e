"""Addresses of the standards."""

from django.urls import path

from bihuan.standards.web import views

app_name = "standards"

urlpatterns = [
    path("", views.editions, name="editions"),
    path("<slug:ref>/", views.edition, name="edition"),
]
