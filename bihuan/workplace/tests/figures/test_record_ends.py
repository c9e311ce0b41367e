"""A record tells nothing of what came after its last word, however late somebody looks at it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.kit.clock import SECOND, business_day, now, to_us
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


@pytest.mark.django_db
def test_S2_8_a_closing_mistyped_into_the_future_settles_nobody_elses_return(cast: Cast, tmp_path: Path) -> None:
    world, hour = World(tmp_path), timedelta(hours=1)
    just, years = ((to_us(now() + ahead) - at(0)) // SECOND for ahead in (-hour, timedelta(days=3650)))
    asked = {"category": "order", "customer_known": True, "outcome": "solved"}
    world.tell(
        contacts=[
            contact("b", just, just + 60, customer_key="b", **asked), contact("c", START, years, customer_key="c", **asked),
        ],
        events=course(("accepted", just + 1, "1001"), ("closed", just + 60, "1001"), contact_id="b"),
    )  # fmt: skip
    world.refresh()
    day = business_day(now() - hour, world.archive.zone, 0).isoformat()
    view = view_of(cast.user("manager"), {"from": day, "to": day})
    resolved = view.figures(("first_contact_resolution",)).totals["first_contact_resolution"]
    assert (resolved.n, resolved.pending) == (1, 1)
