"""The page of item statistics: counted from the record, every count opens its conversations, everybody sees their own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.items.statistics import item_page, limits_of
from bihuan.inspection.judging import ensure_judged, judge_day
from bihuan.inspection.tests.trust_world import Case, reviewed
from bihuan.metrics.intervals import wilson
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition

DAY_S = 86_400
DAYS = (date(2026, 7, 1), date(2026, 7, 2))
EDITION = load_edition("recommended")
ADDRESS = "/inspection/items/"
OPENINGS = ("您好,我是工号8001,请稍等", "什么事", "您好,请讲")
CLOSINGS = ("请问还有其他可以帮您吗?感谢您的来电,再见", "好了")


def filled(root: Path, contacts: int = 130) -> World:
    """Chats of two days: every third opening is curt, every fourth closing too; the first ones belong to 8002."""
    world = World(root)
    told: dict[str, list] = {"contacts": [], "messages": [], "events": []}
    for at in range(contacts):
        start, key = (at % 2) * DAY_S + at * 60, f"c{at:03}"
        agent = "8002" if at < 20 else "8001"
        words = chat(("customer", start), (agent, start + 5), (agent, start + 40), contact_id=key, kind="text")
        texts = ("我的订单还没到", OPENINGS[at % 3], CLOSINGS[at % 4 == 0])
        told["messages"] += [row | {"text": text} for row, text in zip(words, texts, strict=True)]
        told["contacts"].append(
            contact(key, start, start + 50, outcome="solved", customer_known=True, customer_key=key)
        )
        told["events"] += course(("accepted", start + 1, agent), ("closed", start + 50, agent), contact_id=key)
    world.tell(**told)
    world.staff(*({"agent_key": key, "person": key, "name": key} for key in ("8001", "8002")))
    world.refresh()
    return world


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = filled(tmp_path_factory.mktemp("record"))
    ensure_judged(made.archive, EDITION, DAYS)
    return made


@pytest.fixture
def world(built: World, settings) -> World:
    """The judged record; to be read."""
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = built.archive.root, "Asia/Shanghai"
    return built


@pytest.fixture
def copied(built: World, tmp_path: Path, settings) -> World:
    """The same record, to be changed."""
    copytree(built.archive.root, tmp_path / "record")
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "record", "Asia/Shanghai"
    return World(tmp_path / "record")


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def shown(cast: Cast, who: str, address: str = ADDRESS, language: str = "en") -> str:
    client = Client()
    client.force_login(cast.user(who))
    answer = client.get(address, headers={"accept-language": language})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_every_check_is_counted_as_the_record_holds_it(world: World, cast: Cast) -> None:
    page = item_page(cast.user("manager"), {})
    rows = page.reader.verdicts(EDITION.hash).to_pylist()
    assert (page.month, page.report.contacts, page.report.items[0].item) == ("2026-07", 130, page.scored[0])
    assert {one.item for one in page.report.items} == set(EDITION.checks)
    for one in page.report.items:
        for word, n in one.counts.items():
            assert n == sum(row["item"] == one.item and row["verdict"] == word for row in rows)
    greeting = next(one for one in page.report.items if one.item == "greeting")
    assert greeting.share_met.value == pytest.approx(sum(at % 3 != 1 for at in range(130)) / 130)


def test_a_count_opens_as_many_conversations_as_it_counts(world: World, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("manager"))
    text = client.get(ADDRESS).content.decode()
    addresses = re.findall(r'<a href="(/contacts/\?[^"]*check=greeting&amp;verdict=violated)">(\d+)</a>', text)
    ((address, count),) = addresses
    listed = client.get(address.replace("&amp;", "&")).content.decode()
    assert (
        int(count) == sum(at % 3 == 1 for at in range(130)) == len(set(re.findall(r"/contacts/(c\d{3})[/?]", listed)))
    )


def test_what_rests_on_too_few_conversations_says_so(world: World, cast: Cast) -> None:
    text = shown(cast, "manager")
    assert "rests on too few conversations" in text
    assert "judged days: 2 (2026-07-01 – 2026-07-02)" in text


def test_checks_outside_the_points_say_what_they_do_instead(world: World, cast: Cast) -> None:
    tags = re.findall(r'<span class="bh-tag[^"]*">([^<]+)</span>', shown(cast, "manager"))
    assert (tags.count("Fatal"), tags.count("Deducts points")) == (1, 4)
    assert "Not in the score" in tags


def test_it_speaks_chinese(world: World, cast: Cast) -> None:
    assert "项目统计" in shown(cast, "manager", language="zh-hans")


def test_everybody_counts_what_their_figures_are_seen_of_and_is_told(world: World, cast: Cast) -> None:
    whole, own = shown(cast, "manager"), shown(cast, "agent")
    note = "Counted over the conversations whose figures you may see"
    assert (note in whole, note in own) == (False, True)
    seen = {who: item_page(cast.user(who), {}).report.contacts for who in ("manager", "inspector", "agent")}
    assert seen["manager"] == seen["inspector"] == 130
    assert seen["agent"] < 130


def test_a_stranger_finds_no_page_and_who_may_not_export_no_file(world: World, cast: Cast) -> None:
    assert shown(cast, "stranger") == "404"
    assert shown(cast, "agent", f"{ADDRESS}?as=csv") == "404"
    assert shown(cast, "manager", f"{ADDRESS}?as=csv").count("\n") == len(EDITION.checks) + 1


def test_a_day_judged_anew_is_counted_anew(copied: World, cast: Cast) -> None:
    user = cast.user("manager")
    assert item_page(user, {}).report.contacts == 130
    start = 1_000
    words = chat(("customer", start), ("8001", start + 5), contact_id="late", kind="text")
    copied.tell(contacts=[contact("late", start, start + 9)], messages=[row | {"text": "您好"} for row in words])
    copied.refresh()
    judge_day(copied.archive, EDITION, Engine.for_edition(EDITION), DAYS[0])
    assert item_page(user, {}).report.contacts == 131


def test_verdicts_of_another_edition_are_shown_but_open_no_library_that_judges_differently(
    copied: World, cast: Cast
) -> None:
    other = load_edition("service-quality")
    ensure_judged(copied.archive, other, DAYS[:1])
    page = item_page(cast.user("manager"), {"edition": other.hash})
    assert (page.edition, page.report.contacts, page.opens_contacts) == (other, 65, False)
    assert "verdict=violated" not in shown(cast, "manager", f"{ADDRESS}?edition={other.hash}")


@pytest.mark.parametrize("query", ["?edition=nonsense", "?month=1999-01", "?month=x&card=none&sort=evil"])
def test_what_an_address_names_wrongly_is_the_usual(world: World, cast: Cast, query: str) -> None:
    assert "Recommended standard" in shown(cast, "manager", ADDRESS + query)


def answered(cast: Cast, *cases: Case, edition: Edition = EDITION) -> None:
    """Released evaluations of conversations of the judged month, as the cases say, on a day without verdicts."""
    back = (timezone.localdate() - DAYS[1]).days - 1
    reviewed(edition, [replace(case, days_ago=back) for case in cases], cast.people["inspector"])


GOOD = {"correct_answers": "met", "patient_listening": "met", "polite_language": "met"}
POOR = {"correct_answers": "violated", "patient_listening": "violated", "polite_language": "met"}


def test_what_people_answered_is_told_apart_from_what_the_machine_said(copied: World, cast: Cast) -> None:
    answered(cast, Case(90, {}, GOOD), Case(30, {}, POOR))
    page = item_page(cast.user("manager"), {})
    told = {one.item: one for one in page.people.report.items}
    assert page.people.report.contacts == 120
    correct = told["correct_answers"]
    assert (correct.share_met.value, correct.share_met.n) == (0.75, 120)
    assert told["polite_language"].always == "met"
    assert correct.discrimination.value == pytest.approx(1.0)  # with the share met of the two others: 1 or a half
    # KR-20 by hand: three items, p = .75 .75 1, variance of the sum of 3 and 1 points
    variance = 4 * 0.75 * 0.25 * 120 / 119
    items = 2 * 0.75 * 0.25 * 120 / 119
    kept = [item for item in page.people.scored if item not in page.people.report.left_out]
    assert set(kept) == set(GOOD)
    assert page.people.report.reliability.value == pytest.approx(1.5 * (1 - items / variance))
    assert [(pair.first, pair.second) for pair in page.people.report.redundant] == [
        ("patient_listening", "correct_answers")
    ]
    assert {one.item for one in page.report.items} == set(EDITION.checks)
    assert "correct_answers" not in {one.item for one in page.report.items}


def test_S3_10_what_was_likelier_drawn_weighs_less_and_the_page_says_so(copied: World, cast: Cast) -> None:
    """By hand: 90 drawn with a half stand for 180 contacts, 30 drawn with a tenth for 300; 180 ÷ 480 are met."""
    answered(cast, Case(90, {}, GOOD), Case(30, {}, POOR, ppm=100_000))
    report = item_page(cast.user("manager"), {}).people.report
    correct = next(one for one in report.items if one.item == "correct_answers")
    assert (correct.share_met.value, correct.share_met.n, report.contacts) == (0.375, 120, 120)
    # the effective number: p(1 - p) ÷ [90·2²(1 - p)² + 30·10²p²] · 480²
    size = 0.375 * 0.625 / ((90 * 4 * 0.625**2 + 30 * 100 * 0.375**2) / 480**2)
    assert [correct.share_met.low, correct.share_met.high] == pytest.approx(
        [float(end) for end in wilson(0.375 * size, size, 0.95)]
    )
    # KR-20 by hand with the same weights: n - 1 becomes 480 - Σw² ÷ 480
    scale = 480 / (480 - (90 * 4 + 30 * 100) / 480)
    variance, items = 4 * 0.375 * 0.625 * scale, 2 * 0.375 * 0.625 * scale
    assert report.reliability.value == pytest.approx(1.5 * (1 - items / variance))
    assert "被抽中并完成评价的概率的倒数" in shown(cast, "manager", language="zh-hans")


def test_S3_10_the_share_of_a_draw_that_was_answered_is_that_of_all_whoever_looks(copied: World, cast: Cast) -> None:
    answered(cast, Case(4, {}, GOOD), Case(4, {}, POOR, released=False))
    (weight,) = set(item_page(cast.user("agent"), {}).people._weights.values())
    assert weight == pytest.approx(1 / (0.5 * 4 / 8))


def test_too_few_evaluations_give_no_figure_and_say_on_how_many(copied: World, cast: Cast) -> None:
    answered(cast, Case(99, {}, GOOD))
    figure = next(one for one in item_page(cast.user("manager"), {}).people.report.items if one.item in GOOD)
    assert (figure.share_met.value, figure.share_met.n, figure.share_met.reason) == (None, 99, "too_few")
    answered(cast, Case(1, {}, GOOD))
    figure = next(one for one in item_page(cast.user("manager"), {}).people.report.items if one.item in GOOD)
    assert (figure.share_met.value, figure.share_met.n) == (1.0, 100)


@pytest.mark.parametrize(
    "left_out",
    [
        Case(5, {}, POOR, kind="risk", ppm=0),
        Case(5, {}, POOR, released=False),
        Case(5, {}, POOR, given_by="record"),
    ],
    ids=["risk queue", "not released", "told by the record"],
)
def test_only_released_answers_of_people_about_random_draws_are_counted(
    copied: World, cast: Cast, left_out: Case
) -> None:
    answered(cast, Case(3, {}, GOOD), left_out)
    report = item_page(cast.user("manager"), {}).people.report
    told = {one.item: one.counts for one in report.items}
    assert (report.contacts, told["correct_answers"]["met"], told["correct_answers"]["violated"]) == (3, 3, 0)


def test_the_page_shows_both_and_exports_both(copied: World, cast: Cast) -> None:
    none = shown(cast, "manager")
    assert "No evaluation of this month's random draws was released" in none
    answered(cast, Case(90, {}, GOOD), Case(30, {}, POOR))
    text = shown(cast, "manager")
    people = text[text.index("What people answered") :]
    assert "Correct answers" in people
    assert "Evaluations counted" in people
    lines = shown(cast, "manager", f"{ADDRESS}?as=csv&of=people").splitlines()
    assert len(lines) == len(item_page(cast.user("manager"), {}).people.questions) + 1
    assert any("75.0" in line for line in lines)
    assert shown(cast, "agent", f"{ADDRESS}?as=csv&of=people") == "404"


def test_who_sees_only_their_own_figures_counts_only_their_own_evaluations(copied: World, cast: Cast) -> None:
    answered(cast, Case(4, {}, GOOD))  # about 1001, who is the agent
    seen = {who: item_page(cast.user(who), {}).people.report.contacts for who in ("manager", "agent", "senior_agent")}
    assert seen == {"manager": 4, "agent": 4, "senior_agent": 0}


def test_before_anything_was_judged_the_page_says_so(tmp_path: Path, settings, cast: Cast) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    assert "No verdicts yet" in shown(cast, "manager")
    filled(tmp_path, 3)
    assert "No verdicts yet" in shown(cast, "manager")


def test_an_edition_that_names_no_limits_takes_those_of_the_one_to_start_with() -> None:
    assert limits_of(load_edition("service-quality")) == limits_of(EDITION)
    assert (limits_of(EDITION).least, limits_of(EDITION).always_from, limits_of(EDITION).redundant_from) == (
        100,
        0.99,
        0.9,
    )
