"""What the overview shows: targets, marks, misses, comparison; a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bihuan.archive.store import Archive
from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.people.models import Membership, Person
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.workplace import memory
from bihuan.workplace.figures.goals import Goal, goal_of, judged
from bihuan.workplace.figures.overview import Overview
from bihuan.workplace.figures.periods import spans_of
from bihuan.workplace.figures.team_tables import TeamRow, team_columns, team_rows
from bihuan.workplace.reading import view_of
from bihuan.workplace.tests.figures.conftest import SignedIn

PAGES = ("/", "/overview/", "/teams/", "/teams/east/", "/agents/1001/", "/metrics/", "/metrics/csat_top2/?by=agent")


def overview(cast: Cast, **query: str) -> Overview:
    view = view_of(cast.user("manager"), query)
    return Overview(view, spans_of(view.filters, "before"), {"east": "售后一组", "west": "售后二组"})


def test_S3_7_the_positive_rate_is_held_against_the_target_of_the_edition(record: Archive, cast: Cast) -> None:
    shown = overview(cast)
    assert shown.goal("csat_top2") == Goal(Decimal("0.9"), at_most=False, source="S3-7")
    card = next(card for card in shown.cards if card.name == "好评率")
    assert (card.value, card.target.met, card.target.sure) == ("66.7", False, True)


def test_a_target_inside_the_interval_leaves_the_mark_open(record: Archive, cast: Cast) -> None:
    shown = overview(cast, **{"from": "2026-07-14", "to": "2026-07-14", "team": "west"})
    met, sure = judged(shown.now["complaint_rate"], shown.goal("complaint_rate"))
    assert (met, sure) == (False, True)
    east = overview(cast, **{"from": "2026-07-14", "to": "2026-07-14", "team": "east"})
    assert judged(east.now["complaint_rate"], east.goal("complaint_rate")) == (True, False)


def test_only_certain_misses_are_listed_the_furthest_first(record: Archive, cast: Cast) -> None:
    found = [(one.team, one.metric) for one in overview(cast).concerns]
    assert found[0] == ("售后二组", "有效投诉率")
    assert ("售后二组", "好评率") in found
    assert not any(team == "售后一组" for team, _metric in found)


def test_X1_a_target_that_differs_by_channel_judges_only_one_channel(cast: Cast, record: Archive) -> None:
    edition = view_of(cast.user("manager"), {}).edition
    assert goal_of(edition, "agent_frt_mean") is None
    assert goal_of(edition, "agent_frt_mean", {"channel": "chat"}) == Goal(Decimal(30), at_most=True, source="S2-2")
    assert goal_of(edition, "agent_frt_mean", {"channel": "email"}).limit == 4 * 3600


def test_rows_of_teams_and_of_no_team_add_up_to_the_department(tmp_path: Path, settings: Any, cast: Cast) -> None:
    world = World(tmp_path)
    for place, key in enumerate(("1001", "nobody's")):  # the second key is nobody's yet
        words = chat(("customer", 1), (key, 9), contact_id=key, text="您好", kind="text")
        events = course(("accepted", 2, key), ("closed", 60, key), contact_id=key)
        own = contact(key, place, 60, outcome="solved", effective=True, customer_key=key)
        world.tell(contacts=[own], messages=words, events=events)
    world.staff({"agent_key": "1001", "person": "1001", "name": "1001", "team": "east"})
    world.refresh()
    settings.ARCHIVE_ROOT = str(tmp_path)
    shown = overview(cast)
    rows = team_rows(shown)
    assert [row.name for row in rows] == ["售后一组", "无班组承接"]
    assert sum(row.group["effective_contacts"].value for row in rows) == shown.now["effective_contacts"].value == 2
    assert team_rows(overview(cast, team="east"))[-1].name == "售后一组"


def test_a_trend_without_any_day_is_missing_with_its_reason_and_no_line(record: Archive, cast: Cast) -> None:
    shown = overview(cast, channel="email")  # nobody wrote an e-mail
    row = TeamRow("east", "售后一组", "", shown.now, 0)
    drawn = [column for column in team_columns(shown) if column.kind == "spark"]
    assert len(drawn) == 2
    for column in drawn:
        assert column.value(row) is None
        assert column.reason(row) == "没有符合条件的会话"


def test_the_span_before_is_compared_with(record: Archive, cast: Cast) -> None:
    shown = overview(cast)
    assert (shown.spans.before.first.isoformat(), shown.spans.before.last.isoformat()) == ("2026-07-01", "2026-07-07")
    assert shown.cards[0].change == "0.0 %"


@pytest.mark.parametrize("url", PAGES)
def test_queries_do_not_grow_with_people_or_repetition(
    record: Archive, cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: object, url: str
) -> None:
    client, counts = signed_in("manager"), []
    client.get(url)
    for _round in range(2):
        memory.forget()
        with django_assert_max_num_queries(28) as counted:  # type: ignore[operator] # a fixture
            assert client.get(url).status_code == 200
        counts.append(len(counted))
        _hire(cast, 10, f"7{len(counts)}")
    assert counts[0] == counts[1]


def _hire(cast: Cast, many: int, prefix: str) -> None:
    made = Person.objects.bulk_create(
        Person(number=f"{prefix}{at:02d}", name="新人", sort_key="xin", joined=JOINED) for at in range(many)
    )
    Membership.objects.bulk_create(Membership(person=one, team=cast.east, since=JOINED) for one in made)


def test_downloads_are_safe_for_spreadsheets(record: Archive, cast: Cast, signed_in: SignedIn) -> None:
    cast.east.name = "=cmd()"
    cast.east.save()
    text = signed_in("manager").get("/overview/?as=csv").content.decode("utf-8-sig")
    assert "'=cmd()" in text
    assert "\n=cmd()" not in text


@pytest.mark.parametrize(
    "query", ["from=nonsense&to=2026-13-40", "team=%00", "channel=fax", "sort=password", "page=-1", "compare=x"]
)
def test_no_address_is_an_error(record: Archive, signed_in: SignedIn, query: str) -> None:
    client = signed_in("manager")
    for url in (
        "/",
        "/overview/",
        "/teams/east/",
        "/agents/1001/",
        "/metrics/csat_top2/",
        "/metrics/csat_top2/contacts/",
    ):
        assert client.get(f"{url}?{query}").status_code in {200, 404}, url
