"""The verdicts of a conversation may be appealed by who served it; decisions stand beside the machine's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal
from bihuan.appeals.kinds import Span
from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.inspection.models import JudgingRun
from bihuan.kit.clock import now
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import edition_in_use
from bihuan.workplace.contacts import appeals
from bihuan.workplace.tests.contacts.record import ADDRESS, TODAY

SignIn = Callable[[str], Client]
CONTACT = "leak"  # agent 1001 says an address and promises absolutely


@pytest.fixture
def judged_now(cast: Cast) -> None:
    """The record is of March; a run that judged it just now opens the window."""
    edition = edition_in_use(TODAY)
    JudgingRun.objects.create(
        edition_ref="recommended", edition_hash=edition.hash, engine="test", first_day=TODAY, last_day=TODAY,
        requested_at=now(), finished_at=now() - timedelta(minutes=1),
    )  # fmt: skip


def _page(client: Client) -> str:
    return str(client.get(reverse("workplace:contact", args=[CONTACT])).content.decode())


def _appeal(cast: Cast, check: str = "forbidden_promise") -> Appeal:
    pleas = [Plea(check, "met", "这是客户要求的原话", (Span(2, 4, 8),))]
    return submit_appeal(cast.user("agent"), kind="verdict", subject=CONTACT, pleas=pleas)


def _decide(cast: Cast, appeal: Appeal, outcome: Outcome) -> None:
    user = cast.user("inspector")
    keys = [item.key for item in appeal.items.all()]
    give_second_view(user, appeal=appeal, answers={key: Viewed("met") for key in keys})
    decide_appeal(user, appeal=appeal, rulings={key: Ruling(outcome, "客户先说了这句话") for key in keys})


def test_the_kind_finds_what_speaks_against_who_served(judged_now: None) -> None:
    matter = appeals.find(CONTACT)
    assert matter is not None
    assert (matter.person, matter.team) == ("1001", "east")
    found = {item.key: item for item in matter.items}
    assert {"forbidden_promise", "personal_data_leak"} <= found.keys()
    assert {item.answer for item in matter.items} <= {"violated", "cannot_tell"}
    assert found["forbidden_promise"].reason.zh
    assert appeals.find("nothing") is None


def test_S2_6_the_blind_view_shows_neither_staff_nor_personal_data(judged_now: None) -> None:
    lines = appeals.context(CONTACT)["transcript"].lines
    text = "".join(part.text for line in lines if line.kind == "message" for part in line.segments)
    assert "张三" not in text
    assert ADDRESS not in text
    assert {line.name for line in lines if line.kind == "message" and line.side == "agent"} == {"坐席"}
    assert not [part for line in lines if line.kind == "message" for part in line.segments if part.checks]


@pytest.mark.parametrize(
    ("span", "there"),
    [(Span(2), True), (Span(2, 0, 3), True), (Span(2, 3, 3), False), (Span(2, 0, 10_000), False), (Span(9), False)],
)
def test_a_quote_is_a_place_of_the_conversation(judged_now: None, span: Span, there: bool) -> None:
    assert (appeals.quote(CONTACT, span) is not None) is there


def test_a_quote_is_masked(judged_now: None) -> None:
    assert ADDRESS not in (appeals.quote(CONTACT, Span(2)) or "")


def test_the_page_offers_an_appeal_to_the_person_concerned_only(judged_now: None, signed_in: SignIn) -> None:
    offer = reverse("appeals:making", args=["verdict", CONTACT])
    assert offer in _page(signed_in("agent"))
    for who in ("supervisor", "inspector", "manager"):
        assert offer not in _page(signed_in(who))


def test_after_the_window_the_page_offers_nothing(signed_in: SignIn) -> None:
    assert reverse("appeals:making", args=["verdict", CONTACT]) not in _page(signed_in("agent"))


def test_whoever_owes_a_blind_view_is_led_to_it(judged_now: None, cast: Cast, signed_in: SignIn) -> None:
    appeal = _appeal(cast)
    answer = signed_in("inspector").get(reverse("workplace:contact", args=[CONTACT]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("appeals:appeal", args=[appeal.pk]))


def test_X18_an_upheld_appeal_on_forbidden_wording_stands_beside_the_machine_and_changes_the_score(
    judged_now: None, cast: Cast, signed_in: SignIn
) -> None:
    before = _page(signed_in("agent"))
    appeal = _appeal(cast)
    assert "申诉中" in _page(signed_in("agent"))
    _decide(cast, appeal, Outcome.UPHOLD)
    after = _page(signed_in("supervisor"))
    assert "人工裁定：满足。客户先说了这句话" in after
    assert "实际计入" in after
    assert "实际计入" not in before
    assert after.count("vd-bad") == before.count("vd-bad")  # what the machine said stays


def test_accusations_of_a_check_are_counted_over_the_record(judged_now: None) -> None:
    edition = edition_in_use(TODAY).hash
    counted = appeals.accusations(edition, ["forbidden_promise", "complaint_steps"])
    assert counted["forbidden_promise"] >= 1
    assert set(counted) <= {"forbidden_promise", "complaint_steps"}
