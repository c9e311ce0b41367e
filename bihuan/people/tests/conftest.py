"""Fixtures of this part."""

from __future__ import annotations

import pytest

from bihuan.people.tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the test's own transaction."""
    return make_cast()
