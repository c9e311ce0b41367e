"""Fixtures: the cast, the small record, tokens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bihuan.archive.store import Archive
from bihuan.people import actions
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.tests.programs.small_record import make_record

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def small_record(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The record, made once; tests that read it change nothing."""
    return make_record(tmp_path_factory.mktemp("record"), tmp_path_factory.mktemp("files"))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def reading(small_record: Archive, settings: Any) -> Archive:
    """The installation's record is the small one."""
    settings.ARCHIVE_ROOT = str(small_record.root)
    cache.clear()
    return small_record


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """An installation of its own with an empty record."""
    settings.HOME = tmp_path
    settings.ARCHIVE_ROOT = str(tmp_path / "archive")
    cache.clear()
    return tmp_path


@pytest.fixture
def ask(cast: Cast) -> Ask:
    """`ask("figures", who="manager", scopes=…, metrics="csat_mean")`: a call with a fresh token of that account."""
    secrets: dict[tuple[Any, ...], str] = {}

    def call(
        where: str, *, who: str = "manager", scopes: Any = tuple(ApiScope), method: str = "get", **data: Any
    ) -> Any:
        key = (who, tuple(scopes))
        if key not in secrets:
            secrets[key] = actions.issue_token(cast.user(who), name="t", scopes=scopes, days=7).secret
        headers = {"Authorization": f"Bearer {secrets[key]}"}
        renamed = {name.rstrip("_"): value for name, value in data.items()}
        return getattr(Client(), method)(f"/api/v1/{where}", renamed, headers=headers)

    return call
