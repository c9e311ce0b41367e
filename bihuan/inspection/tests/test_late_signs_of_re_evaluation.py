"""Nothing falls through between two weekly sessions (S3-13): what becomes known late, or found no room, comes later, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from bihuan.appeals.actions import Plea, submit_appeal
from bihuan.archive.tests.record_world import World, at, contact, course
from bihuan.inspection.actions import acknowledge_evaluation, gather_reviews, release_evaluations, submit_evaluation
from bihuan.inspection.models import Evaluation, Review
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, answer_all, drawn, mine, this_week
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.editions import LIBRARY

pytestmark = pytest.mark.django_db
VOID = ["complaint_steps", "identity_first", "three_confirmations", "timely_escalation"]
FULL = {"na": VOID}
PLAIN = {"na": VOID, "violated": ["patient_listening"]}
"""Short of full marks and of a dispute: nearly all is as the machine has it."""
DISPUTED = {"violated": ["positive_tone"]}
Released = Callable[..., Evaluation]


@pytest.fixture
def released(cast: Cast) -> Released:
    """Evaluates and releases a further conversation of the day."""

    def release(**answers: list[str]) -> Evaluation:
        inspector = cast.user("inspector")
        work = mine(inspector)
        draft = answer_all(inspector, work, **answers)
        done = submit_evaluation(inspector, assignment=work, revision=draft.revision)
        return release_evaluations(inspector, evaluations=[done])[0]

    return release


def after(weeks: int) -> date:
    return this_week() + timedelta(weeks=weeks)


def gathered(weeks: int = 0) -> dict[str, set]:
    """{gravest reason: evaluations} of what the session about a week takes in."""
    found: dict[str, set] = {}
    for row in gather_reviews(SYSTEM, week=after(weeks)):
        found.setdefault(row.reasons[0], set()).add(UUID(str(row.evaluation_id)))  # gathered as text
    return found


def room_for(reviews: int) -> None:
    """The standard in force leaves a session room for so many."""
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
    text = text.replace("review_most: {value: 20,", f"review_most: {{value: {reviews},").replace(
        'version: "2026.1"', 'version: "2026.2"'
    )
    publish_edition(SYSTEM, text=text, author="house", effective_from=this_week())


def test_S3_13_full_marks_are_gathered_beside_disputes_where_a_session_has_room_for_few(
    lived: World, released: Released
) -> None:
    room_for(2)
    drawn()
    full = released(**FULL)
    disputed = {released(**DISPUTED).pk for _ in range(2)}
    first, second = gathered(0), gathered(1)
    assert first["full_marks"] == {full.pk}
    assert (len(first["disputed"]), set(first)) == (1, {"disputed", "full_marks"})
    assert first["disputed"] | second["disputed"] == disputed  # who found no room comes the week after
    assert gathered(2) == {}


def test_S3_13_a_week_in_which_nothing_ran_is_caught_up_with(lived: World, released: Released) -> None:
    drawn()
    full = released(**FULL)
    assert gathered(3) == {"full_marks": {full.pk}}
    assert gathered(0) == gathered(3) == gathered(4) == {}


def test_S3_13_an_objection_or_an_appeal_is_heard_however_old_the_evaluation_is(
    lived: World, released: Released
) -> None:
    drawn()
    by_words, by_appeal, silent = released(**PLAIN), released(**PLAIN), released(**PLAIN)
    assert gathered(3) == {}
    agent = User.objects.get(username=by_words.assignment.person)
    acknowledge_evaluation(agent, evaluation=by_words, reply="当时已经道歉", objects_to=True)
    plea = Plea("patient_listening", "met", "客户说完才回复")
    agent = User.objects.get(username=by_appeal.assignment.person)
    submit_appeal(agent, kind="evaluation", subject=str(by_appeal.assignment_id), pleas=[plea])
    assert gathered(30) == {"objected": {by_words.pk, by_appeal.pk}}
    assert not Review.objects.filter(evaluation=silent).exists()


def test_S3_13_complaints_that_reach_the_record_later_count_for_the_week_they_are_of(
    lived: World, released: Released
) -> None:
    drawn()
    one = released(**PLAIN)
    assert gathered(0) == {}
    complained(lived, one.assignment.person, 3)
    assert gathered(1) == {"many_complaints": {one.pk}}


def complained(world: World, person: str, count: int) -> None:
    """As many complaints about a person on the Monday of this week."""
    day = (this_week() - DAY).days
    rows: dict[str, list[dict]] = {"contacts": [], "events": [], "complaints": []}
    for number in range(count):
        key, start = f"late{number}", day * 86_400 + number * 600
        rows["contacts"].append(contact(key, start, start + 90, outcome="solved", customer_key=key, category="refund"))
        rows["events"] += course(("accepted", start + 1, person), ("closed", start + 90, person), contact_id=key)
        rows["complaints"].append(
            {"complaint_id": f"k-{key}", "contact_id": key, "agent_key": person, "praise": False, "valid": True,
             "decided_by": "2001", "opened_us": at(start + 60), "closed_us": at(start + 70)}
        )  # fmt: skip
    world.tell(**rows)
    world.refresh()
