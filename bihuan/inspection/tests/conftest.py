from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bihuan.archive.tests.record_world import World
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.tests.desk_world import DAY, lived_day
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.choosing import USUAL
from bihuan.standards.editions import load_edition


@pytest.fixture(scope="session")
def day_folder(tmp_path_factory) -> Path:
    """A lived and judged day that every test copies."""
    root = tmp_path_factory.mktemp("lived")
    ensure_judged(lived_day(root).archive, load_edition(USUAL), [DAY])
    return root


@pytest.fixture
def lived(tmp_path: Path, day_folder: Path, settings) -> World:
    """The installation's record is a day of thirty chats."""
    root = tmp_path / "archive"
    shutil.copytree(day_folder, root)
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = root, "Asia/Shanghai"
    return World(root)


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()
