"""Addresses of keys for programs."""

from django.urls import path

from bihuan.workplace.web import token_views

urlpatterns = [
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revocation/", token_views.revocation, name="token_revocation"),
]
