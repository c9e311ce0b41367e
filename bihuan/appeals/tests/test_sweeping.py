"""What the clock does: adjudicators found late, reminders once, appeals without an object ended, failing checks stopped."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bihuan.appeals.actions import decide_appeal
from bihuan.appeals.models import Appeal, CheckSuspension, Reminder
from bihuan.appeals.queries import overturn_rates, suspended_checks
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appeals.sweeping import sweep
from bihuan.appeals.tests.conftest import Case, Cases, adjudicator_of, plea, submitted, viewed
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.people.models import Person, RoleGrant
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition


def test_a_waiting_appeal_gets_an_adjudicator_as_soon_as_somebody_is_free(cast: Cast, cases: Cases) -> None:
    grants = RoleGrant.objects.filter(role__in=("inspector", "manager", "supervisor"))
    ids = list(grants.values_list("pk", flat=True))
    grants.update(until=timezone.localdate())
    appeal = submitted(cast)
    assert appeal.adjudicator is None
    assert sweep(at=now())["assigned"] == 0
    RoleGrant.objects.filter(pk__in=ids).update(until=None)
    assert sweep(at=now())["assigned"] == 1
    assert adjudicator_of(appeal).username in {"3001", "3002"}


def test_an_adjudicator_who_loses_the_right_is_replaced(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    RoleGrant.objects.filter(person__number="3001").update(until=timezone.localdate())
    assert sweep(at=now())["assigned"] == 1
    assert adjudicator_of(appeal).username == "3002"


def test_an_adjudicator_who_may_no_longer_decide_holds_no_appeal_even_where_nobody_else_is_free(
    cast: Cast, cases: Cases
) -> None:
    appeal = viewed(cast, submitted(cast))
    RoleGrant.objects.filter(role__in=("inspector", "manager", "supervisor")).update(until=timezone.localdate())
    assert (sweep(at=now())["assigned"], sweep(at=now())["assigned"]) == (0, 0)
    appeal.refresh_from_db()
    assert (appeal.adjudicator, appeal.state) == (None, "submitted")
    told = Entry.objects.get(verb="appeal.unassigned").data
    assert (told["before"], told["reason"]) == ("3001", "no_right")
    RoleGrant.objects.filter(person__number="3001").update(until=None)
    sweep(at=now())
    appeal.refresh_from_db()
    assert (appeal.adjudicator.number, appeal.state) == ("3001", "viewed")  # what was answered blind holds


def test_an_appeal_that_is_nearly_due_reminds_its_adjudicator_once(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    assert sweep(at=appeal.remind_at - timedelta(seconds=1))["reminded"] == 0
    assert sweep(at=appeal.remind_at)["reminded"] == 1
    assert sweep(at=appeal.remind_at + timedelta(minutes=5))["reminded"] == 0
    assert [(row.stage, row.person.number) for row in Reminder.objects.all()] == [("near", "3001")]


def test_an_overdue_appeal_is_told_to_who_oversees_and_stays_open(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    sweep(at=appeal.due_at)
    assert {(row.stage, row.person.number) for row in Reminder.objects.all()} == {
        ("overdue", "3001"),
        ("overdue", "5001"),
    }
    assert list(Appeal.objects.overdue(at=appeal.due_at)) == [appeal]
    assert Entry.objects.filter(verb="appeal.reminded").count() == 1


def test_an_appeal_ends_when_its_subject_is_gone(cast: Cast, cases: Cases) -> None:
    appeal = submitted(cast)
    cases.known.clear()
    assert sweep(at=now())["lapsed"] == 1
    appeal.refresh_from_db()
    assert (appeal.state, Entry.objects.get(verb="appeal.lapsed").data) == ("lapsed", {"why": "gone"})


def test_an_appeal_ends_when_its_appellant_has_left(cast: Cast, cases: Cases) -> None:
    submitted(cast)
    Person.objects.filter(number="1001").update(left=timezone.localdate())
    assert sweep(at=now())["lapsed"] == 1
    assert Entry.objects.get(verb="appeal.lapsed").data == {"why": "left"}


def _decide(cast: Cast, cases: Cases, count: int, overturned: int) -> None:
    for number in range(count):
        cases.known[f"talk {number}"] = Case("1001", now() - timedelta(hours=1))
        appeal = viewed(cast, submitted(cast, f"talk {number}", plea()))
        outcome = Outcome.UPHOLD if number < overturned else Outcome.DISMISS
        decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings={"greeting": Ruling(outcome, "看过对话")})


def test_a_check_whose_precision_falls_below_the_floor_stops_by_itself_and_says_so(cast: Cast, cases: Cases) -> None:
    _decide(cast, cases, 20, 12)
    cases.counted["greeting"] = 50
    edition = load_edition("recommended").hash
    assert sweep(at=now())["suspended"] == 1
    assert sweep(at=now())["suspended"] == 0
    stopped = suspended_checks(edition)["greeting"]
    assert (stopped.precision, stopped.reviewed, stopped.overturned) == (Decimal("0.76"), 20, 12)
    assert Entry.objects.get(verb="appeal_check.suspended").subject == "check:greeting"


def test_a_sound_check_that_is_appealed_where_it_erred_goes_on_counting(cast: Cast, cases: Cases) -> None:
    _decide(cast, cases, 20, 20)
    cases.counted["greeting"] = 2000
    assert sweep(at=now())["suspended"] == 0
    assert not CheckSuspension.objects.exists()


@pytest.mark.parametrize(("by", "key"), [("item", "greeting"), ("check", "greeting"), ("rater", "")])
def test_overturn_rates_have_n_and_an_interval(cast: Cast, cases: Cases, by: str, key: str) -> None:
    _decide(cast, cases, 5, 4)
    (rate,) = overturn_rates(by, confidence=0.95)
    assert (rate.key, rate.n, rate.overturned) == (key, 5, 4)
    assert (round(rate.low, 3), round(rate.high, 3)) == (0.376, 0.964)
