"""Submitting and withdrawing: by the person concerned, within the window, with a reason, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.appeals.actions import submit_appeal, withdraw_appeal
from bihuan.appeals.kinds import Span
from bihuan.appeals.models import Appeal
from bihuan.appeals.refusals import AppealClosed, AppealedAlready, NothingAppealed, OpenAlready, WindowClosed
from bihuan.appeals.tests.conftest import Case, Cases, plea, submitted
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.tests.cast import Cast


def test_an_appeal_keeps_the_answer_as_it_stood_and_what_is_said_against_it(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    (item,) = appeal.items.all()
    assert (item.first_answer, item.claimed, item.reason) == ("violated", "met", "第一句就问候了")
    assert item.evidence == [{"message": 1, "start": None, "end": None}]
    assert (appeal.state, appeal.person.number, appeal.team) == ("submitted", "1001", "east")
    assert appeal.due_at > appeal.remind_at > now()
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == ["appeal.submitted", "appeal.assigned"]


@pytest.mark.parametrize("who", ["senior_agent", "supervisor", "manager", "inspector"])
def test_nobody_appeals_for_somebody_else(cast: Cast, cases: Cases, who: str) -> None:
    with pytest.raises(NotAllowed):
        submit_appeal(cast.user(who), kind="case", subject="talk", pleas=[plea()])


def test_what_does_not_exist_is_not_appealed(cast: Cast, cases: Cases) -> None:
    with pytest.raises(NotAllowed):
        submit_appeal(cast.user("agent"), kind="case", subject="other", pleas=[plea()])
    with pytest.raises(NotAllowed):
        submit_appeal(cast.user("agent"), kind="nothing", subject="talk", pleas=[plea()])


def test_after_the_window_no_appeal_is_taken(cast: Cast, cases: Cases) -> None:
    cases.known["talk"] = Case("1001", now() - timedelta(days=40))
    with pytest.raises(WindowClosed):
        submitted(cast)
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " . "},
        {"claimed": "violated"},
        {"claimed": "perhaps"},
        {"key": "unknown"},
        {"evidence": (Span(7),)},
    ],
)
def test_a_plea_must_say_something_about_something(cast: Cast, cases: Cases, wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        submitted(cast, "talk", plea(**wrong))


def test_an_appeal_names_at_least_one_answer(cast: Cast, cases: Cases) -> None:
    with pytest.raises(NothingAppealed):
        submit_appeal(cast.user("agent"), kind="case", subject="talk", pleas=[])


def test_one_appeal_at_a_time(cast: Cast, cases: Cases) -> None:
    submitted(cast)
    with pytest.raises(OpenAlready):
        submitted(cast, "talk", plea("empathy"))


def test_withdrawn_an_answer_may_be_appealed_again(cast: Cast, cases: Cases) -> None:
    appeal = withdraw_appeal(cast.user("agent"), appeal=submitted(cast))
    assert (appeal.state, appeal.closed_at is None) == ("withdrawn", False)
    assert submitted(cast).is_open


def test_only_the_appellant_withdraws(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    with pytest.raises(NotAllowed):
        withdraw_appeal(cast.user("senior_agent"), appeal=appeal)


def test_a_closed_appeal_is_not_withdrawn_again(cast: Cast, cases: Cases) -> None:
    appeal = withdraw_appeal(cast.user("agent"), appeal=submitted(cast))
    with pytest.raises(AppealClosed):
        withdraw_appeal(cast.user("agent"), appeal=appeal)


def test_a_decided_answer_is_final(cast: Cast, cases: Cases, decided: Appeal) -> None:
    with pytest.raises(AppealedAlready):
        submitted(cast)
    assert submitted(cast, "talk", plea("empathy")).is_open


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("agent", True), ("senior_agent", False), ("supervisor", False), ("trainer", False), ("administrator", False),
        ("manager", True), ("stranger", False), ("inspector", True), ("inspector 3002", False),
    ],
)  # fmt: skip
def test_an_appeal_is_seen_by_who_made_it_who_decides_it_and_who_oversees(
    cast: Cast, cases: Cases, who: str, sees: bool
) -> None:
    appeal = submitted(cast)
    assert appeal.adjudicator.number == "3001"  # type: ignore[union-attr] # somebody was free
    assert Appeal.objects.visible_to(cast.user(who)).filter(pk=appeal.pk).exists() is sees
