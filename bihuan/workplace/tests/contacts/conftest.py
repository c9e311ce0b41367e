"""Fixtures of the conversation pages: one record for all of them, the cast of people beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.tests.contacts.record import make_record


@pytest.fixture(scope="session")
def contact_record(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Written once; nothing writes to it afterwards."""
    return make_record(tmp_path_factory.mktemp("contacts") / "archive")


@pytest.fixture
def reader(contact_record: Archive) -> Reader:
    """The whole record."""
    return Reader(contact_record)


@pytest.fixture
def cast(db: None, settings: object, contact_record: Archive) -> Cast:
    """The people, and the pages turned to this record."""
    settings.ARCHIVE_ROOT = Path(contact_record.root)  # type: ignore[attr-defined] # pytest-django's settings
    return make_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """A client signed in as one of the cast."""

    def sign_in(who: str) -> Client:
        client = Client(headers={"Accept-Language": "zh-CN"})
        client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
