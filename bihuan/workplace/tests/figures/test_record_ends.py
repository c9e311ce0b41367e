"""A record tells nothing of what came after its last word, however late somebody looks at it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.reading import view_of

DAY = date(2026, 7, 1)
START = 9 * 3600


@pytest.fixture
def cast(tmp_path: Path, settings, db) -> Cast:
    """One conversation of an old record, resolved."""
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    world = World(tmp_path)
    world.tell(
        contacts=[
            contact("a", START, START + 60, category="order", customer_key="k", customer_known=True, outcome="solved")
        ],
        messages=chat(("customer", START), ("1001", START + 5), contact_id="a"),
        events=course(("accepted", START + 1, "1001"), ("closed", START + 60, "1001"), contact_id="a"),
    )
    world.staff({"agent_key": "1001", "person": "1001", "name": "1001", "team": "east"})
    world.refresh()
    return make_cast()


@pytest.mark.django_db
def test_S2_8_whoever_may_still_return_is_not_resolved_because_time_passed_after_the_record_ended(cast: Cast) -> None:
    view = view_of(cast.user("manager"), {"from": DAY.isoformat(), "to": DAY.isoformat()})
    resolved = view.figures(("first_contact_resolution",)).totals["first_contact_resolution"]
    assert (resolved.n, resolved.pending, resolved.provisional) == (1, 1, True)
