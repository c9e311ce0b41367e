"""Every address of staff and journal × every role: who gets a page, who learns nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bihuan.journal.models import Entry
from bihuan.people import actions
from bihuan.people.models import Person, RosterUpload, StaffKey, UnresolvedKey
from bihuan.people.tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.urls("bihuan.people.tests.urls")

EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip
PERSONNEL = {"manager", "administrator"}
SEES_ALL = PERSONNEL | {"inspector", "trainer"}
READS = {
    "/people/": SEES_ALL | {"supervisor"},
    "/people/teams/": SEES_ALL | {"supervisor"},
    "/people/new/": PERSONNEL,
    "/people/keys/": PERSONNEL,
    "/people/rosters/": PERSONNEL,
    "/people/1001/": SEES_ALL | {"supervisor", "agent"},
    "/people/1003/": SEES_ALL | {"technical_support"},
    "/people/9999/": set(),
    "/journal/": PERSONNEL,
}
WRITES = {
    "/people/new/": PERSONNEL,
    "/people/teams/": PERSONNEL,
    "/people/1001/memberships/": PERSONNEL,
    "/people/1001/posts/": PERSONNEL,
    "/people/1001/promotions/": PERSONNEL,
    "/people/1001/classes/": PERSONNEL,
    "/people/1001/leaderships/": PERSONNEL,
    "/people/1001/departure/": PERSONNEL,
    "/people/1001/grants/": {"administrator"},
    "/people/1001/password/": {"administrator"},
    "/people/rosters/": PERSONNEL,
}


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_open_for_who_may_and_exist_for_nobody_else(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    got = {url: client.get(url).status_code for url in READS}
    assert got == {url: 200 if who in may else 404 for url, may in READS.items()}


@pytest.mark.parametrize("who", EVERYBODY)
def test_acts_reach_only_who_may(cast: Cast, who: str) -> None:
    client, before = signed_in(cast, who), Entry.objects.count()
    got = {url: client.post(url).status_code for url in WRITES}
    for url, may in WRITES.items():
        # an empty form: 422 says the act was reached, 302 a new password (it needs no form); opening a team shares the
        # address of the list, so that its readers get as far as the form
        reached = {422, 302} if who in may or (url == "/people/teams/" and who in READS[url]) else {404}
        assert got[url] in reached, (url, got[url])
    assert Entry.objects.count() == before + (1 if who == "administrator" else 0)


@pytest.mark.parametrize("who", EVERYBODY)
def test_acts_on_rows_reach_only_who_may(cast: Cast, who: str) -> None:
    grant = cast.person("agent").grants.get()
    own_key = StaffKey.objects.get(person__number="1001")
    lead = cast.person("supervisor").leaderships.get()
    unknown = UnresolvedKey.objects.create(source="phone", key="A1")
    upload = RosterUpload.objects.create(name="r.csv", content=b"", uploaded_by=cast.user("manager"))
    may_by_url = {
        f"/people/1001/grants/{grant.pk}/ending/": {"administrator"},
        f"/people/1001/keys/{own_key.pk}/ending/": PERSONNEL,
        f"/people/2001/leaderships/{lead.pk}/ending/": PERSONNEL,
        f"/people/keys/{unknown.pk}/settlement/": PERSONNEL,
    }
    client = signed_in(cast, who)
    for url, may in may_by_url.items():
        status = client.post(url).status_code
        assert (status != 404) == (who in may), (url, status)
    page = client.get(f"/people/rosters/{upload.pk}/").status_code
    assert page == (200 if who in PERSONNEL else 404)


def test_a_row_of_another_person_is_not_reached_by_a_made_up_address(cast: Cast) -> None:
    grant = cast.person("agent").grants.get()
    client = signed_in(cast, "administrator")
    assert client.post(f"/people/1002/grants/{grant.pk}/ending/").status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    for url in READS:
        response = Client().get(url)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_supervisor_lists_the_team_led_now_and_self(cast: Cast) -> None:
    page = signed_in(cast, "supervisor").get("/people/").content.decode()
    assert {n for n in ("1001", "1002", "2001", "1003", "5001") if f"/people/{n}/" in page} == {"1001", "1002", "2001"}


def test_readers_of_the_team_list_open_no_team(cast: Cast) -> None:
    client = signed_in(cast, "supervisor")
    assert client.post("/people/teams/", {"key": "new", "name": "新组"}).status_code == 404


def test_lists_take_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries: object) -> None:
    client = signed_in(cast, "manager")
    counts = []
    for _round in range(2):
        with django_assert_num_queries(18, exact=False) as counted:  # type: ignore[operator] # a fixture
            client.get("/people/")
        counts.append(len(counted))
        for number in range(5):
            actions.hire_person(SYSTEM, number=f"7{len(counts)}{number}", name="新人", joined=timezone.localdate())
    assert counts[0] == counts[1]


def test_the_search_finds_name_number_and_pinyin(cast: Cast) -> None:
    client = signed_in(cast, "manager")
    for words in ("张三", "1001", "zhang"):
        page = client.get("/people/", {"q": words}).content.decode()
        assert "/people/1001/" in page
        assert "/people/1002/" not in page
    assert client.get("/people/", {"q": "\x00", "team": "\x00", "page": "-1", "sort": "password"}).status_code == 200


def test_hiring_moving_and_refusals_answer_in_words(cast: Cast) -> None:
    client = signed_in(cast, "manager")
    values = {"number": "1020", "name": "何新", "joined": "2026-05-04", "agent_class": "new", "team": cast.east.pk}
    assert client.post("/people/new/", values).status_code == 302
    assert Person.objects.get(number="1020").memberships.get().team == cast.east
    assert client.post("/people/new/", values).status_code == 409
    assert client.post("/people/new/", {**values, "number": "a/b"}).status_code == 409
    moved = client.post("/people/1020/memberships/", {"move-team": cast.west.pk, "move-on": "2026-06-01"})
    assert moved.status_code == 302
    early = client.post("/people/1020/memberships/", {"move-team": cast.west.pk, "move-on": "2020-01-01"})
    assert early.status_code == 409
    assert 'id="act-move" open' in early.content.decode()


def test_settling_a_key_on_the_page_takes_it_off_the_list(cast: Cast) -> None:
    row = UnresolvedKey.objects.create(source="phone", key="A1")
    client = signed_in(cast, "manager")
    assert client.post(f"/people/keys/{row.pk}/settlement/", {"person": "nobody"}).status_code == 422
    assert client.post(f"/people/keys/{row.pk}/settlement/", {"person": "1001"}).status_code == 302
    assert StaffKey.objects.get(source="phone", key="A1").person.number == "1001"
    assert "<code>A1</code>" not in client.get("/people/keys/").content.decode()


def test_the_journal_filters_and_pages_by_id(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    actions.open_team(SYSTEM, key="north", name="北组")
    actions.hire_person(SYSTEM, number="1030", name="何新", joined=timezone.localdate())
    everything = client.get("/journal/").content.decode()
    assert "人员入职" in everything
    assert "person:1030" in everything
    only = client.get("/journal/", {"verb": "people_team", "from": "2026-01-01", "to": "nonsense"}).content.decode()
    assert "team:north" in only
    assert "person:1030" not in only
    older = client.get("/journal/", {"before": str(Entry.objects.latest("id").id)}).content.decode()
    assert "team:north" in older
    assert "person:1030" not in older
    assert client.get("/journal/", {"before": "9" * 40, "verb": "\x00", "actor": "'"}).status_code == 200


def test_a_page_links_to_no_list_its_reader_may_not_open(cast: Cast) -> None:
    page = signed_in(cast, "agent").get("/people/1001/").content.decode()
    assert 'href="/people/"' not in page
    assert "?team=" not in page
    assert "?team=east" in signed_in(cast, "supervisor").get("/people/1001/").content.decode()


def test_a_person_with_many_rows_takes_as_many_queries_as_one_with_few(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    counts = []
    for first in (True, False):
        with CaptureQueriesContext(connection) as counted:
            client.get("/people/1001/")
        counts.append(len(counted))
        for day in range(1, 6) if first else ():
            team = cast.west if day % 2 else cast.east
            on = timezone.localdate() + timedelta(days=day)
            actions.move_person(cast.user("manager"), person=cast.person("agent"), team=team, on=on)
    assert counts[0] == counts[1]


def test_rows_say_who_entered_them(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    assert "系统" in client.get("/people/1001/").content.decode()
    on = timezone.localdate()
    actions.move_person(cast.user("manager"), person=cast.person("agent"), team=cast.west, on=on)
    assert "郑强" in client.get("/people/1001/").content.decode()
