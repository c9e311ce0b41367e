"""Conversations of one message, of none, of five thousand; words that are markup; acts sent again after it is all over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.actions import release_evaluations, submit_evaluation
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.tests.desk_world import TEXTS, answer_all, drawn, mine
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
MESSAGES = 5_000
LARGEST_ANSWER = 50_000  # characters of one save, however long the conversation


def lived_with(root: Path, *words: str) -> World:
    """One chat with these words, the customer's and agent 1001's in turn, the last one the agent's, in a day of its own."""
    world, agent = World(root), "1001"
    said = [(agent if (len(words) - at) % 2 else "customer", at * 2) for at in range(len(words))]
    last = len(words) * 2 + 90
    rows = chat(*said, contact_id="odd", kind="text")
    world.tell(
        contacts=[contact("odd", 0, last, outcome="solved", customer_key="odd", category="refund")],
        messages=[row | {"text": text} for row, text in zip(rows, words, strict=True)],
        events=course(("accepted", 1, agent), ("closed", last, agent), contact_id="odd"),
    )
    world.staff({"agent_key": agent, "person": agent, "name": agent, "team": "east"})
    world.refresh()
    return world


def desk_over(tmp_path: Path, settings, user: User, *words: str) -> Assignment:
    world = lived_with(tmp_path / "odd", *words)
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = world.archive.root, "Asia/Shanghai"
    drawn()
    return mine(user)


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def address(name: str, work: Assignment) -> str:
    return reverse(f"inspection:{name}", args=[work.pk])


@pytest.mark.parametrize("words", [("您好",), ("",), (" ", "　")])
def test_S3_10_a_conversation_of_hardly_any_words_is_opened_evaluated_and_released(
    tmp_path, settings, cast: Cast, words: tuple[str, ...]
) -> None:
    inspector = cast.user("inspector")
    work = desk_over(tmp_path, settings, inspector, *words)
    assert browser(inspector).get(address("assignment", work)).status_code == 200
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    shown = browser(cast.user("agent")).get(reverse("inspection:evaluation", args=[done.pk]))
    assert shown.status_code == 200


def test_S3_10_five_thousand_messages_are_shown_and_an_answer_sends_only_what_it_changed(
    tmp_path, settings, cast: Cast
) -> None:
    inspector = cast.user("inspector")
    work = desk_over(tmp_path, settings, inspector, *(TEXTS[at % 4] for at in range(MESSAGES)))
    client = browser(inspector)
    page = client.get(address("assignment", work)).content.decode()
    assert page.count("data-message=") == MESSAGES
    sent = {"item": "polite_language", "verdict": "met", "evidence": json.dumps([{"message": 4, "start": 0, "end": 2}])}
    answer = client.post(address("answers", work), sent, headers={"hx-request": "true"}).content.decode()
    assert "ev-mine" in answer
    assert len(answer) < LARGEST_ANSWER


def test_S3_10_words_that_are_markup_stay_words_wherever_they_are_read(tmp_path, settings, cast: Cast) -> None:
    inspector = cast.user("inspector")
    work = desk_over(tmp_path, settings, inspector, EVIL, EVIL)
    client = browser(inspector)
    answer = client.post(address("answers", work), {"item": "polite_language", "verdict": "violated", "reason": EVIL})
    comment = client.post(address("comments", work), {"message": "2", "start": "0", "end": "5", "words": EVIL})
    desk = client.get(address("assignment", work))
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    agent = browser(cast.user("agent"))
    own = reverse("inspection:evaluation", args=[done.pk])
    replied = agent.post(reverse("inspection:acknowledgement", args=[done.pk]), {"reply": EVIL}, follow=True)
    pages = [answer, comment, desk, agent.get(own), replied, client.get(own)]
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;alert" in pages[3].content.decode()


def test_S3_10_acts_sent_again_after_the_release_change_nothing(tmp_path, settings, cast: Cast) -> None:
    inspector = cast.user("inspector")
    work = desk_over(tmp_path, settings, inspector, *TEXTS)
    client = browser(inspector)
    place = {"message": "2", "start": "0", "end": "2"}
    client.post(address("comments", work), {**place, "words": "开头好"})
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    before = _state()
    comment = Evaluation.objects.get().comments.get()
    replays = [
        (address("answers", work), {"item": "polite_language", "verdict": "violated", "reason": "改"}),
        (address("moments", work), {"moment": "resolution", "message": "3"}),
        (address("comments", work), {**place, "words": "又一条"}),
        (address("comments", work), {"comment": str(comment.pk), "words": ""}),
        (reverse("inspection:comment_removal", args=[work.pk, comment.pk]), {}),
        (address("submission", work), {"revision": str(done.revision)}),
        (address("return", work), {"reason": "再来"}),
        (address("holding", work), {}),
    ]
    for url, data in replays:
        refused = client.post(url, data, headers={"hx-request": "true"})
        assert refused.status_code == 409, url
    client.post(reverse("inspection:releases"))
    assert _state() == before


def _state() -> list[object]:
    row = Evaluation.objects.get()
    answers = list(row.answers.order_by("item").values_list("item", "verdict", "reason", "evidence"))
    return [row.version, row.total, row.released_at, row.resolution, answers, list(row.comments.values_list("words"))]
