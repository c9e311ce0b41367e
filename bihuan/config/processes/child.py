"""Child processes that cannot outlive their parent, even when the parent is killed with −9."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

from bihuan.kit.processes import die_with_parent


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    death_signal: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child writing to `log`; the kernel sends it `death_signal` when this process is gone.

    `user` is a (uid, gid) to become. The child leads its own group, so that Ctrl-C reaches the supervisor alone, who
    then stops the children in order.
    """
    identity: dict[str, Any] = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    with _opened(log) as output:
        return subprocess.Popen(  # noqa: S603 - commands are built here, never from input
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, death_signal, os.getpid()),
            **identity,
        )


def is_alive(pid: int) -> bool:
    """Whether a process runs. A zombie counts as dead: in many containers nobody reaps it, and it holds nothing."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def _opened(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("ab")
