"""The library says how many contacts a question finds: exactly where they are counted, else at least those shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.archive.library import Filters
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.inspection.blindness import APPEAL, EVALUATION, Owed
from bihuan.standards.editions import load_edition
from bihuan.workplace.contacts.blind_reading import BlindReader
from bihuan.workplace.contacts.counting import Total, counted, total_of
from bihuan.workplace.contacts.library import Wanted, find_page
from bihuan.workplace.tests.contacts.record import TODAY

SignIn = Callable[[str], Client]
QUESTIONS: list[dict[str, Any]] = [
    {}, {"days": (TODAY, TODAY)}, {"person": ("1001",)}, {"person": ("1003",), "channel": ("email",)}, {"rating": (2,)},
    {"rating": (2,), "person": ("1001",)}, {"team": ("east",)}, {"channel": ("phone",)}, {"customer_key": ("C0026170",)},
    {"agent_class": ("new",)}, {"category": ("refund",), "level": ("L1",), "outcome": ("solved",)},
]  # fmt: skip
SIGHTS = [Scope.all(), Scope(persons=frozenset({"1003"})), Scope(teams=frozenset({"east"})), Scope()]
ALL = Wanted(None)


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_what_is_counted_is_what_the_pages_list(reader: Reader, asked: dict[str, Any], sight: Scope) -> None:
    seen = Reader(reader.archive, scope=sight)
    listed = find_page(seen, Filters(**asked), ALL, limit=100).rows
    assert counted(seen, Filters(**asked)) == len(listed)


def test_whose_server_is_hidden_is_in_no_agents_number(reader: Reader) -> None:
    owed = {"leak": Owed("leak", APPEAL, ()), "silent": Owed("silent", EVALUATION, ())}
    seen, of_person = BlindReader(reader, lambda: owed), Filters(person=("1001",))
    assert counted(seen, of_person, {"leak"}) == len(find_page(seen, of_person, ALL, limit=100).rows)
    assert counted(seen, of_person, {"leak"}) == counted(reader, of_person) - 1
    assert counted(seen, Filters(), {"leak"}) == counted(reader, Filters())


def uncounted() -> int:
    pytest.fail("nothing is counted for words or verdicts")


@pytest.mark.parametrize(
    "asked", [{"words": "您好"}, {"verdict": (load_edition("recommended").hash, "greeting", ("met", "violated"))}]
)
def test_words_and_verdicts_are_counted_to_the_end_of_the_page_and_say_so(
    reader: Reader, asked: dict[str, Any]
) -> None:
    filters = Filters(days=(TODAY, TODAY), **asked)
    wanted = Wanted((TODAY, TODAY), asked.get("words", ""))
    whole = find_page(reader, filters, wanted)
    assert total_of(filters, wanted, whole, uncounted) == Total(len(whole.rows))
    first = find_page(reader, filters, wanted, limit=3)
    assert total_of(filters, wanted, first, uncounted) == Total(3, is_least=True)
    last = replace(wanted, after=first.next)
    assert total_of(filters, last, find_page(reader, filters, last), uncounted) == Total(
        len(whole.rows) - 3, is_least=True
    )


def test_the_page_says_it_and_takes_no_query_more(signed_in: SignIn) -> None:
    client = signed_in("manager")
    page = client.get("/contacts/", {"period": "all"})
    assert "共 12 通会话" in page.content.decode()
    assert "共 1 通会话" in client.get("/contacts/", {"period": "all", "channel": "email"}).content.decode()
    with CaptureQueriesContext(connection) as few:
        client.get("/contacts/", {"period": "all", "channel": "email"})
    with CaptureQueriesContext(connection) as many:
        client.get("/contacts/", {"period": "all"})
    assert len(few) == len(many)
