"""Fixtures of this part."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import SettingsWrapper

from bihuan.people.tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the test's own transaction."""
    return make_cast()


@pytest.fixture(autouse=True)
def _cheap_hasher(settings: SettingsWrapper) -> None:
    """What makes a password hard to guess is Django's; here it would only make every account slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
