"""The evaluation group (S3-2): a supervisor leads, senior agents write the standard, inspectors evaluate every day."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import (
    decide_review,
    gather_reviews,
    give_opinion,
    release_evaluations,
    submit_evaluation,
)
from bihuan.inspection.appealing import raters
from bihuan.inspection.models import Opinion, Review
from bihuan.inspection.refusals import OwnOpinionFirst
from bihuan.inspection.tests.desk_world import SYSTEM, answer_all, drawn, mine, second_inspector, this_week
from bihuan.kit.errors import NotAllowed
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission, Role, may
from bihuan.people.tests.cast import Cast

P = Permission


@pytest.mark.parametrize(
    ("role", "does", "leaves"),
    [
        (Role.SUPERVISOR, {P.LEAD_REVIEWS, P.REVIEW_EVALUATIONS, P.EDIT_STANDARDS}, {P.EVALUATE}),
        (Role.SENIOR_AGENT, {P.EDIT_STANDARDS, P.REVIEW_EVALUATIONS}, {P.EVALUATE, P.LEAD_REVIEWS, P.PUBLISH_STANDARDS}),
        (Role.INSPECTOR, {P.EVALUATE, P.RELEASE_EVALUATIONS, P.REVIEW_EVALUATIONS, P.SEE_ALL_FIGURES}, {P.LEAD_REVIEWS}),
        (Role.CUSTOMER_REPRESENTATIVE, {P.READ_STANDARDS}, {P.EVALUATE, P.REVIEW_EVALUATIONS, P.SEE_ALL_CONTACTS}),
        (Role.AGENT, {P.READ_STANDARDS, P.APPEAL}, {P.EVALUATE, P.REVIEW_EVALUATIONS, P.EDIT_STANDARDS}),
    ],
)  # fmt: skip
def test_S3_2_each_member_of_the_group_has_a_task_and_no_other(role: Role, does: set[P], leaves: set[P]) -> None:
    assert {permission for permission in does if may([role], permission)} == does
    assert {permission for permission in leaves if may([role], permission)} == set()


@pytest.fixture
def review(lived: World, cast: Cast) -> Review:
    second_inspector(cast)
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    return gather_reviews(SYSTEM, week=this_week())[0]


def opinion(user: User, review: Review) -> None:
    asked = review.evaluation.answers.filter(given_by="person")
    give_opinion(user, review=review, answers={one.item: ("met", "看过") for one in asked})


@pytest.mark.django_db
def test_S3_2_the_group_gives_opinions_and_the_supervisor_who_leads_it_decides(review: Review, cast: Cast) -> None:
    other = cast.user("trainer")  # inspects too
    for user in (other, cast.user("supervisor")):
        opinion(user, review)
    with pytest.raises(NotAllowed):
        decide_review(other, review=review, answers={}, reason="看过")
    assert decide_review(cast.user("supervisor"), review=review, answers={}, reason="看过").outcome == "upheld"


@pytest.mark.django_db
def test_only_the_lead_is_offered_the_decision(review: Review, cast: Cast) -> None:
    address = reverse("inspection:review", args=[review.pk])
    offered = {}
    for name in ("trainer", "supervisor"):
        opinion(cast.user(name), review)
    for name in ("trainer", "supervisor"):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(cast.user(name))
        offered[name] = 'name="reason"' in client.get(address).content.decode()
    assert offered == {"trainer": False, "supervisor": True}


@pytest.mark.django_db
def test_S3_2_the_lead_decides_only_after_an_opinion_of_their_own_and_judges_no_appeal_about_it(
    review: Review, cast: Cast
) -> None:
    for user in (cast.user("trainer"), cast.user("supervisor")):
        opinion(user, review)
    with pytest.raises(OwnOpinionFirst):
        decide_review(cast.user("manager"), review=review, answers={}, reason="看过")
    decide_review(cast.user("supervisor"), review=review, answers={}, reason="看过")
    Opinion.objects.filter(rater__number="2001").delete()  # such as one decided before this was asked for
    assert "2001" in raters(str(review.evaluation.assignment_id))
