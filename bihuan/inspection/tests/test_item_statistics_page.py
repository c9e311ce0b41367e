"""The page of item statistics: counted from the record, every count opens its conversations, everybody sees their own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client

from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.items.statistics import item_page, limits_of
from bihuan.inspection.judging import ensure_judged, judge_day
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

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
