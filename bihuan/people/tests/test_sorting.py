"""Lists of people and teams sort by each of their columns, in the database, with what is missing last both ways."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.people.models import PostHolding
from bihuan.people.queries import ORDERS
from bihuan.people.tests.cast import JOINED, Cast

pytestmark = pytest.mark.urls("bihuan.people.tests.urls")


@pytest.fixture
def client(cast: Cast) -> Client:
    made = Client(headers={"Accept-Language": "zh-CN"})
    made.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    for who, post, step in (("agent", "representative", "agent"), ("supervisor", "supervisor", "")):
        PostHolding.objects.create(person=cast.person(who), post=post, step=step, since=JOINED)
    return made


def numbers(client: Client, **query: str) -> list[str]:
    """Staff numbers in the order of the page."""
    page = client.get("/people/", query)
    assert page.status_code == 200
    return [row.person.number for row in page.context["table"].rows]


@pytest.mark.parametrize("column", ORDERS)
def test_every_column_sorts_both_ways_and_loses_nobody(client: Client, column: str) -> None:
    if column == "left":
        assert numbers(client, sort="left", state="all") == numbers(client, sort="-left", state="all")
        return
    up, down = numbers(client, sort=column), numbers(client, sort=f"-{column}")
    assert sorted(up) == sorted(down) == sorted(numbers(client))
    head = re.search(
        r'<th scope="col" aria-sort="(\w+)">', client.get("/people/", {"sort": f"-{column}"}).content.decode()
    )
    assert head
    assert head[1] == "descending"


def test_names_go_by_their_pinyin_and_numbers_as_text(client: Client) -> None:
    assert numbers(client)[:3] == ["9001", "1002", "1005"]  # 冯 feng, 李 li, 钱 qian
    assert numbers(client, sort="-number")[0] == "9001"


def test_teams_posts_and_roles_stand_in_the_order_of_the_department_and_none_stands_last(client: Client) -> None:
    for sort in ("team", "-team"):
        listed = numbers(client, sort=sort)
        assert set(listed[:4]) == {"1001", "1002", "1003", "1004"}
    assert numbers(client, sort="post")[:2] == ["1001", "2001"]
    assert numbers(client, sort="-post")[:2] == ["2001", "1001"]
    assert numbers(client, sort="roles")[0] == "1001"
    assert numbers(client, sort="-roles")[0] == "9001"


def test_an_order_takes_no_more_queries_and_keeps_the_filters(client: Client) -> None:
    counts = []
    for query in ({"team": "east"}, {"team": "east", "sort": "-roles"}):
        with CaptureQueriesContext(connection) as counted:
            page = client.get("/people/", query).content.decode()
        counts.append(len(counted))
        assert "/people/1003/" not in page
    assert counts[0] == counts[1]
    assert "?team=east&amp;sort=roles" in page
    assert '<input type="hidden" name="sort" value="-roles">' in page


def test_teams_sort_by_their_leads_and_size(client: Client) -> None:
    def keys(sort: str) -> list[str]:
        return [line.team.key for line in client.get("/people/teams/", {"sort": sort}).context["table"].rows]

    assert keys("leads") == keys("-leads") == ["east", "west"]  # nobody leads west
    assert keys("name") == ["west", "east"]
    assert keys("key") == ["east", "west"]
