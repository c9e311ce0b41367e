"""A decided appeal counts in the machine's place in the next results, and never in those that were kept before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.appeals.models import Appeal, AppealItem, Decision, SecondView
from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.decisions import KIND, decided_until
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.queries import contact_scores, contact_tree, day_scores, decisions_of, reader_of
from bihuan.appraisal.tests.record import LEAK, MONTH, Served
from bihuan.kit.clock import now
from bihuan.people.tests.cast import make_cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
ANSWERS = [{"code": code, "zh": code, "en": code} for code in ("met", "violated")]


def appraised() -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended")


def decide(contact: str, check: str, answer: str) -> None:
    """An appeal about one verdict, viewed and decided, as the acts of appeals leave it."""
    cast, at = make_cast(), now()
    agent, inspector = cast.people["agent"], cast.people["inspector"]
    appeal = Appeal.objects.create(
        kind=KIND, subject=contact, person=agent, edition=load_edition("recommended").hash, told_at=at, window_until=at,
        submitted_at=at, submitted_by=agent.user, due_at=at + timedelta(days=5), remind_at=at + timedelta(days=4),
        adjudicator=inspector, assigned_at=at,
    )  # fmt: skip
    item = AppealItem.objects.create(
        appeal=appeal, position=1, key=check, check_id=check, label={"zh": check, "en": check}, choices=ANSWERS,
        first_answer="violated", claimed="met", reason="号码是我们的热线",
    )  # fmt: skip
    SecondView.objects.create(item=item, answer=answer, given_by=inspector, given_at=at)
    Decision.objects.create(
        item=item, outcome="uphold", answer=answer, reason="确是热线", decided_by=inspector, decided_at=at
    )


def test_S3_13_X19_an_upheld_appeal_replaces_the_item_of_its_day_and_the_month_follows(live) -> None:
    live({"8001": [Served(0, "good", 5), Served(1, "fatal", 5)]})
    before = appraised()
    told = before.results.get(person="8001", scheme="service_quality_month")
    decide("8001-1", LEAK, "met")
    after = appraised()
    result = after.results.get(person="8001", scheme="service_quality_month")
    assert [(day.value, day.fatal) for day in day_scores(told)] == [(Decimal(100), 0), (Decimal(0), 1)]
    assert [(day.value, day.fatal) for day in day_scores(result)] == [(Decimal(100), 0), (Decimal(100), 0)]
    assert result.total > told.total
    assert after.sequence == before.sequence + 1
    assert appraised() == after


def test_results_kept_before_a_decision_still_open_down_to_what_they_were_made_of(live) -> None:
    live({"8001": [Served(0, "good", 5), Served(1, "fatal", 5)]})
    before, edition = appraised(), load_edition("recommended")
    decide("8001-1", LEAK, "met")
    after = appraised()
    day = MONTH.replace(day=2)
    for kept, score in ((before, Decimal(0)), (after, Decimal(100))):
        result = kept.results.get(person="8001", scheme="service_quality_month")
        assert [one.score for one in contact_scores(result, day)] == [score]
        assert contact_tree(reader_of(kept), edition, "8001-1", decisions_of(kept)).value == score


def test_the_same_decisions_have_the_same_token_and_another_has_another(live) -> None:
    live({"8001": [Served(0, "good", 5), Served(1, "fatal", 5)]})
    edition = load_edition("recommended")
    none = decided_until(edition).token
    decide("8001-1", LEAK, "met")
    assert decided_until(edition).token == decided_until(edition).token != none
