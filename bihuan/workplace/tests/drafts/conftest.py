"""Fixtures of writing checks: the small record of the programs' tests, the cast, drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.queries import find_listed
from bihuan.workplace.drafts.acts import start_draft
from bihuan.workplace.drafts.models import CheckDraft
from bihuan.workplace.drafts.sample import Sample, draw_sample
from bihuan.workplace.tests.programs.small_record import make_record

DAYS = (date(2026, 10, 5), date(2026, 10, 6))


@pytest.fixture(scope="session")
def draft_record(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Written once; no test of drafts writes to it."""
    return make_record(tmp_path_factory.mktemp("record"), tmp_path_factory.mktemp("files"))


@pytest.fixture
def sample(draft_record: Archive) -> Sample:
    """All six conversations."""
    return draw_sample(Reader(draft_record), DAYS, size=20, seed=1)


@pytest.fixture
def cast(db: None, settings: Any, draft_record: Archive) -> Cast:
    """The people, and the pages turned to this record."""
    settings.ARCHIVE_ROOT = str(draft_record.root)
    cache.clear()
    return make_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """A client signed in as one of the cast."""

    def sign_in(who: str) -> Client:
        client = Client(headers={"Accept-Language": "zh-CN"})
        client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def draft(cast: Cast) -> CheckDraft:
    """The inspector's draft of a new check in the recommended edition."""
    return start_draft(cast.user("inspector"), base=find_listed("recommended"))
