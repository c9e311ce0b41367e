"""The journal's address."""

from django.urls import path

from bihuan.journal.web import views

app_name = "journal"

urlpatterns = [path("", views.journal, name="journal")]
