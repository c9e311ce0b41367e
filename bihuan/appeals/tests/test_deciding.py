"""Independent, blind first, with reasons, once, for good."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.appeals.actions import Viewed, assign_adjudicator, decide_appeal, give_second_view
from bihuan.appeals.models import Appeal, AppealItem, Decision, SecondView
from bihuan.appeals.queries import answers_that_hold, decisions_on, view_owed
from bihuan.appeals.refusals import AppealClosed, HandedOver, NotIndependent, ViewedAlready, ViewFirst
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appeals.sweeping import sweep
from bihuan.appeals.tests.conftest import Case, Cases, add_inspector, adjudicator_of, plea, submitted, viewed
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import Leadership
from bihuan.people.tests.cast import JOINED, Cast, make_cast

UPHELD = {"greeting": Ruling(Outcome.UPHOLD, "第一条消息确有问候")}


def test_the_adjudicator_is_not_the_first_rater(cast: Cast, cases: Cases) -> None:
    cases.known["talk"] = Case("1001", now() - timedelta(hours=1), raters={"greeting": "3001"})
    assert submitted(cast).adjudicator == cast.person("inspector 3002")


def test_work_is_shared_evenly(cast: Cast, cases: Cases) -> None:
    cases.known |= {f"talk {n}": Case("1001", now() - timedelta(hours=1)) for n in range(4)}
    chosen = [submitted(cast, f"talk {n}").adjudicator.number for n in range(4)]  # type: ignore[union-attr] # one is free
    assert sorted(chosen) == ["3001", "3001", "3002", "3002"]


def test_the_first_answer_is_hidden_until_the_second_is_given(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    user = adjudicator_of(appeal)
    assert view_owed(user, "case", "talk") == appeal
    with pytest.raises(ViewFirst):
        decide_appeal(user, appeal=appeal, rulings=UPHELD)
    viewed(cast, appeal)
    assert view_owed(user, "case", "talk") is None


def test_a_second_view_answers_everything_and_is_given_once(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast, "talk", plea(), plea("empathy"))
    user = adjudicator_of(appeal)
    with pytest.raises(InputError):
        give_second_view(user, appeal=appeal, answers={"greeting": Viewed("met")})
    with pytest.raises(InputError):
        give_second_view(user, appeal=appeal, answers={"greeting": Viewed("met"), "empathy": Viewed("splendid")})
    viewed(cast, appeal)
    with pytest.raises(ViewedAlready):
        viewed(cast, appeal)
    assert SecondView.objects.count() == 2


@pytest.mark.parametrize(
    ("ruling", "holds"),
    [
        (Ruling(Outcome.UPHOLD, "确有问候"), "met"),
        (Ruling(Outcome.DISMISS, "问候在第三条才出现"), "violated"),
        (Ruling(Outcome.AMEND, "客户打断，无从问候", "not_applicable"), "not_applicable"),
    ],
)
def test_a_decision_says_which_answer_holds_and_tells_the_journal(
    cast: Cast, cases: Cases, ruling: Ruling, holds: str
) -> None:
    appeal = viewed(cast, submitted(cast))
    decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings={"greeting": ruling})
    assert answers_that_hold("case") == answers_that_hold("case", ["talk"]) == {("talk", "greeting"): holds}
    assert answers_that_hold("case", ["other"]) == {}
    assert answers_that_hold("case", until=appeal.submitted_at) == {}
    assert decisions_on("case", "talk")["greeting"].reason == ruling.reason
    told = Entry.objects.get(verb="appeal.viewed").data
    assert told == {"items": ["greeting"]}  # no answer: others may still owe theirs
    entry = Entry.objects.get(verb="appeal.decided")
    assert entry.data["items"] == {"greeting": {"outcome": ruling.outcome, "answer": holds}}
    assert (entry.data["person"], entry.data["subject"]) == ("1001", "talk")


def test_every_item_is_decided_with_a_reason(cast: Cast, cases: Cases) -> None:
    appeal = viewed(cast, submitted(cast, "talk", plea(), plea("empathy")))
    user = adjudicator_of(appeal)
    for rulings in (UPHELD, {**UPHELD, "empathy": Ruling(Outcome.DISMISS, " ")}):
        with pytest.raises(InputError):
            decide_appeal(user, appeal=appeal, rulings=rulings)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["agent", "supervisor", "manager", "inspector 3002", "trainer"])
def test_nobody_else_views_or_decides(cast: Cast, cases: Cases, who: str) -> None:
    appeal = submitted(cast)
    with pytest.raises(Refusal):
        give_second_view(cast.user(who), appeal=appeal, answers={"greeting": Viewed("met")})
    assert not SecondView.objects.exists()


@pytest.mark.parametrize(
    ("who", "why"),
    [("supervisor", "superior"), ("agent", "no_right"), ("manager", "has_read"), ("trainer", "no_right")],
)
def test_an_appeal_is_not_handed_to_whoever_is_touched(cast: Cast, cases: Cases, who: str, why: str) -> None:
    appeal = submitted(cast)
    with pytest.raises(NotIndependent):
        assign_adjudicator(cast.user("manager"), appeal=appeal, person=cast.person(who), reason="休假顶替")
    appeal.refresh_from_db()
    assert appeal.adjudicator == cast.person("inspector")


def test_a_handed_over_appeal_is_viewed_anew(cast: Cast, cases: Cases) -> None:
    appeal = viewed(cast, submitted(cast))
    first = adjudicator_of(appeal)
    assign_adjudicator(cast.user("manager"), appeal=appeal, person=cast.person("inspector 3002"), reason="休假顶替")
    with pytest.raises(HandedOver):
        decide_appeal(first, appeal=appeal, rulings=UPHELD)
    with pytest.raises(ViewFirst):
        decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings=UPHELD)
    viewed(cast, appeal, "violated")
    assert decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings=UPHELD).state == "decided"


def test_who_has_come_to_lead_the_appellant_decides_no_more_and_the_sweep_finds_another(
    cast: Cast, cases: Cases
) -> None:
    appeal = viewed(cast, submitted(cast))
    first = adjudicator_of(appeal)
    Leadership.objects.create(person=cast.person("inspector"), team=cast.east, since=JOINED)
    assert first.username == "3001"
    with pytest.raises(NotIndependent):
        decide_appeal(first, appeal=appeal, rulings=UPHELD)
    assert not Decision.objects.exists()
    assert sweep(at=now())["assigned"] == 1
    assert adjudicator_of(appeal).username == "3002"
    assert sweep(at=now())["assigned"] == 0


def test_back_with_the_first_adjudicator_their_view_still_counts(cast: Cast, cases: Cases) -> None:
    appeal = viewed(cast, submitted(cast))
    for name in ("inspector 3002", "inspector"):
        assign_adjudicator(cast.user("manager"), appeal=appeal, person=cast.person(name), reason="休假顶替")
    assert decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings=UPHELD).state == "decided"


@pytest.mark.parametrize("who", ["agent", "inspector", "supervisor"])
def test_only_overseers_hand_over(cast: Cast, cases: Cases, who: str) -> None:
    with pytest.raises(NotAllowed):
        assign_adjudicator(
            cast.user(who), appeal=submitted(cast), person=cast.person("inspector 3002"), reason="休假顶替"
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda appeal: Appeal.objects.filter(pk=appeal.pk).update(state="submitted", closed_at=None),
        lambda appeal: AppealItem.objects.filter(appeal=appeal).update(first_answer="other"),
        lambda appeal: SecondView.objects.filter(item__appeal=appeal).update(answer="violated"),
        lambda appeal: Decision.objects.filter(item__appeal=appeal).update(reason="别的"),
        lambda appeal: Decision.objects.filter(item__appeal=appeal)._raw_delete("default"),
        lambda appeal: Appeal.objects.filter(pk=appeal.pk)._raw_delete("default"),
    ],
)
def test_the_database_keeps_what_was_decided(cast: Cast, cases: Cases, decided: Appeal, change: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change(decided)  # type: ignore[operator] # a function of the list above


def test_the_database_refuses_a_decision_without_a_blind_view(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    item = appeal.items.get()
    with pytest.raises(IntegrityError, match="second view"), transaction.atomic():
        Decision.objects.create(
            item=item, outcome="uphold", answer="met", reason="看过", decided_by=appeal.adjudicator, decided_at=now()
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(cases: Cases, transactional_db: None) -> None:
    cast = make_cast()
    add_inspector(cast)
    appeal = viewed(cast, submitted(cast))
    user = adjudicator_of(appeal)
    start, told = threading.Barrier(2), []

    def decide(reason: str) -> None:
        start.wait()
        try:
            decide_appeal(user, appeal=appeal, rulings={"greeting": Ruling(Outcome.UPHOLD, reason)})
            told.append("won")
        except AppealClosed:
            told.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(f"第{n}个窗口",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["told", "won"]
    assert Decision.objects.count() == 1
    assert Entry.objects.filter(verb="appeal.decided").count() == 1
