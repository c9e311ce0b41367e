"""Addresses of appeals."""

from django.urls import path

from bihuan.appeals.web import making, views

app_name = "appeals"

urlpatterns = [
    path("", views.appeals, name="appeals"),
    path("rates/", views.rates, name="rates"),
    path("new/<slug:kind>/<str:subject>/", making.making, name="making"),
    path("<uuid:pk>/", views.appeal, name="appeal"),
    path("<uuid:pk>/view/", views.view, name="view"),
    path("<uuid:pk>/decision/", views.decision, name="decision"),
    path("<uuid:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("<uuid:pk>/assignment/", views.assignment, name="assignment"),
]
