"""Fixtures: the cast, the small record made once, clients signed in as a role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.tests.figures.record import make_record

SignedIn = Callable[[str], Client]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def figures_record(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return make_record(tmp_path_factory.mktemp("figures-record"))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def record(figures_record: Archive, settings: Any) -> Archive:
    """The installation's record is the small one."""
    settings.ARCHIVE_ROOT = str(figures_record.root)
    return figures_record


@pytest.fixture
def no_record(tmp_path: Path, settings: Any) -> Path:
    """An installation whose record is empty."""
    settings.ARCHIVE_ROOT = str(tmp_path / "archive")
    return tmp_path


@pytest.fixture
def signed_in(cast: Cast) -> SignedIn:
    def client(who: str) -> Client:
        made = Client(headers={"Accept-Language": "zh-CN"})
        made.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client
