"""The complaint ledger tells content, agents, cause and outcome, and whether each complaint was classified in 24 hours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.journal.models import Entry
from bihuan.kit.clock import HOUR
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.editions import load_edition
from bihuan.workplace.complaint_charts import charts_of
from bihuan.workplace.complaint_ledger import IN_TIME, LATE, OPEN, classification, ledger, strip_of, within_of
from bihuan.workplace.reading import view_of

DAY = date(2026, 7, 1)
START = 9 * 3600
# hours until classified (None: not yet), whether praise
TOLD = {
    "in": (23.5, False),
    "edge": (24.0, False),
    "out": (24.5, False),
    "never": (None, False),
    "thanks": (None, True),
}


@pytest.mark.parametrize(
    ("classified", "now", "state"),
    [(24, 99, IN_TIME), (24.001, 99, LATE), (None, 24, OPEN), (None, 24.001, LATE), (0, 0, IN_TIME)],
)
def test_S3_12_a_complaint_is_classified_within_24_hours(classified: float | None, now: float, state: str) -> None:
    within = within_of(load_edition("recommended"))
    assert within == 24 * HOUR
    row = {"opened_us": 0, "classified_us": None if classified is None else int(classified * HOUR)}
    assert classification(row, within_us=within, at_us=int(now * HOUR)) == state
    assert classification({"opened_us": None, "classified_us": None}, within_us=within, at_us=0) is None


@pytest.fixture
def cast(tmp_path: Path, settings, db) -> Cast:
    """One contact with a complaint each, and one with praise; 1001 of the east and 1003 of the west served."""
    settings.ARCHIVE_ROOT, settings.TIME_ZONE, settings.ROOT_URLCONF = tmp_path, "Asia/Shanghai", "bihuan.config.urls"
    world = World(tmp_path)
    rows: dict[str, list[dict]] = {"contacts": [], "messages": [], "events": [], "complaints": []}
    for place, (key, (hours, praise)) in enumerate(TOLD.items()):
        agent, start = ("1001", "1003")[place % 2], START + place * 600
        rows["contacts"].append(contact(key, start, start + 60, category="complaint", customer_key=key))
        rows["messages"] += chat(("customer", start), (agent, start + 5), contact_id=key)
        rows["events"] += course(("accepted", start + 1, agent), ("closed", start + 60, agent), contact_id=key)
        rows["complaints"].append(
            {"complaint_id": f"k-{key}", "contact_id": key, "agent_key": agent, "praise": praise, "opened_us": at(start),
             "classified_us": None if hours is None else at(start + hours * 3600), "cause": "delivery",
             "words": f"{key}：物流一直没有更新"}
        )  # fmt: skip
    world.tell(**rows)
    world.staff(
        *(
            {"agent_key": one, "person": one, "name": one, "team": team}
            for one, team in (("1001", "east"), ("1003", "west"))
        )
    )
    world.refresh()
    return make_cast()


def page(cast: Cast, who: str, **query: str) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user(who))
    asked = {"from": DAY.isoformat(), "to": DAY.isoformat()} | query
    return str(client.get("/complaints/", asked).content.decode())


@pytest.mark.django_db
def test_S3_12_the_ledger_holds_content_agent_cause_and_outcome_and_the_share_in_time(cast: Cast) -> None:
    told = page(cast, "manager")
    for word in ("物流一直没有更新", "张三", "配送", "处理中", "及时", "超时", "50.0 %", "24"):
        assert word in told, word
    assert "thanks" not in told  # praise is no complaint
    view = view_of(cast.user("manager"), {"from": DAY.isoformat(), "to": DAY.isoformat()})
    found = ledger(view.reader, view.edition, (DAY, DAY), at_us=at(START + 400 * 3600))
    assert {one.row["contact_id"]: one.state for one in found} == {
        "in": IN_TIME, "edge": IN_TIME, "out": LATE, "never": LATE,
    }  # fmt: skip
    assert strip_of(found, view.edition, confidence=0.95)[1].value.startswith("50.0")


@pytest.mark.django_db
def test_S3_12_complaints_are_drawn_by_day_and_by_cause_as_the_ledger_lists_them(cast: Cast) -> None:
    view = view_of(cast.user("manager"), {"from": DAY.isoformat(), "to": DAY.isoformat()})
    found = ledger(view.reader, view.edition, (DAY, DAY), at_us=at(START))
    drawn = charts_of(found, (DAY, DAY))
    assert drawn is not None
    by_day, by_cause = drawn
    assert [panel.values for panel in by_day.panels] == [[4], [0]]
    assert sum(step.count for step in by_cause.bins) == len(found) == 4
    assert 'data-chart="complaints-by-day"' in page(cast, "manager")
    assert charts_of([], (DAY, DAY)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "seen"),
    [("agent", {"in", "out"}), ("supervisor", {"in", "out"}), ("manager", {"in", "edge", "out", "never"})],
)
def test_each_sees_complaints_about_the_conversations_they_may_see(cast: Cast, who: str, seen: set[str]) -> None:
    told = page(cast, who)
    assert {key for key in ("in", "edge", "out", "never") if f"/contacts/{key}/" in told} == seen


@pytest.mark.django_db
def test_the_file_is_for_who_may_export(cast: Cast) -> None:
    assert "物流一直没有更新" in page(cast, "manager", **{"as": "csv"})
    assert "物流一直没有更新" not in page(cast, "agent", **{"as": "csv"})
    assert "as=csv" not in page(cast, "agent")


@pytest.mark.django_db
def test_the_journal_keeps_who_took_the_ledger_as_a_file(cast: Cast) -> None:
    page(cast, "manager")
    assert not Entry.objects.filter(verb="workplace_complaints.exported").exists()
    assert page(cast, "manager", **{"as": "csv"}).count("\r\n") == 5
    entry = Entry.objects.get(verb="workplace_complaints.exported")
    assert entry.actor == "5001"
    assert entry.data == {"from": "2026-07-01", "to": "2026-07-01", "rows": 4}
