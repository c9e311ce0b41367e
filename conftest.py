"""What all tests share: a cheap password hash. A strong one is meant to be slow, and hundreds of accounts are made here."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    from django.conf import settings  # pytest-django configures it first

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
