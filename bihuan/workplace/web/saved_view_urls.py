"""Addresses of saved views."""

from django.urls import path

from bihuan.workplace.web import saved_views as views

urlpatterns = [
    path("contact-views/", views.saved_views, name="saved_views"),
    path("contact-views/new/", views.new_saved_view, name="new_saved_view"),
    path("contact-views/<int:view_id>/", views.saved_view, name="saved_view"),
    path("contact-views/<int:view_id>/settings/", views.saved_view_settings, name="saved_view_settings"),
    path("contact-views/<int:view_id>/removal/", views.saved_view_removal, name="saved_view_removal"),
    path("contact-views/<int:view_id>/restoration/", views.saved_view_restoration, name="saved_view_restoration"),
]
