"""Settings and addresses that cannot be used end in a sentence, not in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import OperationalError, connection

from bihuan.config import commands, database, environment
from bihuan.kit.errors import InputError


def test_an_unknown_zone_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_ZONE", "Mars")
    with pytest.raises(InputError, match="BIHUAN_ZONE: Mars is no time zone"):
        environment.read_environment()


def test_a_home_that_cannot_be_made_names_its_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BIHUAN_SECRET_KEY", raising=False)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="BIHUAN_HOME"):
        environment.secret_key(tmp_path / "file" / "home")


def test_a_database_that_does_not_answer_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("no such host")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    with pytest.raises(InputError) as refused:
        database.migrate()
    assert "no such host" in refused.value.message
    assert "DATABASE_URL" in refused.value.hint


def test_an_address_that_is_not_this_machines_is_not_called_a_taken_port() -> None:
    with pytest.raises(InputError, match=r"Nothing can listen on 203\.0\.113\.1:8123"):
        commands._refuse_taken("203.0.113.1", 8123)
