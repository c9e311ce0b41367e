"""A step is a process of its own: its wall time, processor time and peak memory are those of the whole process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """What a step printed, and what its process took; `peak_mb` is that of its largest process."""

    name: str
    found: Mapping[str, Any] | None
    wall_s: float
    cpu_s: float
    peak_mb: int


def run_step(name: str, home: Path, arguments: tuple[str, ...] = ()) -> Step:
    """Run `python -m bench.<name>`; `found` is the JSON it prints last, None where it failed."""
    environment = {
        **os.environ, "BIHUAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
        "TOKENIZERS_PARALLELISM": "false",
    }  # fmt: skip
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
        [sys.executable, "-m", f"bench.{name}", *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    found = json.loads(printed.strip().splitlines()[-1]) if process.returncode == 0 and printed.strip() else None
    return Step(name, found, wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
