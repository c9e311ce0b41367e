"""Keeps the processes of one machine alive: starts them in order, restarts what dies, stops them in reverse."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bihuan.config.processes.child import spawn
from bihuan.kit.errors import Refusal

TICK_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 30.0
STOP_SECONDS = 8.0


class AlreadyRunning(Refusal):
    message = "Bihuan already runs here: %(address)s"


@dataclass(frozen=True)
class Program:
    """A process to keep alive; `start` returns it once it is worth waiting for."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass
class _Kept:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    due: float = 0.0


@dataclass
class Supervisor:
    """Runs programs until `stopping` is set. `announce` hears one English sentence per event worth telling."""

    announce: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    _kept: list[_Kept] = field(default_factory=list)

    def start(self, programs: Sequence[Program]) -> None:
        for program in programs:
            self._kept.append(_Kept(program, program.start(), time.monotonic()))

    def watch(self) -> None:
        """Block until asked to stop; a program that ends is started again, ever slower while it keeps failing."""
        while not self.stopping.wait(TICK_SECONDS):
            for kept in self._kept:
                if kept.process.poll() is not None:
                    self._revive(kept)

    def stop(self) -> None:
        for kept in reversed(self._kept):
            _end(kept)

    def _revive(self, kept: _Kept) -> None:
        now = time.monotonic()
        if not kept.due:
            kept.failures = 0 if now - kept.started > STEADY_SECONDS else kept.failures + 1
            kept.due = now + min(LONGEST_PAUSE_SECONDS, TICK_SECONDS * 2**kept.failures)
            self.announce(f"{kept.program.name} ended with code {kept.process.returncode}; starting it again")
        if now >= kept.due:
            kept.due = 0.0
            kept.started = now
            kept.process = kept.program.start()


def _end(kept: _Kept) -> None:
    if kept.process.poll() is not None:
        return
    kept.process.send_signal(kept.program.stop_signal)
    try:
        kept.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        kept.process.kill()
        kept.process.wait()


def python_program(
    name: str, arguments: Sequence[str], home: Path, *, python: str, env: Mapping[str, str] | None = None
) -> Program:
    """A program run by this Python, logging to `home/log/<name>.log`; `env` is added to this process's own."""

    def start() -> subprocess.Popen[bytes]:
        return spawn(
            [python, *arguments], env={**os.environ, **(env or {})}, cwd=Path.cwd(), log=home / "log" / f"{name}.log"
        )

    return Program(name, start)


@contextmanager
def sole_owner(home: Path, address: str) -> Iterator[None]:
    """Hold this home for one supervisor; the lock dies with its holder, so kill −9 leaves nothing behind."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(address=json.loads(lock.read() or "{}").get("address", "?")) from None
        lock.truncate(0)
        lock.write(json.dumps({"address": address, "pid": os.getpid()}))
        lock.flush()
        yield
