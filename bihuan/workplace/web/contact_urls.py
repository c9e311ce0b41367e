"""Addresses of the conversation library and of one conversation; part of the workplace's (`web/urls.py`)."""

from django.urls import path

from bihuan.workplace.web import contact, contacts

urlpatterns = [
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts.csv", contacts.contacts_csv, name="contacts_csv"),
    path("contacts/<str:contact_id>/", contact.contact, name="contact"),
    path("contacts/<str:contact_id>/next/", contact.neighbour, {"ahead": True}, name="next_contact"),
    path("contacts/<str:contact_id>/previous/", contact.neighbour, {"ahead": False}, name="previous_contact"),
    path("contacts/<str:contact_id>/revelations/", contact.revelations, name="revelations"),
    path("contacts/<str:contact_id>/revelations/ending/", contact.revelation_ending, name="revelation_ending"),
]
