"""Who opened a conversation's page before it was drawn has seen its verdicts: that evaluation is not counted as blind."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import claim_assignment, release_evaluations, submit_evaluation
from bihuan.inspection.models import Assignment, Evaluation, Sighting
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import answer_all, drawn, mine
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOT_BLIND = "非盲评"


@pytest.fixture
def cast(lived: World, settings) -> Cast:  # noqa: F811 - the fixture
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return make_cast()


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def opened(user: User, contact: str) -> str:
    return browser(user).get(reverse("workplace:contact", args=[contact])).content.decode()


def evaluated(user: User, work: Assignment) -> Evaluation:
    done = submit_evaluation(user, assignment=work, revision=answer_all(user, work).revision)
    return release_evaluations(user, evaluations=[done])[0]


def test_X12_an_evaluation_of_what_was_opened_before_the_draw_enters_no_blind_sample(cast: Cast) -> None:
    inspector = cast.user("inspector")
    for number in range(30):
        assert 'class="score"' in opened(inspector, f"c{number:02d}")
    drawn()
    work = mine(inspector)
    desk = browser(inspector).get(reverse("inspection:assignment", args=[work.pk])).content.decode()
    assert NOT_BLIND in desk
    done = evaluated(inspector, work)
    assert done.blind is False
    assert not Evaluation.objects.in_force().of_random_sample().exists()
    assert NOT_BLIND in browser(inspector).get(reverse("inspection:evaluation", args=[done.pk])).content.decode()


def test_X12_what_was_only_opened_while_its_verdicts_were_hidden_stays_blind(cast: Cast) -> None:
    drawn()
    inspector, work = cast.user("inspector"), Assignment.objects.in_pool().first() or Assignment.objects.open()[0]
    assert 'class="score"' not in opened(inspector, work.contact_id)
    assert not Sighting.objects.exists()
    held = work if work.holder_id else claim_assignment(inspector, assignment=work)
    assert NOT_BLIND not in browser(inspector).get(reverse("inspection:assignment", args=[held.pk])).content.decode()
    assert evaluated(inspector, held).blind is True


def test_who_does_not_evaluate_leaves_no_sighting_and_who_does_leaves_one(cast: Cast) -> None:
    for who in ("agent", "supervisor", "trainer", "manager", "manager"):
        opened(cast.user(who), "c00")
    assert [str(one.person.number) for one in Sighting.objects.all()] == ["5001"]
