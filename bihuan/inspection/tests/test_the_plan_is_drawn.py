"""The sampling plan draws how far people came with each day's own sample, against the least share asked for (S3-10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bihuan.inspection.models import Draw
from bihuan.inspection.sampling.planning import DayLine
from bihuan.inspection.web.plan import course_of
from bihuan.standards.editions import load_edition


def line(day: int, sampled: int, *, number: int = 0) -> DayLine:
    return DayLine(Draw(day=date(2026, 7, day), number=number, contacts=200, drawn=20), 5, 15, sampled)


def test_S3_10_the_course_of_the_draws_is_oldest_first_and_leaves_out_what_came_late() -> None:
    edition = load_edition("recommended")
    found = course_of([line(3, 10), line(2, 3, number=1), line(2, 20), line(1, 30)], edition)
    assert found is not None
    assert found.steps == ["07-01", "07-02", "07-03"]
    share, still_open = found.panels
    assert list(share.values) == [Decimal("15.0"), Decimal("10.0"), Decimal("5.0")]
    assert share.target == 10  # the limit itself is met
    assert "1" in found.summary
    assert list(still_open.values) == [15, 15, 15]


def test_one_day_is_no_course() -> None:
    assert course_of([line(1, 10)], load_edition("recommended")) is None
