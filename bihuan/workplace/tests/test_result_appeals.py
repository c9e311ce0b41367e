"""A result is appealed term by term; a decision is noted for good, and new figures come from a corrected record alone."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal
from bihuan.appeals.kinds import Span, kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appeals.wording import title_of
from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.appealed import note_appeal, subject_of, waiting_for_correction
from bihuan.appraisal.computing import carry_out
from bihuan.appraisal.models import Computation, NotedAppeal, Result, ResultSet
from bihuan.appraisal.tests.record import MONTH, Served, lived, steady, tell
from bihuan.archive.tests.record_world import World
from bihuan.journal.actions import seal
from bihuan.journal.models import Entry, ReactionCursor
from bihuan.journal.reacting import carry_out_reactions
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
SCHEME = "service_quality_month"
PLEA = "7 月 3 日的两条五星评价没有算进来"
WHY = "评价系统当天漏传，已核实"


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> Path:
    """The record of two people, judged once; each test writes to a copy of its own."""
    root = tmp_path_factory.mktemp("record")
    lived(root, {"1001": steady(30, csat=5), "1002": steady(31, fatal=6, csat=4)})
    return root


@pytest.fixture
def world(tmp_path: Path, judged: Path, settings) -> World:
    settings.TIME_ZONE, settings.ROOT_URLCONF = "Asia/Shanghai", "bihuan.config.urls"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    shutil.copytree(judged, settings.ARCHIVE_ROOT)
    return World(settings.ARCHIVE_ROOT)


@pytest.fixture
def cast(world: World) -> Cast:
    return make_cast()


@pytest.fixture
def result(cast: Cast) -> Result:
    return appraised().results.get(person="1001", scheme=SCHEME)


def appraised() -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended")


def term_of(result: Result) -> str:
    matter = kind_named("result").find(subject_of(result))
    assert matter is not None
    return matter.items[1].key


def appealed(result: Result, cast: Cast) -> Appeal:
    plea = Plea(term_of(result), "missing", PLEA)
    return submit_appeal(cast.user("agent"), kind="result", subject=subject_of(result), pleas=[plea])


def decided(appeal: Appeal, outcome: Outcome = Outcome.UPHOLD) -> Appeal:
    assert appeal.adjudicator is not None
    judge = User.objects.get(username=appeal.adjudicator.number)
    key = appeal.items.get().key
    give_second_view(judge, appeal=appeal, answers={key: Viewed("stands")})
    return decide_appeal(judge, appeal=appeal, rulings={key: Ruling(outcome, WHY)})


def react() -> None:
    seal()
    carry_out_reactions()


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def test_every_term_of_a_result_may_be_appealed_by_the_person_it_is_about(result: Result, cast: Cast) -> None:
    matter = kind_named("result").find(subject_of(result))
    assert matter is not None
    assert (matter.person, matter.told_at) == ("1001", result.set.computed_at)
    assert {item.answer for item in matter.items} == {"stands"}
    plea = [Plea(matter.items[0].key, "missing", PLEA)]
    for stranger in ("senior_agent", "supervisor", "manager", "inspector"):
        with pytest.raises(NotAllowed):
            submit_appeal(cast.user(stranger), kind="result", subject=matter.subject, pleas=plea)


@pytest.mark.parametrize("subject", ["x", "2026-13.a.b", "2026-07.no_such.1001", "2026-07", "..", "2026-07.a."])
def test_what_names_no_result_is_nothing_to_appeal(cast: Cast, subject: str) -> None:
    assert kind_named("result").find(subject) is None


def test_the_adjudicator_does_not_lead_the_team_and_is_not_told_whose_result_it_is(result: Result, cast: Cast) -> None:
    appeal = appealed(result, cast)
    assert appeal.adjudicator is not None
    assert appeal.adjudicator.number not in {"1001", "2001"}
    judge = browser(User.objects.get(username=appeal.adjudicator.number))
    page = judge.get(reverse("appeals:appeal", args=[appeal.pk])).content.decode()
    for hidden in (PLEA, "张三", "Name 1001", "1001<"):
        assert hidden not in page, hidden
    assert "当月数据" in page
    assert "人工复核率" in page  # X12: beside every score


def test_an_upheld_appeal_is_noted_and_the_month_is_asked_for_anew_once(result: Result, cast: Cast) -> None:
    appeal = decided(appealed(result, cast))
    react()
    ReactionCursor.objects.update(number=0)
    react()
    note_appeal("system:test", appeal=appeal)
    note = NotedAppeal.objects.get()
    assert (note.result, note.is_upheld) == (result, True)
    assert Computation.objects.count() == 1
    assert Entry.objects.filter(verb="result.appealed").count() == 1
    assert ProcrastinateJob.objects.filter(task_name__endswith="compute").count() == 1


def test_a_dismissed_appeal_is_noted_and_nothing_is_computed(result: Result, cast: Cast) -> None:
    decided(appealed(result, cast), Outcome.DISMISS)
    react()
    assert NotedAppeal.objects.get().is_upheld is False
    assert not Computation.objects.exists()


def test_without_a_corrected_record_the_result_stands_with_the_note_and_somebody_sees_what_is_missing(
    result: Result, cast: Cast
) -> None:
    decided(appealed(result, cast))
    react()
    assert carry_out(Computation.objects.get()).result_set == result.set
    page = browser(cast.user("agent")).get(reverse("workplace:result", args=[result.pk])).content.decode()
    assert WHY in page
    assert "记录尚未更正" in page
    assert [note.result for note in waiting_for_correction()] == [result]


def test_a_corrected_record_makes_a_new_version_that_says_so_and_the_first_is_kept(
    world: World, result: Result, cast: Cast
) -> None:
    decided(appealed(result, cast))
    react()
    more = [*steady(30, csat=5), Served(2, "good", 1), Served(2, "good", 1)]
    tell(world, {"1001": more, "1002": steady(31, fatal=6, csat=4)})
    carry_out(Computation.objects.get())
    newest = Result.objects.filter(person="1001", scheme=SCHEME).order_by("-set__sequence").first()
    assert newest is not None
    assert (newest.set.sequence, newest.tree == result.tree) == (2, False)
    assert waiting_for_correction() == []
    client = browser(cast.user("agent"))
    assert "更正后的版本（#2）" in client.get(reverse("workplace:result", args=[newest.pk])).content.decode()
    assert client.get(reverse("workplace:result", args=[result.pk])).status_code == 200
    assert kind_named("result").find(subject_of(newest)).told_at == newest.set.computed_at  # type: ignore[union-attr] # just computed


def test_a_version_that_says_the_same_opens_no_new_window(result: Result) -> None:
    first = result.set
    told = {name: getattr(first, name) for name in ("month", "edition_ref", "edition_hash", "manifest", "engine")}
    later = first.computed_at + timedelta(days=9)
    again = ResultSet.objects.create(**told, content="0" * 64, sequence=2, computed_at=later)
    same = Result.objects.get(pk=result.pk)
    same.pk, same.set = None, again
    same.save(force_insert=True)
    matter = kind_named("result").find(subject_of(same))
    assert matter is not None
    assert matter.told_at == first.computed_at


def test_the_agent_appeals_from_the_results_page(result: Result, cast: Cast) -> None:
    agent = browser(cast.user("agent"))
    page = reverse("workplace:result", args=[result.pk])
    making = reverse("appeals:making", args=["result", subject_of(result)])
    assert f'href="{making}"' in agent.get(page).content.decode()
    assert "evidence" not in agent.get(making).content.decode()
    key = term_of(result)
    fields = {f"item-{key}-picked": "on", f"item-{key}-claimed": "missing", f"item-{key}-reason": PLEA}
    assert agent.post(making, fields).status_code == 302
    told = agent.get(page).content.decode()
    assert "申诉中" in told
    assert f'href="{making}"' not in told
    for other in ("supervisor", "manager"):
        assert f'href="{making}"' not in browser(cast.user(other)).get(page).content.decode()


def test_a_place_cannot_be_cited_in_a_result(result: Result, cast: Cast) -> None:
    plea = Plea(term_of(result), "missing", PLEA, (Span(1),))
    with pytest.raises(InputError):
        submit_appeal(cast.user("agent"), kind="result", subject=subject_of(result), pleas=[plea])


def test_an_appealed_result_is_named_in_the_language_of_the_reader(result: Result, cast: Cast) -> None:
    with translation.override("en"):
        appeal = appealed(result, cast)
    assert appeal.title == "2026-07 service_quality_month"
    with translation.override("zh-hans"):
        assert title_of(appeal) == "2026-07 服务质量月度总分"
    with translation.override("en"):
        assert title_of(appeal) == "2026-07 Monthly service-quality total"
    appeal.edition = "gone"
    assert title_of(appeal) == "2026-07 service_quality_month"
