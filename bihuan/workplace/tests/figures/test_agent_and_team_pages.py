"""What the pages of teams and agents show, and an installation without a record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.archive.store import Archive
from bihuan.people.models import Membership
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.workplace.figures import scored
from bihuan.workplace.figures.coverage import days_covered
from bihuan.workplace.figures.people_figures import Agent
from bihuan.workplace.figures.periods import spans_of
from bihuan.workplace.reading import view_of
from bihuan.workplace.tests.figures.conftest import SignedIn

ROLES = ("agent", "supervisor", "inspector", "manager", "trainer", "administrator")


def test_a_team_lists_its_present_members_and_nobody_else(record: Archive, signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get("/teams/east/").content.decode()
    assert {number for number in ("1001", "1002", "1003") if f"/agents/{number}/" in page} == {"1001", "1002"}


def test_an_agent_stands_beside_the_team_for_who_leads_it_only(record: Archive, signed_in: SignedIn) -> None:
    assert "与团队对比" in signed_in("supervisor").get("/agents/1001/").content.decode()
    assert "与团队对比" not in signed_in("agent").get("/agents/1001/").content.decode()


def test_the_team_beside_is_the_whole_team(record: Archive, cast: Cast) -> None:
    view = view_of(cast.user("manager"), {"agent": "1001"})
    agent = Agent(view, spans_of(view.filters, "none"), "1001", "east")
    assert agent.team_now["served_contacts"].numerator == 2 * agent.now["served_contacts"].numerator


def test_missed_checks_lead_to_their_contacts(record: Archive, signed_in: SignedIn) -> None:
    page = signed_in("manager").get("/agents/1001/").content.decode()
    assert "/contacts/?from=2026-07-08&amp;to=2026-07-14&amp;agent=1001&amp;check=" in page
    assert "verdict=violated" in page


def test_S3_13_daily_scores_are_means_of_the_contacts_of_a_day(record: Archive, cast: Cast) -> None:
    view = view_of(cast.user("manager"), {})
    found = scored.scores(view, *view.filters.period, person="1001")
    days = scored.days_of(found)
    assert len(days) == 7
    day = found.filter(found["day"] == view.filters.last)
    mean = day["score_milli"].sum() / day["score_milli"].count() / 1000
    assert float(days[view.filters.last.isoformat()].value) == pytest.approx(mean, abs=0.006)
    assert days[view.filters.last.isoformat()].n == 6


def test_fatal_contacts_stand_first_and_do_not_hide_low_ones(record: Archive, cast: Cast) -> None:
    view = view_of(cast.user("manager"), {})
    listed = scored.lowest(scored.scores(view, *view.filters.period))
    marks = [one.fatal for one in listed]
    assert marks == sorted(marks, reverse=True)
    low = [one.score for one in listed if not one.fatal]
    assert low == sorted(low)
    assert all(one.score < 100 for one in listed)


def test_X12_the_inspector_sees_which_days_the_edition_judged(record: Archive, cast: Cast, signed_in: SignedIn) -> None:
    view = view_of(cast.user("inspector"), {})
    days = days_covered(view.reader.manifest, view.edition, *view.filters.period)
    assert [(day.state, day.contacts) for day in days] == [("met", 18)] * 7
    assert "今日质检" in signed_in("inspector").get("/").content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_an_empty_installation_says_what_to_do(no_record: Path, signed_in: SignedIn, who: str) -> None:
    client = signed_in(who)
    page = client.get("/")
    assert page.status_code == 200
    assert "还没有服务记录" in page.content.decode()
    for url in ("/overview/", "/teams/", "/teams/east/", "/agents/1001/", "/metrics/", "/metrics/csat_top2/"):
        assert client.get(url).status_code in {200, 404}, (who, url)


def test_each_role_begins_with_its_own_page(record: Archive, signed_in: SignedIn) -> None:
    heads = {
        "agent": "我的工作台", "supervisor": "团队总览", "inspector": "今日质检", "manager": "部门总览",
        "trainer": "部门总览", "administrator": "系统", "complaint_specialist": "我的工作台",
    }  # fmt: skip
    for who, words in heads.items():
        assert f"<title>{words}" in signed_in(who).get("/").content.decode(), who


@pytest.mark.parametrize("url", ["/teams/", "/teams/east/", "/"])
def test_tables_of_teams_and_members_sort_by_every_column(record: Archive, signed_in: SignedIn, url: str) -> None:
    client = signed_in("manager")
    plain = client.get(url).content.decode()
    names = set(re.findall(r"[?&;]sort=-?(\w+)", plain))
    assert plain.count("<th scope")
    assert names
    for name in names:
        page = client.get(url, {"sort": f"-{name}"})
        assert page.status_code == 200, name
        assert 'aria-sort="descending"' in page.content.decode(), name
    for table in (part for part in re.findall(r"<thead>.*?</thead>", plain) if "sort=" in part):
        assert table.count("<th ") == table.count('href="?')


def test_who_leads_and_takes_no_contacts_is_said_so_and_not_left_blank(
    record: Archive, cast: Cast, signed_in: SignedIn
) -> None:
    Membership.objects.create(person=cast.person("supervisor"), team=cast.east, since=JOINED)
    table = signed_in("manager").get("/teams/east/").context["table"]
    lines = {row.number: row for row in table.rows}
    columns = {column.name: column for column in table.columns}
    lead, served = lines["2001"], lines["1001"]
    assert lead.standing == "带班，不接待"
    assert served.standing != lead.standing
    for name in ("served_contacts", "csat_top2", "check_met_share", "total"):
        reason = columns[name].reason
        assert reason is not None
        assert reason(lead) == "主管带班，不接待会话"
        assert "带班" not in reason(served)
