"""The pages of trust in checks: who sees them, what they say, what a move or a run from the page does."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions.fairness import carry_out_fairness, request_fairness
from bihuan.inspection.actions.trusting import settle_checks
from bihuan.inspection.models import FairnessRun, Reckoning, TrustMove
from bihuan.inspection.tests.trust_world import CHECK, MET, VIOLATED, fairness_run, good_sample, of_check, reviewed
from bihuan.inspection.trust.policy import trust_policy
from bihuan.inspection.trust.table import trust_page
from bihuan.journal.models import Entry
from bihuan.kit.errors import InputError
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition

pytestmark = pytest.mark.django_db
READERS = ("agent", "supervisor", "inspector", "trainer", "manager", "administrator")


@pytest.fixture
def edition(lived: World, settings) -> Edition:
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return load_edition("recommended")


def page_of(cast: Cast, who: str) -> Client:
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def check_url() -> str:
    return reverse("inspection:trust_check", args=[CHECK])


@pytest.mark.parametrize("who", [*READERS, "stranger"])
def test_staff_read_how_far_checks_are_trusted_and_strangers_nothing(edition: Edition, cast: Cast, who: str) -> None:
    client = page_of(cast, who)
    expected = 404 if who == "stranger" else 200
    assert [client.get(url).status_code for url in (reverse("inspection:trust"), check_url())] == [expected] * 2
    assert client.get(reverse("inspection:trust_check", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("who", [*READERS, "stranger"])
def test_only_the_manager_moves_and_reckons_and_who_judges_tries_the_exchanges(
    edition: Edition, cast: Cast, who: str
) -> None:
    client, data = (
        page_of(cast, who),
        {"edition": edition.hash, "to": "down", "reason": "误判多", "before": "assisting"},
    )
    moved = client.post(reverse("inspection:trust_moves", args=[CHECK]), data).status_code
    reckoned = client.post(reverse("inspection:reckonings"), data).status_code
    tried = client.post(reverse("inspection:fairness_runs"), data).status_code
    assert (moved == 302, reckoned == 302) == (who == "manager",) * 2
    assert (tried == 302) == (who in ("inspector", "manager", "administrator"))
    assert TrustMove.objects.count() == Reckoning.objects.count() == (who == "manager")


def test_the_table_says_where_a_check_stands_on_which_figures_and_what_it_lacks(edition: Edition, cast: Cast) -> None:
    reviewed(edition, good_sample(12), cast.people["inspector"])
    list(settle_checks(edition))
    line = next(one for one in trust_page(edition, {}).lines if one.setting.id == CHECK)
    assert line.reviewed == 72
    assert line.precision is None
    assert any(f"再复核 {trust_policy(edition).least - 12} 段" in one for one in line.lacks)
    text = page_of(cast, "inspector").get(reverse("inspection:trust")).content.decode()
    for words in (
        "检查可信度",
        "先核实身份",
        "辅助",
        "约需再抽检",
        "标准规定的起始级别",
        "随机抽检已评",
        "72 / 1,000",
    ):
        assert words in text, words


def test_a_manager_moves_a_check_up_from_the_page_and_a_refusal_is_told_in_a_sentence(
    edition: Edition, cast: Cast
) -> None:
    client = page_of(cast, "manager")
    url = reverse("inspection:trust_moves", args=[CHECK])
    data = {"edition": edition.hash, "to": "up", "reason": "达标", "before": "assisting"}
    refused = client.post(url, data, follow=True).content.decode()
    assert "准确率还不知道" in refused
    reviewed(edition, good_sample(), cast.people["inspector"])
    fairness_run(edition, True)
    list(settle_checks(edition))
    assert "条件已齐" in client.get(check_url()).content.decode()
    moved = client.post(url, data, follow=True).content.decode()
    assert "级别已调整" in moved
    assert "达标" in moved
    assert TrustMove.objects.get().after == "counting"


def test_a_double_click_moves_a_check_once_and_the_second_is_told(edition: Edition, cast: Cast) -> None:
    """From counting down: without the standing the page showed, the second click would take it down to observed."""
    client, url = page_of(cast, "manager"), reverse("inspection:trust_moves", args=["first_response"])
    shown = client.get(reverse("inspection:trust_check", args=["first_response"])).content.decode()
    assert 'name="before" value="counting"' in shown
    data = {"edition": edition.hash, "to": "down", "reason": "误判多", "before": "counting"}
    assert "级别已调整" in client.post(url, data, follow=True).content.decode()
    assert "先看清现在的级别" in client.post(url, data, follow=True).content.decode()
    assert TrustMove.objects.get().after == "assisting"


def test_it_opens_down_to_the_contacts_on_which_people_and_machine_disagree(edition: Edition, cast: Cast) -> None:
    cases = [of_check(2, VIOLATED, MET), of_check(1, MET, VIOLATED, days_ago=4), of_check(3, MET, MET, days_ago=5)]
    made = reviewed(edition, cases, cast.people["inspector"])
    alarms = page_of(cast, "inspector").get(check_url()).content.decode()
    misses = page_of(cast, "inspector").get(f"{check_url()}?show=misses").content.decode()
    for text, shown in ((alarms, made[:2]), (misses, made[2:3])):
        linked = {str(one.pk) for one in made if str(one.pk) in text}
        assert linked == {str(one.pk) for one in shown}
    other = page_of(cast, "senior_agent").get(check_url()).content.decode()  # served none of these
    assert not any(str(one.pk) in other for one in made)


def test_a_check_that_fell_is_told_on_top_with_the_reason(edition: Edition, cast: Cast) -> None:
    reviewed(edition, [of_check(30, VIOLATED, MET)], cast.people["inspector"])
    list(settle_checks(edition))
    text = page_of(cast, "agent").get(reverse("inspection:trust")).content.decode()
    assert "由辅助自动降为观察：准确率低于下限" in text


def test_a_run_asked_for_on_the_page_goes_on_in_the_background_is_kept_and_shown(edition: Edition, cast: Cast) -> None:
    client, data = page_of(cast, "inspector"), {"edition": edition.hash}
    for _twice in range(2):
        assert client.post(reverse("inspection:fairness_runs"), data).status_code == 302
    run = FairnessRun.objects.get()
    assert ProcrastinateJob.objects.filter(task_name="inspection.fairness").count() == 1
    progress = reverse("inspection:fairness_run", args=[run.pk])
    assert "等待后台处理" in client.get(reverse("inspection:trust")).content.decode()
    assert "HX-Refresh" not in client.get(progress)
    done = carry_out_fairness(run)
    assert (done.is_finished, done.contacts, done.done) == (True, 30, done.total)
    assert {one["item"] for one in done.found} == set(edition.checks)
    assert client.get(progress)["HX-Refresh"] == "true"
    assert Entry.objects.filter(verb="fairness.finished", subject=f"fairness_run:{run.pk}").exists()
    assert carry_out_fairness(done).finished_at == done.finished_at


def test_a_run_over_days_without_conversations_is_kept_with_its_reason(edition: Edition, cast: Cast) -> None:
    day = date(2020, 1, 1)
    run = request_fairness("system:test", edition=edition, ref=edition.id, first=day, last=day)
    with pytest.raises(InputError):
        carry_out_fairness(run)
    run.refresh_from_db()
    assert (run.is_finished, "no conversations" in run.refusal) == (True, True)


def test_the_table_can_be_taken_along_as_csv(edition: Edition, cast: Cast) -> None:
    answer = page_of(cast, "manager").get(f"{reverse('inspection:trust')}?as=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "先核实身份" in answer.content.decode()


def test_X12_a_check_of_logged_times_is_called_measured_and_shows_no_precision(edition: Edition, cast: Cast) -> None:
    list(settle_checks(edition))
    client = page_of(cast, "inspector")
    url = reverse("inspection:trust_check", args=["first_response"])
    assert "测得，非裁量" in client.get(reverse("inspection:trust")).content.decode()
    shown = client.get(url).content.decode()
    assert "准确率与检出率不适用" in shown
    line = next(one for one in trust_page(edition, {}).lines if one.setting.id == "first_response")
    assert (line.precision, line.recall, line.lacks) == (None, None, [])
