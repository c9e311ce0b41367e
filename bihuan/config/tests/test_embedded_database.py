"""The embedded database is made once, keeps its data through a hard kill, and runs from either wheel."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bihuan.config.environment import socket_folder
from bihuan.config.processes import postgres
from bihuan.config.processes.binaries import WHEELS, find_binaries
from bihuan.kit.errors import InputError


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: a unix socket's address ends at 107 bytes, and pytest's own folders are longer."""
    with tempfile.TemporaryDirectory(prefix="bh-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def test_committed_rows_survive_kill_9(home: Path) -> None:
    cluster = postgres.prepare(home)
    first = postgres.start(cluster)
    with psycopg.connect(cluster.address) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('留')")
    first.send_signal(signal.SIGKILL)
    first.wait()

    second = postgres.start(cluster)
    try:
        with psycopg.connect(cluster.address) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("留",)]
    finally:
        postgres.stop(second)


def test_a_second_start_uses_the_same_data(home: Path) -> None:
    cluster = postgres.prepare(home)
    postgres.stop(postgres.start(cluster))
    assert postgres.prepare(home) == cluster
    assert not postgres.answers(cluster.folder)


def test_a_home_too_deep_for_a_socket_gets_a_short_folder_of_its_own(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    cluster = postgres.prepare(deep)
    assert len(str(cluster.folder)) < len(str(deep))
    assert socket_folder(deep) == cluster.folder
    process = postgres.start(cluster)
    postgres.stop(process)
    assert process.returncode == 0


@pytest.mark.parametrize("wheel", WHEELS)
def test_either_wheel_runs_the_database(home: Path, wheel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_POSTGRES", wheel)
    cluster = postgres.prepare(home)
    assert cluster.binaries.name == wheel
    process = postgres.start(cluster)
    try:
        with psycopg.connect(cluster.address) as connection:
            assert connection.execute("SELECT lower('ÄÖ') = 'äö'").fetchone() == (True,)
    finally:
        postgres.stop(process)


def test_no_postgres_at_all_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_POSTGRES", "none-of-them")
    with pytest.raises(InputError, match="No PostgreSQL"):
        find_binaries()
