"""While somebody owes a blind answer about a conversation, no route tells them what others found there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.appeals.actions import Plea, Viewed, give_second_view, submit_appeal
from bihuan.appeals.models import Appeal
from bihuan.appraisal.actions import appraise_month
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.archive.tests.record_world import World, at
from bihuan.inspection.actions import (
    claim_assignment,
    gather_reviews,
    give_opinion,
    release_evaluations,
    return_assignment,
    submit_evaluation,
)
from bihuan.inspection.blindness import APPEAL, EVALUATION, REVIEW
from bihuan.inspection.models import (
    Assignment,
    Calibration,
    CalibrationContact,
    CalibrationSeat,
    Evaluation,
    JudgingRun,
)
from bihuan.inspection.queries import blind_contacts
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, answer_all, drawn, mine, second_inspector, this_week
from bihuan.kit.clock import now
from bihuan.people import actions as people
from bihuan.people.models import User
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.choosing import USUAL, edition_in_use
from bihuan.standards.editions import load_edition
from bihuan.workplace.drafts.sample import draw_sample
from bihuan.workplace.reading import view_of

pytestmark = pytest.mark.django_db
WORDS = "仍待你独立评价"
PERIOD = {"from": DAY.isoformat(), "to": DAY.isoformat()}


@pytest.fixture
def cast(lived: World, settings) -> Cast:  # noqa: F811 - the fixture
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return make_cast()


@pytest.fixture
def work(cast: Cast) -> Assignment:
    """A drawn conversation that lies with the inspector, not answered yet."""
    drawn()
    return mine(cast.user("inspector"))


@pytest.fixture
def inspector(cast: Cast, work: Assignment) -> Client:
    return browser(cast.user("inspector"))


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def contact_page(client: Client, contact: str, **query: str) -> str:
    return str(client.get(reverse("workplace:contact", args=[contact]), query).content.decode())


def other_contact(work: Assignment) -> str:
    """One nobody drew."""
    drawn_ids = set(Assignment.objects.values_list("contact_id", flat=True))
    return next(key for key in (f"c{at:02d}" for at in range(30)) if key not in drawn_ids)


def a_check(contact: str) -> tuple[str, str]:
    """(check, verdict) of a verdict of the machine about a contact."""
    row = Reader(open_archive()).verdicts(edition_in_use(DAY).hash, contact_ids=[contact]).to_pylist()[0]
    return row["item"], row["verdict"]


def submitted(user: User, work: Assignment) -> Evaluation:
    return submit_evaluation(user, assignment=work, revision=answer_all(user, work).revision)


def test_the_contact_page_shows_what_was_said_and_says_why_nothing_more(inspector: Client, work: Assignment) -> None:
    page = contact_page(inspector, work.contact_id)
    assert WORDS in page
    assert f'href="{reverse("inspection:assignment", args=[work.pk])}"' in page
    assert "请稍等" in page  # what was said
    for shown in ('class="score"', 'data-check="', "按标准版本"):
        assert shown not in page, shown
    assert 'class="score"' in contact_page(inspector, other_contact(work))


@pytest.mark.parametrize("ref", ["", "service-quality", "recommended", "hash"])
def test_another_edition_in_the_address_opens_nothing(inspector: Client, work: Assignment, ref: str) -> None:
    asked = edition_in_use(DAY).hash if ref == "hash" else ref
    page = contact_page(inspector, work.contact_id, edition=asked)
    assert 'class="score"' not in page
    assert 'href="?edition=' not in page


def test_an_unfinished_revealing_draws_no_verdicts_either(inspector: Client, work: Assignment) -> None:
    answer = inspector.post(reverse("workplace:revelations", args=[work.contact_id]), {"reason": ""})
    assert answer.status_code == 422
    assert 'class="score"' not in answer.content.decode()


def test_the_list_and_its_file_have_no_score_of_it(inspector: Client, work: Assignment) -> None:
    page = inspector.get(reverse("workplace:contacts"), PERIOD | {"q": work.contact_id}).content.decode()
    assert "作出评价前不显示" in page
    lines = inspector.get(reverse("workplace:contacts_csv"), PERIOD).content.decode("utf-8-sig").splitlines()
    head = lines[0].split(",")
    rows = {row.split(",")[head.index("会话")]: row.split(",") for row in lines[1:]}
    judged = [head.index(name) for name in ("得分", "违反", "覆盖 %", "未否决得分")]
    assert [rows[work.contact_id][at] for at in judged] == [""] * len(judged)
    assert rows[other_contact(work)][judged[0]] != ""


def test_a_search_by_verdict_does_not_find_it_and_says_so(inspector: Client, work: Assignment) -> None:
    check, verdict = a_check(work.contact_id)
    for word in ("met", "violated", "not_applicable", "cannot_tell"):
        found = inspector.get(reverse("workplace:contacts"), PERIOD | {"check": check, "verdict": word})
        assert f"/contacts/{work.contact_id}/" not in found.content.decode()
        assert "仍待你独立评价" in found.content.decode()
    lines = inspector.get(reverse("workplace:contacts_csv"), PERIOD | {"check": check, "verdict": verdict})
    assert work.contact_id not in lines.content.decode()
    assert lines.content.decode().count("\n") > 1


def test_walking_through_a_search_by_verdict_passes_it_by(inspector: Client, work: Assignment) -> None:
    check, verdict = a_check(work.contact_id)
    at, seen = other_contact(work), set()
    for _ in range(30):
        answer = inspector.get(
            reverse("workplace:next_contact", args=[at]), PERIOD | {"check": check, "verdict": verdict}
        )
        at = answer.headers["Location"].split("/contacts/")[1].partition("/")[0]
        if at in seen:
            break
        seen.add(at)
    assert work.contact_id not in seen


def test_the_drill_down_of_a_figure_leaves_it_out_and_says_so(inspector: Client, work: Assignment) -> None:
    check, verdict = a_check(work.contact_id)
    address = reverse("workplace:metric_contacts", args=["check_met_share"])
    for part in ("numerator", "denominator"):
        query = PERIOD | {"by": "item", "key": check, "part": part}
        answer = inspector.get(address, query)
        if answer.status_code == 200:
            assert f"/contacts/{work.contact_id}/" not in answer.content.decode()
            assert work.contact_id not in inspector.get(address, query | {"as": "csv"}).content.decode()
    whole = inspector.get(address, PERIOD | {"by": "item", "key": check, "part": "denominator"}).content.decode()
    assert verdict not in ("met", "violated") or "未列出" in whole


def test_home_and_agent_pages_do_not_list_it_among_the_lowest(
    inspector: Client, work: Assignment, lived: World # noqa: F811 - the fixture
) -> None:  # fmt: skip
    for address in ("/", reverse("workplace:agent", args=[work.person])):
        page = inspector.get(address, PERIOD).content.decode()
        assert f"/contacts/{work.contact_id}/" not in page


def test_the_day_of_a_result_hides_its_score_and_the_mean_that_would_tell_it(
    inspector: Client, work: Assignment
) -> None:
    kept = appraise_month(SYSTEM, month=DAY, edition=load_edition(USUAL), edition_ref=USUAL)
    result = kept.results.filter(person=work.person).first()
    page = inspector.get(reverse("workplace:result_day", args=[result.pk, DAY.isoformat()])).content.decode()
    row = page.partition(f"/contacts/{work.contact_id}/")[2].partition("</tr>")[0]
    assert "待独立评价" in row
    assert "<b>" not in row
    assert page.count("作出评价前不显示") >= 2  # the row's and the day's mean
    whole = inspector.get(reverse("workplace:result", args=[result.pk])).content.decode()
    assert "作出评价前不显示" in whole


@pytest.fixture
def ask(cast: Cast) -> Callable[..., Any]:
    manager = cast.user("manager")

    def call(where: str, **data: Any) -> Any:
        secret = people.issue_token(manager, name="t", scopes=tuple(ApiScope), days=7).secret
        return Client().get(f"/api/v1/{where}", data, headers={"Authorization": f"Bearer {secret}"}).json()

    return call


def owed_by_manager(cast: Cast, work: Assignment) -> str:
    """The manager, whose tokens there are, holds the conversation too."""
    Assignment.objects.filter(pk=work.pk).update(holder=cast.person("manager"))
    return work.contact_id


def test_the_interface_for_programs_withholds_it(cast: Cast, work: Assignment, ask: Callable[..., Any]) -> None:
    contact = owed_by_manager(cast, work)
    check, verdict = a_check(contact)
    one = ask(f"contacts/{contact}")
    assert (one["verdicts"], one["score"], one["withheld"]) == ([], None, True)
    assert one["messages"]
    listed = ask("verdicts", contact=contact, limit=5000, **PERIOD)
    assert (listed["verdicts"], listed["withheld"]) == ([], [contact])
    everything = ask("verdicts", limit=5000, item=check, **PERIOD)["verdicts"]
    assert len(everything) == 29
    assert contact not in {row["contact_id"] for row in everything}
    found = ask("contacts", check=check, verdict=verdict, limit=200, **PERIOD)["contacts"]
    assert contact not in {row["contact_id"] for row in found}
    assert ask(f"contacts/{other_contact(work)}")["withheld"] is False


def test_a_trial_of_a_draft_does_not_read_it(inspector: Client, cast: Cast, work: Assignment) -> None:
    view = view_of(cast.user("inspector"), PERIOD)
    sample = draw_sample(view.reader, (DAY, DAY), size=500, seed=1, without=view.blind)
    assert work.contact_id not in sample.batch.contacts["contact_id"].to_list()
    assert sample.drawn == sample.population - len(view.blind)


def test_once_the_own_answer_is_given_everything_is_shown(inspector: Client, cast: Cast, work: Assignment) -> None:
    submitted(cast.user("inspector"), work)
    assert 'class="score"' in contact_page(inspector, work.contact_id)


def test_who_oversees_inspection_and_takes_none_of_it_sees_everything(cast: Cast, work: Assignment) -> None:
    assert 'class="score"' in contact_page(browser(cast.user("manager")), work.contact_id)
    assert blind_contacts(cast.user("manager")) == {}


def test_what_lies_in_the_pool_or_with_a_colleague_is_hidden_from_every_inspector_until_somebody_has_evaluated_it(
    inspector: Client, cast: Cast, work: Assignment
) -> None:
    colleague = second_inspector(cast)
    assert not blind_contacts(colleague)[work.contact_id].asked
    page = contact_page(browser(colleague), work.contact_id)
    assert 'class="score"' not in page
    assert "评价提交前不显示" in page
    return_assignment(cast.user("inspector"), assignment=work, reason="认识客户")
    assert 'class="score"' not in contact_page(
        inspector, work.contact_id
    )  # back in the pool, and nobody looks before taking
    submitted(colleague, claim_assignment(colleague, assignment=work))
    assert 'class="score"' in contact_page(inspector, work.contact_id)


def test_an_inspectors_own_conversation_is_none_they_could_be_given(cast: Cast, work: Assignment) -> None:
    Assignment.objects.filter(pk=work.pk).update(person="4001")
    assert work.contact_id not in blind_contacts(second_inspector(cast))


def test_a_plan_that_is_not_blind_hides_nothing(inspector: Client, cast: Cast, work: Assignment, monkeypatch) -> None:
    monkeypatch.setattr("bihuan.inspection.blindness.is_blind", lambda edition: False)
    assert blind_contacts(cast.user("inspector")) == {}
    assert 'class="score"' in contact_page(inspector, work.contact_id)


@pytest.fixture
def released(cast: Cast, work: Assignment) -> Evaluation:
    inspector = cast.user("inspector")
    done = submit_evaluation(
        inspector, assignment=work, revision=answer_all(inspector, work, violated=["polite_language"]).revision
    )
    return release_evaluations(inspector, evaluations=[done])[0]


def judge_of(appeal: Any) -> User:
    assert appeal.adjudicator is not None
    return User.objects.get(username=appeal.adjudicator.number)


def test_an_adjudicator_sees_neither_evaluation_nor_conversation_before_the_second_view(
    cast: Cast, released: Evaluation
) -> None:
    second_inspector(cast)
    subject = str(released.assignment_id)
    agent = User.objects.get(username=released.assignment.person)
    plea = Plea("polite_language", "met", "已经致歉")
    appeal = submit_appeal(agent, kind="evaluation", subject=subject, pleas=[plea])
    judge = judge_of(appeal)
    assert blind_contacts(judge)[released.assignment.contact_id].duty == APPEAL
    there = reverse("appeals:appeal", args=[appeal.pk])
    for address in (
        reverse("inspection:evaluation", args=[released.pk]),
        reverse("workplace:contact", args=[released.assignment.contact_id]),
    ):
        answer = browser(judge).get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert str(released.pk) not in browser(judge).get(reverse("inspection:evaluations")).content.decode()
    sheet = browser(judge).get(reverse("inspection:sheet"), {"day": DAY.isoformat()}).content.decode()
    assert str(released.pk) not in sheet
    give_second_view(judge, appeal=appeal, answers={"polite_language": Viewed("met")})
    assert released.assignment.contact_id not in blind_contacts(judge)
    assert browser(judge).get(reverse("inspection:evaluation", args=[released.pk])).status_code == 200


def test_an_adjudicator_reads_in_no_list_or_file_who_served_before_the_second_view(
    lived: World,  # noqa: F811 - the fixture
    cast: Cast,
    released: Evaluation,
    ask: Callable[..., Any],
) -> None:
    work, manager = released.assignment, cast.user("manager")
    other = other_contact(work)
    lived.tell(
        complaints=[
            {"complaint_id": f"k-{key}", "contact_id": key, "agent_key": "1001", "praise": False, "words": f"催单{key}",
             "opened_us": at(3600)}
            for key in (work.contact_id, other)
        ]
    )  # fmt: skip
    lived.refresh()
    plea = Plea("polite_language", "met", "已经致歉")
    agent = User.objects.get(username=work.person)
    appeal = submit_appeal(agent, kind="evaluation", subject=str(work.pk), pleas=[plea])
    Appeal.objects.filter(pk=appeal.pk).update(adjudicator=cast.person("manager"))

    def _found_by(address: str) -> bool:
        """Whether a search by agent tells."""
        query = PERIOD | {"agent": work.person, "part": "numerator"}
        return f"/contacts/{work.contact_id}/" in browser(manager).get(address, query).content.decode()

    def told() -> set[str]:
        """What each route tells about who served it."""
        client = browser(manager)
        listed = client.get(reverse("workplace:contacts"), PERIOD).context["list"].looked.rows
        row = next(one for one in listed if one.contact_id == work.contact_id)
        lines = client.get(reverse("workplace:contacts_csv"), PERIOD).content.decode("utf-8-sig").splitlines()
        line = next(
            dict(zip(lines[0].split(","), one.split(","), strict=True)) for one in lines if work.contact_id in one
        )
        ledger = client.get(reverse("workplace:complaints"), PERIOD | {"as": "csv"}).content.decode().splitlines()
        one = ask(f"contacts/{work.contact_id}")
        api = next(
            row for row in ask("contacts", limit=200, **PERIOD)["contacts"] if row["contact_id"] == work.contact_id
        )
        keys = {part["agent_key"] for name in ("messages", "events", "complaints") for part in one[name]}
        complaint = next(one for one in ledger if f"催单{work.contact_id}" in one).split(",")
        drill = reverse("workplace:metric_contacts", args=["contacts"])
        behind = client.get(drill, PERIOD | {"part": "numerator", "as": "csv"}).content.decode("utf-8-sig").splitlines()
        behind_it = next(one for one in behind if work.contact_id in one).split(",")[2]
        keys |= {behind_it, *(work.person for address in (reverse("workplace:contacts"), drill) if _found_by(address))}
        told = {row.agent, row.agent_number, line["坐席"], line["工号"], complaint[2], api["person"], *keys}
        return told - {"", None}

    assert told() == set()
    page = browser(manager).get(reverse("workplace:complaints"), PERIOD).content.decode()
    rows = {key: page.partition(f"/contacts/{key}/")[2].partition("</tr>")[0] for key in (work.contact_id, other)}
    assert ["作出评价前不显示" in row for row in rows.values()] == [True, False]
    assert ["张三" in row for row in rows.values()] == [False, True]
    give_second_view(cast.user("manager"), appeal=appeal, answers={"polite_language": Viewed("met")})
    assert work.person in told()


def test_a_posted_form_is_no_way_round_the_redirect(cast: Cast, work: Assignment) -> None:
    edition = edition_in_use(DAY)
    JudgingRun.objects.create(
        edition_ref=USUAL, edition_hash=edition.hash, engine="t", first_day=DAY, last_day=DAY, requested_at=now(),
        finished_at=now() - timedelta(minutes=1),
    )  # fmt: skip
    contact, check = next(
        (row["contact_id"], row["item"])
        for row in Reader(open_archive()).verdicts(edition.hash).to_pylist()
        if row["verdict"] == "violated" and row["person"] == "1001"
    )
    appeal = submit_appeal(
        cast.user("agent"), kind="verdict", subject=contact, pleas=[Plea(check, "met", "对话里说过了")]
    )
    judge = browser(judge_of(appeal))
    answer = judge.post(reverse("workplace:revelations", args=[contact]), {"reason": ""})
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("appeals:appeal", args=[appeal.pk])


def test_a_member_of_the_group_sees_the_first_score_after_the_own_opinion(cast: Cast, released: Evaluation) -> None:
    review = gather_reviews(SYSTEM, week=this_week())
    lead, contact = cast.user("supervisor"), released.assignment.contact_id
    assert blind_contacts(lead)[contact].duty == REVIEW
    assert contact not in blind_contacts(cast.user("inspector"))  # evaluated first: owes none
    client = browser(lead)
    listed = client.get(reverse("inspection:reviews")).content.decode()
    assert "作出评价前不显示" in listed
    there = client.get(reverse("inspection:evaluation", args=[released.pk]))
    assert there.headers["Location"] == reverse("inspection:review", args=[review[0].pk])
    asked = released.answers.filter(given_by="person")
    give_opinion(lead, review=review[0], answers={one.item: (one.verdict, "看过") for one in asked})
    assert contact not in blind_contacts(lead)
    assert "作出评价前不显示" not in client.get(reverse("inspection:reviews")).content.decode()


def test_who_sits_in_a_calibration_owes_its_contacts_until_rated(cast: Cast, work: Assignment) -> None:
    edition, person = edition_in_use(DAY), cast.person("inspector")
    session = Calibration.objects.create(
        name="七月", edition_ref=USUAL, edition_hash=edition.hash, manifest="m", due_at=now(), made_at=now(),
        made_by=cast.user("manager"),
    )  # fmt: skip
    CalibrationSeat.objects.create(calibration=session, person=person, is_expert=True)
    contact = other_contact(work)
    CalibrationContact.objects.create(calibration=session, place=1, contact_id=contact, day=DAY, person="1001")
    assert blind_contacts(cast.user("inspector"))[contact].desk == (session.pk, 1)
    assert contact not in blind_contacts(cast.user("manager"))
    assert WORDS in contact_page(browser(cast.user("inspector")), contact)
    Calibration.objects.filter(pk=session.pk).update(closed_at=now(), closed_by=cast.user("manager"))
    assert contact not in blind_contacts(cast.user("inspector"))


@pytest.mark.parametrize("who", ["agent", "trainer", "administrator", "stranger", "customer_representative"])
def test_who_judges_nothing_owes_nothing(cast: Cast, work: Assignment, who: str) -> None:
    assert blind_contacts(cast.user(who)) == {}


def test_the_duty_names_the_desk(cast: Cast, work: Assignment) -> None:
    owed = blind_contacts(cast.user("inspector"))[work.contact_id]
    assert (owed.duty, owed.url) == (EVALUATION, reverse("inspection:assignment", args=[work.pk]))
