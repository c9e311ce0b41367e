"""The weekly re-evaluation (S3-13): a queue that builds itself, raters blind to each other, a decision with a reason."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.appeals.actions import Plea, submit_appeal
from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import (
    acknowledge_evaluation,
    decide_review,
    gather_reviews,
    give_opinion,
    release_evaluations,
    submit_evaluation,
)
from bihuan.inspection.actions.reviewing import last_week
from bihuan.inspection.facts import tell_record
from bihuan.inspection.models import Evaluation, Review
from bihuan.inspection.refusals import (
    FirstRater,
    Incomplete,
    OpinionGiven,
    OwnContact,
    ReasonNeeded,
    ReviewDecided,
    TooFewOpinions,
)
from bihuan.inspection.review_rate import review_rate
from bihuan.inspection.rules.review import Candidate, ReviewPlan, changed, chosen, majority, reasons_of
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, answer_all, drawn, mine, this_week
from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast

PLAN = ReviewPlan(3, 3, Decimal(100), 4, 7)
CANDIDATES = st.lists(
    st.builds(Candidate, st.uuids().map(str), st.decimals(90, 100, places=0), st.integers(0, 5), st.integers(0, 5)),
    max_size=12,
)  # fmt: skip


@pytest.mark.parametrize(
    ("candidate", "reasons"),
    [
        (Candidate("a", Decimal(90), 3, 0), ("disputed",)),
        (Candidate("a", Decimal(90), 0, 3), ("many_complaints",)),
        (Candidate("a", Decimal(100), 0, 0), ("full_marks",)),
        (Candidate("a", Decimal(100), 4, 9), ("disputed", "many_complaints", "full_marks")),
        (Candidate("a", Decimal(90), 3, 0, objected=True), ("objected", "disputed")),
        (Candidate("a", Decimal("99.999"), 2, 2), ()),
        (Candidate("a", None, 0, 0), ()),
    ],
)
def test_S3_13_disputed_cases_agents_with_many_complaints_and_full_marks_are_looked_at_again(
    candidate, reasons
) -> None:
    assert reasons_of(candidate, PLAN) == reasons


@given(CANDIDATES)
def test_S3_13_every_kind_has_its_turn_and_the_group_gets_no_more_than_it_can_do(candidates) -> None:
    found, waiting = chosen(candidates, PLAN, occasion="w")
    assert (found, waiting) == chosen(candidates[::-1], PLAN, occasion="w")
    flagged = {one.id: reasons_of(one, PLAN)[0] for one in candidates if reasons_of(one, PLAN)}
    assert len(found) == min(PLAN.most, len(flagged))
    assert len(found) + waiting == len(flagged)
    counts = Counter(reasons[0] for _key, reasons in found)
    left = Counter(flagged.values()) - counts
    assert all(counts[kind] >= counts[other] - 1 for kind in left for other in counts)


def test_S3_13_who_objects_comes_before_all_and_what_was_taken_before_counts_towards_the_turns() -> None:
    disputed = [Candidate(f"d{at}", Decimal(90), 3, 0) for at in range(5)]
    full = [Candidate(f"f{at}", Decimal(100), 0, 0) for at in range(5)]
    objected = Candidate("o", Decimal(90), 0, 0, objected=True)
    kinds = [reasons[0] for _key, reasons in chosen([*disputed, *full, objected], PLAN, occasion="w")[0]]
    assert kinds == ["objected", "disputed", "full_marks", "disputed"]
    later, waiting = chosen([*disputed, *full], PLAN, occasion="w", taken=[("disputed",), ("disputed", "full_marks")])
    assert ([reasons[0] for _key, reasons in later], waiting) == (["full_marks", "full_marks"], 8)


def test_the_first_answer_stands_where_raters_are_split() -> None:
    assert majority("met", ["violated", "violated", "met"]) == "violated"
    assert majority("met", ["violated", "met"]) == "met"
    assert majority("met", []) == "met"
    assert changed({"a": "met", "b": "met"}, {"a": "violated", "c": "met"}) == ["a"]


@pytest.fixture
def review(lived: World, cast: Cast) -> Review:
    """A full-mark evaluation of 1001 or 1002 by the inspector, gathered for the week."""
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    return gather_reviews(SYSTEM, week=this_week())[0]


@pytest.mark.django_db
def test_S3_13_an_evaluation_released_late_or_objected_to_later_is_of_the_week_in_which_that_happens(
    lived: World, cast: Cast
) -> None:
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    draft = answer_all(inspector, work, na=["polite_language"], violated=["positive_tone"])
    done = submit_evaluation(inspector, assignment=work, revision=draft.revision)
    assert gather_reviews(SYSTEM, week=this_week()) == []
    release_evaluations(inspector, evaluations=[done])
    assert gather_reviews(SYSTEM, week=last_week(DAY.replace(day=8))) == []  # that of the conversation
    agent = User.objects.get(username=work.person)
    acknowledge_evaluation(agent, evaluation=done, reply="当时已经道歉", objects_to=True)
    (review,) = gather_reviews(SYSTEM, week=this_week())
    assert review.reasons[0] == "objected"


@pytest.mark.django_db
def test_S3_13_an_evaluation_under_appeal_is_disputed(lived: World, cast: Cast) -> None:
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    draft = answer_all(inspector, work, violated=["positive_tone"])
    done = submit_evaluation(inspector, assignment=work, revision=draft.revision)
    release_evaluations(inspector, evaluations=[done])
    plea = Plea("positive_tone", "met", "语气是客气的")
    submit_appeal(User.objects.get(username=work.person), kind="evaluation", subject=str(work.pk), pleas=[plea])
    assert gather_reviews(SYSTEM, week=this_week())[0].reasons[0] == "objected"


def all_met(review: Review, **other: str) -> dict[str, tuple[str, str]]:
    asked = review.evaluation.answers.filter(given_by="person")
    return {one.item: (other.get(one.item, "met"), "看过") for one in asked}


def words(review: Review, **other: str) -> dict[str, str]:
    return {item: verdict for item, (verdict, _) in all_met(review, **other).items()}


def opined(review: Review, cast: Cast, *raters: str) -> None:
    for rater in raters:
        give_opinion(cast.user(rater), review=review, answers=all_met(review))


@pytest.mark.django_db
def test_S3_13_the_queue_of_a_week_builds_itself_once(review: Review) -> None:
    assert "full_marks" in review.reasons
    assert gather_reviews(SYSTEM, week=this_week()) == []
    assert Review.objects.count() == 1
    assert Entry.objects.filter(verb="reviews.gathered").count() == 1


@pytest.mark.django_db
def test_each_rater_gives_one_whole_opinion_and_who_evaluated_first_gives_none(review: Review, cast: Cast) -> None:
    supervisor = cast.user("supervisor")
    with pytest.raises(Incomplete):
        give_opinion(supervisor, review=review, answers={"polite_language": ("met", "")})
    assert give_opinion(supervisor, review=review, answers=all_met(review)).total == 100
    assert "total" not in Entry.objects.get(verb="review.opined").data  # who gives the next one may read it
    with pytest.raises(OpinionGiven):
        give_opinion(supervisor, review=review, answers=all_met(review))
    with pytest.raises(FirstRater):
        give_opinion(cast.user("inspector"), review=review, answers=all_met(review))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["agent", "trainer", "administrator", "stranger", "technical_support"])
def test_who_is_not_of_the_group_has_no_say(review: Review, cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        give_opinion(cast.user(role), review=review, answers=all_met(review))
    with pytest.raises(NotAllowed):
        decide_review(cast.user(role), review=review, answers={}, reason="x")


@pytest.mark.django_db
def test_nobody_looks_at_their_own_conversation_again(review: Review, cast: Cast) -> None:
    type(review.evaluation.assignment).objects.update(person="1002")
    with pytest.raises(OwnContact):
        give_opinion(cast.user("senior_agent"), review=review, answers=all_met(review))


@pytest.mark.django_db
def test_a_decision_needs_several_raters_and_a_reason(review: Review, cast: Cast) -> None:
    supervisor = cast.user("supervisor")
    opined(review, cast, "supervisor")
    with pytest.raises(TooFewOpinions):
        decide_review(supervisor, review=review, answers=words(review), reason="看过")
    opined(review, cast, "manager")
    with pytest.raises(ReasonNeeded):
        decide_review(supervisor, review=review, answers=words(review), reason=" ")
    done = decide_review(supervisor, review=review, answers=words(review), reason="确实满分")
    assert (done.outcome, done.result) == ("upheld", None)
    with pytest.raises(ReviewDecided):
        decide_review(supervisor, review=review, answers=words(review), reason="再来")


@pytest.mark.django_db
def test_S3_13_X19_an_amended_result_replaces_the_score_as_a_new_version_and_the_first_is_kept(
    lived: World, review: Review, cast: Cast
) -> None:
    opined(review, cast, "supervisor", "manager")
    tell_record()
    done = decide_review(
        cast.user("supervisor"), review=review, answers=words(review, complaint_steps="violated"), reason="漏了跟进"
    )
    first, second = Evaluation.objects.order_by("version")
    assert second.answers.get(item="complaint_steps").reason == "漏了跟进"
    assert second.answers.get(item="polite_language").reason == first.answers.get(item="polite_language").reason
    assert (done.outcome, done.result, second.reason) == ("amended", second, "漏了跟进")
    assert (first.total, second.total) == (100, 95)
    assert list(Evaluation.objects.in_force()) == [second]
    assert review_rate(30, (DAY, DAY)).n == 1
    assert tell_record() == 1
    rows = Reader(lived.archive).table("evaluations").to_pylist()
    assert {row["answer"] for row in rows if row["item"] == "complaint_steps"} == {"violated"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=first.pk).update(total=1)


@pytest.mark.django_db
def test_what_was_re_evaluated_is_not_gathered_again(review: Review, cast: Cast) -> None:
    opined(review, cast, "supervisor", "manager")
    decide_review(cast.user("manager"), review=review, answers=words(review, positive_tone="violated"), reason="生硬")
    assert gather_reviews(SYSTEM, week=this_week()) == []


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(review: Review, **other: str) -> dict[str, str]:
    fields = {f"verdict-{item}": verdict for item, (verdict, _) in all_met(review, **other).items()}
    return {**fields, **{f"reason-{item}": "看过" for item in all_met(review)}}


@pytest.mark.django_db
def test_the_session_hides_everybodys_answers_until_ones_own_is_given(review: Review, cast: Cast) -> None:
    address = reverse("inspection:review", args=[review.pk])
    client = browser(cast.user("supervisor"))
    before = client.get(address).content.decode()
    assert "我的意见" in before
    assert "孙楠" not in before
    assert 'class="ev ' not in before
    assert review.evaluation.assignment.person not in before
    client.post(reverse("inspection:opinion", args=[review.pk]), posted(review))
    assert "首评" in client.get(address).content.decode()


@pytest.mark.django_db
def test_an_unfinished_opinion_comes_back_with_what_was_entered(review: Review, cast: Cast) -> None:
    address = reverse("inspection:opinion", args=[review.pk])
    page = browser(cast.user("supervisor")).post(
        address, {"verdict-polite_language": "violated", "reason-polite_language": "太冷淡"}
    )
    assert page.status_code == 409
    assert "太冷淡" in page.content.decode()


@pytest.mark.django_db
def test_the_group_decides_on_the_page_and_both_versions_stay_open_to_read(review: Review, cast: Cast) -> None:
    address = reverse("inspection:review", args=[review.pk])
    for rater in ("supervisor", "manager"):
        browser(cast.user(rater)).post(reverse("inspection:opinion", args=[review.pk]), posted(review))
    lead = browser(cast.user("supervisor"))
    decided = {**posted(review, positive_tone="violated"), "reason": "语气生硬"}
    page = lead.post(reverse("inspection:decision", args=[review.pk]), decided, follow=True).content.decode()
    assert all(word in page for word in ("已改评", "语气生硬", "新版本"))
    new = Evaluation.objects.get(version=2)
    assert "v1" in lead.get(reverse("inspection:evaluation", args=[new.pk])).content.decode()
    listed = lead.get(reverse("inspection:reviews"), {"show": "decided"}).content.decode()
    assert "已改评" in listed
    assert all("人工复核率" in one for one in (page, listed))  # X12: beside every score
    assert browser(cast.user("agent")).get(address).status_code == 404
