"""The weekly re-evaluation of the demo is not empty when its first page is there (S3-13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.demo.actions import make_world, seed_days
from bihuan.demo.inspected import inspect_some
from bihuan.demo.trusted import review_days
from bihuan.inspection.models import Evaluation, Review

DAYS = 7  # as many as are drawn; the oldest of them lies in last week whatever today is


def _quiet(_what: str, _at: int, _of: int) -> None:
    """Nobody watches."""


@pytest.mark.django_db
def test_S3_13_the_group_finds_full_marks_at_once_and_an_objection_when_agents_have_read(
    tmp_path: Path, settings
) -> None:
    settings.HOME, settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, tmp_path / "archive", "Asia/Shanghai"
    world = make_world(tmp_path, days=DAYS, agents=6, scale=0.1, progress=_quiet)
    seed_days(world, world.first_days, _quiet)
    assert review_days(world) == Evaluation.objects.released().count() > 0
    assert any("full_marks" in one.reasons for one in Review.objects.open())
    assert inspect_some(world) > 0
    assert any("objected" in one.reasons for one in Review.objects.open())
    assert review_days(world) == inspect_some(world) == 0  # a second start adds nothing
