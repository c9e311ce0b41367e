"""When contacts come: the heat chart of half-hours and weekdays on the pages of volumes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast
from bihuan.workplace.figures.volume_pattern import LEAST_DAYS, volume_pattern
from bihuan.workplace.reading import view_of
from bihuan.workplace.tests.figures.conftest import SignedIn


def test_cells_are_means_of_the_days_held_and_add_up_to_the_contacts(record: Archive, cast: Cast) -> None:
    view = view_of(cast.user("manager"), {})
    heat = volume_pattern(view, "contacts")
    assert heat is not None
    total = view.figures(("contacts",), filters=view.filters.reaching_back(LEAST_DAYS)).totals["contacts"].value
    held = Counter(date.fromisoformat(key).weekday() for key in view.reader.manifest.files("contacts"))
    assert held == Counter(dict.fromkeys(range(7), 2))
    assert sum((cell or Decimal(0)) for row in heat.cells for cell in row) * 2 == total
    assert heat.rows[0]
    assert len(heat.rows) == len(heat.cells) == 7
    assert all(len(row) == len(heat.steps) for row in heat.cells)


def test_every_half_hour_between_the_first_and_the_last_stands_there(record: Archive, cast: Cast) -> None:
    heat = volume_pattern(view_of(cast.user("manager"), {}), "contacts")
    assert heat is not None
    minutes = [int(step[:2]) * 60 + int(step[3:]) for step in heat.steps]
    assert minutes == list(range(minutes[0], minutes[-1] + 1, 30))
    for at in (0, -1):
        assert any(row[at] for row in heat.cells)


def test_a_weekday_the_record_does_not_hold_is_not_told_as_empty(record: Archive, cast: Cast) -> None:
    view = view_of(cast.user("manager"), {})
    first = min(date.fromisoformat(key) for key in view.reader.manifest.files("contacts"))
    early = view_of(cast.user("manager"), {"from": first.isoformat(), "to": first.isoformat()})
    heat = volume_pattern(early, "contacts")
    assert heat is not None
    known = [at for at, row in enumerate(heat.cells) if row[0] is not None]
    assert known == [first.weekday()]


def test_only_volumes_have_the_pattern_and_an_agent_sees_the_own_one(record: Archive, signed_in: SignedIn) -> None:
    page = signed_in("manager").get("/metrics/effective_contacts/").content.decode()
    assert 'data-chart="pattern"' in page
    assert "半小时" in page
    assert 'data-chart="pattern"' not in signed_in("manager").get("/metrics/csat_top2/").content.decode()
    own = signed_in("agent").get("/metrics/served_contacts/")
    whole = signed_in("manager").get("/metrics/served_contacts/")
    summed = [sum(cell or 0 for row in one.context["pattern"].cells for cell in row) for one in (own, whole)]
    assert 0 < summed[0] < summed[1]
