"""Addresses of the standards."""

from django.urls import path

from bihuan.standards.web import publishing, views

app_name = "standards"

urlpatterns = [
    path("", views.editions, name="editions"),
    path("publication/", publishing.publication, name="publication"),
    path("rules/", views.rules, name="rules"),
    path("<slug:ref>/", views.edition, name="edition"),
    path("<slug:ref>/withdrawal/", publishing.withdrawal, name="withdrawal"),
]
