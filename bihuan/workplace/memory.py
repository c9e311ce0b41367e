"""Answers already told, kept in the process: the record's state is named by a hash, so the same question has the same answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

MOST: Final = 256
T = TypeVar("T")
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def remembered(key: Hashable, told: Callable[[], T]) -> T:
    """The answer kept under `key`, else what `told` tells, kept. Holds the `MOST` last used; an answer is never None.

    Two threads may tell the same answer at once; the answers are equal, so neither waits for the other.
    """
    with _lock:
        found: T | None = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = told()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing; for tests and for whoever measures."""
    with _lock:
        _kept.clear()
