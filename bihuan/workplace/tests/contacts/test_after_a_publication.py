"""Conversations keep the edition of their day, however many are published since: score, verdicts, right to appeal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from bihuan.appeals.actions import Plea, submit_appeal, withdraw_appeal
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.archive.tests.record_world import World, chat, contact
from bihuan.inspection.models import Calibration, CalibrationContact, CalibrationSeat, JudgingRun
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import DAY, second_inspector
from bihuan.kit.clock import day_bounds, from_us, now, to_us
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.editions import LIBRARY
from bihuan.workplace.api.contacts import contact as told_to_programs
from bihuan.workplace.contacts.appeals import find

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def cast(lived: World, settings) -> Cast:  # noqa: F811 - the fixture
    """The record goes on into a day for which another edition was published."""
    settings.ROOT_URLCONF = "bihuan.config.urls"
    start = (
        to_us(day_bounds(NEXT, lived.archive.zone, 0)[0]) - to_us(day_bounds(DAY, lived.archive.zone, 0)[0])
    ) // 1_000_000
    words = chat(("customer", start), ("1001", start + 5), contact_id="late", kind="text")
    lived.tell(
        contacts=[contact("late", start, start + 90, outcome="solved", customer_key="late")],
        messages=[row | {"text": "你好"} for row in words],
    )
    lived.refresh()
    made = make_cast()
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace('version: "2026.1"', 'version: "2027.1"')
    publish_edition("system:test", text=text, author="house", effective_from=NEXT)
    return made


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def accused(agent: str) -> tuple[str, str]:
    """A conversation of theirs and what the machine found wrong in it."""
    rows = Reader(open_archive()).verdicts(edition_in_use(DAY).hash).to_pylist()
    return next(
        (row["contact_id"], row["item"]) for row in rows if row["verdict"] == "violated" and row["person"] == agent
    )


def judged(*, engine: str = ENGINE_VERSION, **ago: float) -> JudgingRun:
    return JudgingRun.objects.create(
        edition_ref="recommended", edition_hash=edition_in_use(DAY).hash, engine=engine, first_day=DAY, last_day=DAY,
        requested_at=now(), finished_at=now() - timedelta(**ago),
    )  # fmt: skip


def test_the_page_and_programs_tell_score_and_verdicts_by_the_edition_of_the_day(cast: Cast) -> None:
    assert edition_in_use(DAY).hash != edition_in_use(NEXT).hash
    page = browser(cast.user("manager")).get(reverse("workplace:contact", args=["c00"])).content.decode()
    assert 'class="score"' in page
    assert "2026.1" in page
    request = RequestFactory().get("/")
    request.user = cast.user("manager")
    told = told_to_programs(request, "c00")
    assert told["edition"] == edition_in_use(DAY).hash
    assert told["score"] is not None


def test_the_list_scores_each_row_by_the_edition_of_its_day_and_finds_verdicts_by_it(cast: Cast) -> None:
    client, period = browser(cast.user("manager")), {"from": DAY.isoformat(), "to": NEXT.isoformat()}
    lines = client.get(reverse("workplace:contacts_csv"), period).content.decode("utf-8-sig").splitlines()
    head = lines[0].split(",")
    scores = {row.split(",")[head.index("会话")]: row.split(",")[head.index("得分")] for row in lines[1:]}
    assert scores["c00"]
    found, check = accused("1001")
    listed = client.get(reverse("workplace:contacts"), {**period, "check": check}).content.decode()
    assert f"/contacts/{found}/" in listed


def test_what_speaks_against_an_earlier_days_agent_may_still_be_appealed(cast: Cast) -> None:
    found, check = accused("1001")
    judged(minutes=1)
    matter = find(found)
    assert matter is not None
    assert check in {item.key for item in matter.items}
    page = browser(cast.user("agent")).get(reverse("workplace:contact", args=[found])).content.decode()
    assert reverse("appeals:making", args=["verdict", found]) in page


def test_the_window_opens_when_the_verdict_entered_the_record_not_when_its_day_was_first_judged(cast: Cast) -> None:
    found, _check = accused("1001")
    record = Reader(open_archive()).contact(found)
    assert record is not None
    entered = from_us(max(row["recorded_us"] for row in (record.contact, *record.messages, *record.events)))
    before = judged(minutes=1)
    JudgingRun.objects.filter(pk=before.pk).update(finished_at=entered - timedelta(hours=1))
    over = day_bounds(DAY, open_archive().zone, 0)[1]
    assert find(found).told_at == max(entered, over)  # the run was before: it judged without this conversation
    earlier = judged(engine="another engine", days=2)
    assert find(found).told_at == earlier.finished_at
    again = judged(days=1)  # by the engine whose verdict stands now
    assert find(found).told_at == again.finished_at


def test_nobody_who_has_judged_the_conversation_decides_an_appeal_about_its_verdicts(cast: Cast) -> None:
    found, check = accused("1001")
    judged(minutes=1)
    second_inspector(cast)
    plea = Plea(check, "met", "对话里说过了")
    first = submit_appeal(cast.user("agent"), kind="verdict", subject=found, pleas=[plea])
    assert first.adjudicator.number == "3001"
    withdraw_appeal(cast.user("agent"), appeal=first)
    session = Calibration.objects.create(
        name="七月", edition_ref="recommended", edition_hash="h", manifest="m", due_at=now(), made_at=now(),
        made_by=cast.user("manager"),
    )  # fmt: skip
    CalibrationSeat.objects.create(calibration=session, person=cast.person("inspector"))
    CalibrationContact.objects.create(calibration=session, place=1, contact_id=found, day=DAY, person="1001")
    again = submit_appeal(cast.user("agent"), kind="verdict", subject=found, pleas=[plea])
    assert again.adjudicator.number == "4001"
