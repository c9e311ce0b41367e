"""Fixtures of this part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from bihuan.appraisal.tests.record import Served, lived
from bihuan.archive.tests.record_world import World
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition


@pytest.fixture
def recommended() -> Edition:
    return load_edition("recommended")


@pytest.fixture(scope="session")
def records(tmp_path_factory) -> Callable[[Mapping[str, Sequence[Served]]], World]:
    """Records that tests only read, each made once."""
    made: dict[str, World] = {}

    def record(months: Mapping[str, Sequence[Served]]) -> World:
        key = repr(months)
        if key not in made:
            made[key] = lived(tmp_path_factory.mktemp("record"), months)
        return made[key]

    return record


@pytest.fixture
def live(records, tmp_path: Path, settings) -> Callable[..., World]:
    """Let the installation use a record of what people served in July; `fresh` where the test writes more into it."""
    settings.TIME_ZONE = "Asia/Shanghai"

    def use(months: Mapping[str, Sequence[Served]], *, fresh: bool = False) -> World:
        world = lived(tmp_path / "archive", months) if fresh else records(months)
        settings.ARCHIVE_ROOT = world.archive.root
        return world

    return use
