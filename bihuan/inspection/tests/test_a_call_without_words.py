"""A phone call whose words nobody wrote down: moments, evidence and comments stand on the events of its timeline."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.actions import add_comment, answer_item, mark_moment, release_evaluations, submit_evaluation
from bihuan.inspection.desk import open_desk
from bihuan.inspection.evaluable import is_evaluable
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.models import Assignment, Comment, Draw, Evaluation
from bihuan.inspection.refusals import OutsideTheText
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine
from bihuan.inspection.transcript import anchor
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import USUAL
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.tree import Evidence
from bihuan.ui.tests.pdf_reading import read_pdf

pytestmark = pytest.mark.django_db
CALLS = 6
STEPS = (("queued", 0), ("accepted", 12), ("held", 60), ("resumed", 90), ("transferred", 150), ("closed", 200))
ACCEPTED, TRANSFERRED, CLOSED = 2, 5, 6


@pytest.fixture
def inspector(tmp_path: Path, settings, cast: Cast) -> User:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    world = World(settings.ARCHIVE_ROOT)
    rows: dict[str, list[dict]] = {"contacts": [], "messages": [], "events": []}
    for number in range(CALLS):
        key, start = f"p{number}", number * 600
        rows["contacts"].append(contact(key, start, start + 200, channel="phone", outcome="solved", customer_key=key))
        if number % 2:  # a recording, not in words; of the others nothing but the switch's log
            rows["messages"] += chat(("1001", start + 13), contact_id=key, kind="audio")
        rows["events"] += course(*((kind, start + after, "1001") for kind, after in STEPS), contact_id=key)
    world.tell(**rows)
    world.staff({"agent_key": "1001", "person": "1001", "name": "1001", "team": "east"})
    world.refresh()
    ensure_judged(world.archive, load_edition(USUAL), [DAY])
    drawn()
    return cast.user("inspector")


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def saved(user: User, work: Assignment, name: str, **values: object) -> str:
    answer = browser(user).post(reverse(f"inspection:{name}", args=[work.pk]), values, headers={"hx-request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def line_of(page: str, event: int) -> str:
    """What the page draws of one event, with the key moments above it."""
    before, _id, rest = page.partition(f'id="e{event}"')
    return before.rpartition("</div>")[2] + rest.split("</div>")[0]


def test_S3_10_key_moments_of_a_call_without_words_are_marked_on_its_timeline(inspector: User) -> None:
    work = mine(inspector)
    page = saved(inspector, work, "moments", moment="first_response", event=ACCEPTED)
    assert "首次响应" in line_of(page, ACCEPTED)
    assert "接入" in line_of(page, ACCEPTED)
    page = saved(inspector, work, "moments", moment="resolution", event=CLOSED)
    assert "解决点" in line_of(page, CLOSED)
    draft = Evaluation.objects.get()
    assert (draft.first_response_event, draft.resolution_event) == (ACCEPTED, CLOSED)
    assert (draft.first_response, draft.resolution) == (None, None)
    page = saved(inspector, work, "moments", moment="resolution")  # nowhere: taken away
    assert "解决点" not in page
    with pytest.raises(OutsideTheText):
        mark_moment(inspector, assignment=work, moment="resolution", event=99)
    with pytest.raises(OutsideTheText):
        mark_moment(inspector, assignment=work, moment="resolution", message=9)


def test_S3_10_calls_of_which_only_the_log_is_known_are_drawn_with_the_others(inspector: User) -> None:
    assert Draw.objects.get().contacts == CALLS
    roll = {row["contact_id"]: row for row in Reader(open_archive()).table("rollup").to_pylist()}
    assert [bool(roll[f"p{number}"]["agent_messages"]) for number in range(2)] == [False, True]
    assert all(is_evaluable(row) for row in roll.values())
    assert not is_evaluable(roll["p0"] | {"answered": 0})
    assert not is_evaluable(roll["p0"] | {"channel": "chat"})


def test_an_event_with_its_time_is_evidence_of_an_answer_and_leads_there(inspector: User) -> None:
    work = mine(inspector)
    place = json.dumps([{"event": TRANSFERRED}])
    page = saved(inspector, work, "answers", item="timely_escalation", verdict="met", evidence=place)
    desk = open_desk(inspector, work, work.evaluations.get())
    assert desk is not None
    clock = next(one.clock for one in desk.lines if one.seq == TRANSFERRED)
    item = page.split('id="item-timely_escalation"')[1].split("</form>")[0]
    assert 'href="#e5"' in item
    assert f"{clock} 转接" in item
    assert 'class="ev ev-mine" data-check="timely_escalation"' in line_of(page, TRANSFERRED)
    assert work.evaluations.get().answers.get().evidence == [Evidence(event=TRANSFERRED).to_json()]


def test_a_comment_on_an_event_is_shown_at_it_and_printed_with_its_time(inspector: User) -> None:
    work = mine(inspector)
    page = saved(inspector, work, "comments", event=TRANSFERRED, words="转接前没有说明")
    assert "转接前没有说明" in line_of(page, TRANSFERRED)
    with pytest.raises(OutsideTheText):
        add_comment(inspector, assignment=work, event=99, words="没有这个事件")
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    release_evaluations(inspector, evaluations=[done])
    sheet = browser(inspector).get(reverse("inspection:document"), {"day": DAY.isoformat(), "agent": "1001"})
    assert re.search(r"09:\d\d:\d\d转接—转接前没有说明", read_pdf(sheet.content).text.replace(" ", ""))


def test_the_database_holds_a_comment_and_a_moment_in_one_place(inspector: User) -> None:
    work = mine(inspector)
    answer_item(inspector, assignment=work, item="polite_language", verdict="met")
    draft = work.evaluations.get()
    for place in ({"message": None}, {"message": 1, "event": 1}, {"event": 1, "end": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(
                evaluation=draft, words="x", written_at=draft.touched_at, **{"start": 0, "end": 0, **place}
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=draft.pk).update(first_response=1, first_response_event=1)


def test_messages_and_events_are_numbered_apart() -> None:
    assert (anchor(("message", 3)), anchor(("event", 3))) == ("m3", "e3")
