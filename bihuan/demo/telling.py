"""Progress of seeding, and the accounts to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bihuan.demo.world import World

Told = Callable[[str, int, int], None]


def account_lines(world: World) -> list[str]:
    """One line per role: what to type on the sign-in page."""
    return [f"{role:<24}{number:<8}{password:<20}{name}" for role, number, name, password in world.accounts]


@contextmanager
def telling(console: Console) -> Iterator[Told]:
    """A progress display; call the value with (what, done, of)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        tasks: dict[str, TaskID] = {}

        def told(what: str, at: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what.capitalize(), total=of)
            bar.update(tasks[what], completed=at, total=of)

        yield told
