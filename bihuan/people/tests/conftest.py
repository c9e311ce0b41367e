"""Fixtures of this part."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.people.tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the test's own transaction."""
    return make_cast()


@pytest.fixture(autouse=True)
def _cheap_hasher(settings: Any) -> None:
    """What makes a password hard to guess is Django's; here it would only make every account slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
