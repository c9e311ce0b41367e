"""The supervisor keeps its programs alive, stops them in order, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bihuan.config.processes.child import is_alive
from bihuan.config.processes.supervisor import AlreadyRunning, Program, Supervisor, python_program, sole_owner

FOREVER = "import threading; threading.Event().wait()"


def _program(name: str, home: Path, started: list[subprocess.Popen[bytes]], told: threading.Event) -> Program:
    inner = python_program(name, ["-c", FOREVER], home, python=sys.executable)

    def start() -> subprocess.Popen[bytes]:
        process = inner.start()
        started.append(process)
        if len(started) > 1:
            told.set()
        return process

    return Program(name, start)


def test_a_killed_program_is_started_again(tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []
    sentences: list[str] = []
    again = threading.Event()
    supervisor = Supervisor(announce=sentences.append)
    supervisor.start([_program("web", tmp_path, started, again)])
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    started[0].kill()
    assert again.wait(20)
    supervisor.stopping.set()
    watching.join()
    supervisor.stop()
    assert started[0].returncode == -signal.SIGKILL
    assert started[1].poll() is not None
    assert "web ended" in sentences[0]


def test_children_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from bihuan.config.processes.supervisor import Supervisor, python_program\n"
        f"p = python_program('w', ['-c', {FOREVER!r}], Path({str(tmp_path)!r}), python=sys.executable)\n"
        "child = p.start(); print(child.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_alive(child)
    descriptor = os.pidfd_open(child)
    parent.kill()
    parent.wait()
    _wait_for_end(descriptor)
    assert not is_alive(child)


def test_only_one_supervisor_owns_a_home(tmp_path: Path) -> None:
    with (
        sole_owner(tmp_path, "http://127.0.0.1:8000/"),
        pytest.raises(AlreadyRunning, match="8000"),
        sole_owner(tmp_path, "http://127.0.0.1:9000/"),
    ):
        pass
    with sole_owner(tmp_path, "http://127.0.0.1:9000/"):
        assert "9000" in (tmp_path / "up.lock").read_text()


def _wait_for_end(descriptor: int) -> None:
    import select  # only this test waits for a process that is not its child

    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    assert poller.poll(20_000)
