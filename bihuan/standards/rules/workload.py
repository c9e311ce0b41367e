"""Who looks at what: work shared out so that everybody ends with as much open as the others."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """A piece of work; the people in `barred` may not do it (nobody evaluates their own contact)."""

    id: str
    barred: frozenset[str] = frozenset()


def shared_out(tasks: Sequence[Task], open_work: Mapping[str, int]) -> dict[str, str | None]:
    """task → worker: each goes to whoever has least open, by name where equal; None where nobody may.

    `open_work` is how much each worker has open already. Two workers who may do everything end at most one apart,
    unless one began with more.
    """
    waiting = [(load, name) for name, load in open_work.items()]
    heapq.heapify(waiting)
    given: dict[str, str | None] = {}
    for task in tasks:
        passed = []
        while waiting and waiting[0][1] in task.barred:
            passed.append(heapq.heappop(waiting))
        if waiting:
            load, name = heapq.heappop(waiting)
            heapq.heappush(waiting, (load + 1, name))
            given[task.id] = name
        else:
            given[task.id] = None
        for entry in passed:
            heapq.heappush(waiting, entry)
    return given
