"""Ctrl-C at a real terminal, while `bihuan up --demo` seeds the first days: everything ends, nothing complains."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.config.processes.child import is_alive
from bihuan.config.processes.supervisor import sole_owner
from bihuan.ui import assets
from tests.site import COMMAND, fresh_database

LONGEST_SECONDS = 60.0
CTRL_C = b"\x03"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation that need not fetch what pages load: nobody will look at one."""
    vendor = tmp_path / "vendor"
    for name in assets.KEPT:
        file = vendor / "node_modules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (vendor / assets.STAMP).write_text(assets.fingerprint())
    return tmp_path


@pytest.fixture
def terminal(home: Path) -> Iterator[tuple[int, int]]:
    """`up --demo` in a terminal of its own: its process, and the terminal to read and type."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("journeys need DATABASE_URL; run them by tests/run")
    env = {**os.environ, "BIHUAN_HOME": str(home), "DATABASE_URL": fresh_database("interrupted", url), "COLUMNS": "120"}
    env |= {"DJANGO_SETTINGS_MODULE": "bihuan.config.settings", "TERM": "xterm"}
    process, screen = pty.fork()
    if process == 0:
        os.execve(sys.executable, [*COMMAND, "up", "--demo", "--port", "8797"], env)
    yield process, screen
    os.close(screen)


def test_ctrl_c_while_the_first_days_are_seeded_ends_all_of_it(home: Path, terminal: tuple[int, int]) -> None:
    process, screen = terminal
    before = _shown(screen, until=b"Days")
    assert b"Web server" not in before
    os.write(screen, CTRL_C)
    after = _shown(screen).decode(errors="replace")
    _pid, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 130
    assert after.rstrip().splitlines()[-1].endswith("Stopped.\x1b[0m")
    assert "Traceback" not in after
    assert _left_of(process) == []  # neither itself nor its helpers that made days
    with sole_owner(home, "http://127.0.0.1:8797/"):  # the next start may begin
        assert (home / "up.lock").exists()


def _left_of(group: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[2]) == group and is_alive(int(folder.name)):
            found.append(int(folder.name))
    return found


def _shown(screen: int, until: bytes | None = None) -> bytes:
    """What appears on the terminal, until those words or until the last process has left it."""
    seen, deadline = b"", time.monotonic() + LONGEST_SECONDS
    while until is None or until not in seen:
        ready, _, _ = select.select([screen], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing more came after: {seen[-2000:]!r}"
        try:
            block = os.read(screen, 65536)
        except OSError:  # Linux says so when the last one has closed its side
            return seen
        if not block:
            return seen
        seen += block
    return seen
