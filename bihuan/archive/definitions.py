"""The definitions of the derived tables, and what a file says of those it was made by.

A new version of the program may define a column otherwise, or a new one; what an earlier one made is told from what is
current, so that it is made anew and until then nobody takes its figures for today's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from bihuan.archive.manifest import PartitionFile
from bihuan.archive.schemas import TABLES
from bihuan.kit.ids import content_hash

STAGES: Final = (
    "told", "voices", "course", "clock", "waits", "shares", "hands", "handling", "known_as", "people", "afterwards",
    "repeats", "rollup",
)  # fmt: skip
DERIVED: Final = ("exchanges", "afterwards", "rollup")
SHORT: Final = 16
"""Hex digits that tell apart what one installation keeps."""
_MOST_KEPT: Final = 4_096


@dataclass(frozen=True)
class Making:
    """By which definitions derived files were made, and how far they look for a customer's return.

    `current` is false where any was made by other definitions than today's; `window_us` is the shortest window, `mixed`
    says that there are longer ones.
    """

    current: bool = True
    window_us: int | None = None
    mixed: bool = False

    def is_of(self, window_us: int) -> bool:
        """Was all made by today's definitions and with this window?"""
        return self.current and not self.mixed and self.window_us in (None, window_us)


def mark(window_us: int) -> str:
    """The first word of what a file says it was made from."""
    return f"{definitions()[:SHORT]}.{window_us}"


def making_of(files: Iterable[PartitionFile]) -> Making:
    """How these derived files were made; files that do not say were made by an earlier version."""
    said = {(file.built_from or "").partition(":")[0] for file in files}
    made = {_read(one) for one in said}
    windows = [window for window in made if window is not None]
    return Making(None not in made, min(windows, default=None), len(windows) > 1)


@lru_cache(maxsize=_MOST_KEPT)
def _read(said: str) -> int | None:
    """The window behind a mark of today's definitions; None behind any other."""
    by, _, window = said.partition(".")
    return int(window) if by == definitions()[:SHORT] and window.isdigit() else None


@cache
def definitions() -> str:
    """A hash over all that says what the derived tables hold."""
    return content_hash([*map(stage, STAGES), *(str(TABLES[table].schema) for table in DERIVED)])


@cache
def stage(name: str) -> str:
    """The SQL of a stage."""
    return resources.files("bihuan.archive").joinpath("derived", f"{name}.sql").read_text()
