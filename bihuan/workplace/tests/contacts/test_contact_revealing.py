"""Showing the original: works with a reason, refuses without, exists for nobody else, and is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.journal.models import Entry
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.tests.cast import Cast
from bihuan.workplace.contacts.revealing import LASTS, ContactOutOfSight, reveal_contact
from bihuan.workplace.models import Revelation
from bihuan.workplace.tests.contacts.record import ADDRESS, MOBILE, WIDE_MOBILE

SignIn = Callable[[str], Client]
MAY_EAST = {"supervisor", "inspector", "manager"}
MAY_WEST = {"inspector", "manager"}
URL, WHY = "/contacts/leak/revelations/", {"reason": "核对收货地址"}
EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor", "inspector",
    "trainer", "manager", "administrator", "stranger",
]  # fmt: skip


def test_the_original_is_shown_after_a_reason_for_this_sign_in_only(signed_in: SignIn) -> None:
    client, elsewhere = signed_in("supervisor"), signed_in("supervisor")
    assert ADDRESS not in client.get("/contacts/leak/").content.decode()
    assert client.post(URL, WHY)["Location"] == "/contacts/leak/"
    shown = client.get("/contacts/leak/")
    assert ADDRESS in shown.content.decode()
    assert WIDE_MOBILE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert MOBILE not in client.get("/contacts/phone-number/").content.decode(), "one conversation, not all"
    assert ADDRESS not in elsewhere.get("/contacts/leak/").content.decode()


def test_a_revelation_writes_its_row_and_one_journal_line(cast: Cast) -> None:
    row = reveal_contact(cast.user("supervisor"), contact_id="leak", reason="  核对\n地址 ")
    assert (row.reason, row.until - row.revealed_at) == ("核对 地址", LASTS)
    entry = Entry.objects.latest("id")
    assert (entry.actor, entry.verb, entry.subject) == ("2001", "workplace_contact.revealed", "contact:leak")
    assert entry.data["reason"] == "核对 地址"
    assert Entry.objects.filter(verb="workplace_contact.revealed").count() == Revelation.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", ".", "\x00\x00\x00\x00"])
def test_no_reason_shows_nothing_and_says_so(signed_in: SignIn, reason: str) -> None:
    client = signed_in("supervisor")
    answer = client.post(URL, {"reason": reason})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert ADDRESS not in answer.content.decode()
    assert (Revelation.objects.count(), Entry.objects.filter(verb="workplace_contact.revealed").count()) == (0, 0)


@pytest.mark.parametrize("who", EVERYBODY)
def test_for_others_the_address_does_not_exist(signed_in: SignIn, who: str) -> None:
    client = signed_in(who)
    assert client.post(URL, WHY).status_code == (302 if who in MAY_EAST else 404)
    assert client.post("/contacts/west/revelations/", WHY).status_code == (302 if who in MAY_WEST else 404)
    assert Revelation.objects.count() == (who in MAY_EAST) + (who in MAY_WEST)
    assert client.get(URL).status_code == 405


def test_the_act_itself_refuses_who_may_not_and_what_is_out_of_sight(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reveal_contact(cast.user("agent"), contact_id="leak", reason="核对收货地址")
    with pytest.raises(ContactOutOfSight):
        reveal_contact(cast.user("supervisor"), contact_id="west", reason="核对收货地址")
    with pytest.raises(InputError):
        reveal_contact(cast.user("manager"), contact_id="leak", reason=" ")
    assert not Entry.objects.filter(verb="workplace_contact.revealed").exists()


def test_it_ends_by_itself_and_on_request(signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    client.post(URL, WHY)
    assert client.post("/contacts/leak/revelations/ending/")["Location"] == "/contacts/leak/"
    assert ADDRESS not in client.get("/contacts/leak/").content.decode()
    client.post(URL, WHY)
    past = timezone.now() - timedelta(minutes=1)
    Revelation.objects.update(revealed_at=past - LASTS, until=past)
    assert ADDRESS not in client.get("/contacts/leak/").content.decode()


def test_who_loses_the_right_sees_masks_at_once(signed_in: SignIn, cast: Cast) -> None:
    client = signed_in("supervisor")
    client.post(URL, WHY)
    cast.person("supervisor").grants.update(until=timezone.localdate())
    cast.person("supervisor").grants.create(role="agent", since=timezone.localdate())
    cast.person("supervisor").leaderships.all()
    assert client.get("/contacts/leak/").status_code in (200, 404)
    assert ADDRESS not in client.get("/contacts/leak/").content.decode()
