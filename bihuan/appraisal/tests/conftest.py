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


@pytest.fixture
def live(tmp_path: Path, settings) -> Callable[[Mapping[str, Sequence[Served]]], World]:
    """Make a record of what people served in July and let the installation use it."""
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    settings.TIME_ZONE = "Asia/Shanghai"
    return lambda months: lived(tmp_path / "archive", months)
