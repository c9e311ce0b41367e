"""What the evaluation group settles replaces the items of its day, and the month follows (S3-13, X19)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.queries import contact_tree, day_scores, decisions_of, reader_of
from bihuan.appraisal.tests.record import LEAK, MONTH, Served, review
from bihuan.inspection.models import Review
from bihuan.inspection.rules.form import Question
from bihuan.inspection.rules.truth import settled_checks
from bihuan.kit.clock import now
from bihuan.people.tests.cast import make_cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Label


def appraised() -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended")


def day_values(kept: ResultSet) -> list[tuple[Decimal | None, int]]:
    result = kept.results.get(person="8001", scheme="service_quality_month")
    return [(day.value, day.fatal) for day in day_scores(result)]


@pytest.mark.django_db
def test_S3_13_X19_what_the_group_settled_replaces_the_items_of_its_day_and_the_month_follows(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": [Served(0, "good", 5), Served(1, "fatal", 5)]})
    evaluation = review(cast, edition, 1, leak=False)
    before = appraised()
    assert day_values(before) == [(Decimal(100), 0), (Decimal(0), 1)]  # one inspector alone moves no score
    Review.objects.create(
        week=MONTH, evaluation=evaluation, reasons=["differs"], gathered_at=now(), outcome="upheld", reason="不是客户的号码",
        decided_by=cast.people["supervisor"], decided_at=now(),
    )  # fmt: skip
    after = appraised()
    assert day_values(after) == [(Decimal(100), 0), (Decimal(100), 0)]
    assert after.sequence == before.sequence + 1
    assert day_values(before) == [(Decimal(100), 0), (Decimal(0), 1)]
    assert appraised() == after


@pytest.mark.django_db
def test_S3_5_X19_an_item_that_only_people_judge_counts_once_the_group_settled_it(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": [Served(0, "good", 5), Served(1, "good", 5)]})
    evaluation = review(cast, edition, 1, leak=False, wrong="correct_answers")
    assert day_values(appraised()) == [(Decimal(100), 0), (Decimal(100), 0)]
    Review.objects.create(
        week=MONTH, evaluation=evaluation, reasons=["differs"], gathered_at=now(), outcome="upheld", reason="答错了",
        decided_by=cast.people["supervisor"], decided_at=now(),
    )  # fmt: skip
    # attitude 50 of 50, ability 30 x 30 of 60 points, efficiency 10 of 10; satisfaction joins at the month's end (X6)
    after = appraised()
    assert day_values(after) == [(Decimal(100), 0), (Decimal("83.333"), 0)]
    tree = contact_tree(reader_of(after), edition, "8001-1", decisions_of(after))
    item = tree.find("item", "correct_answers")
    assert (tree.value, item.children[0].verdict, item.children[0].reason) == (Decimal("83.333"), "violated", "appeal")


def asked(name: str, *checks: str, by_record: bool = False) -> Question:
    return Question(name, "item", Label(name, name), "S3-4", checks, by_record=by_record)


def test_an_item_takes_its_checks_along_but_for_those_with_a_question_of_their_own() -> None:
    questions = [asked("manners", "polite", LEAK), asked(LEAK, LEAK), asked("speed", "rings", by_record=True)]
    settled = settled_checks(questions, {"manners": "violated", LEAK: "met", "speed": "violated"})
    assert settled == {"polite": "violated", LEAK: "met"}


def test_an_item_without_checks_is_settled_under_its_own_name() -> None:
    questions = [asked("manners", "polite"), asked("correct")]
    assert settled_checks(questions, {"correct": "violated"}) == {"correct": "violated"}
    assert settled_checks(questions, {"manners": "met"}) == {"polite": "met"}
