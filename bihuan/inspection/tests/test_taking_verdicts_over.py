"""What one edition's judging told holds under another where the check is the same; everything else is judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
import yaml

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import chat, contact
from bihuan.archive.writer import verdicts_of, write_verdicts
from bihuan.inspection.actions import carry_out_judging, request_judging
from bihuan.inspection.judging import ensure_judged, judge_days, judged_from
from bihuan.inspection.known_editions import known_editions
from bihuan.inspection.tests.test_judging import FIRST, LAST, World, filled
from bihuan.standards.actions import publish_edition
from bihuan.standards.checks import engine
from bihuan.standards.checks.alike import alike
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.reading import read

DAYS = [date(2026, 7, day) for day in (1, 2, 3)]
MARKED = "taken over"


def other(**changed: Any) -> Edition:
    return read(document(**changed))


def document(**changed: Any) -> dict[str, Any]:
    """The usual edition under another name; `first_response` is its target's limit, `restate` a check's threshold."""
    plain = yaml.safe_load((LIBRARY / "recommended.yaml").read_text(encoding="utf-8")) | {"id": "ours"}
    if "restate" in changed:
        plain["checks"]["restate"]["params"]["short_messages"]["value"] = changed["restate"]
    if "first_response" in changed:
        for target in plain["targets"]:
            if target["metric"] == "first_response_time":
                target["at_most"]["value"] = changed["first_response"]
    return plain


def marked(world: World, edition: Edition) -> None:
    """The kept verdicts with a word in their reasons that no judging gives."""
    for day in DAYS:
        rows = Reader(world.archive).verdicts(edition.hash, days=(day, day))
        told = pc.binary_join_element_wise(rows["reason"], MARKED, "?")
        rows = rows.set_column(rows.schema.get_field_index("reason"), "reason", told)
        built = judged_from(world.archive.head(), day)
        write_verdicts(world.archive, edition.hash, rows, [day], built_from=built)


def taken(world: World, edition: Edition) -> set[str]:
    """Items of which any verdict was taken over."""
    rows = Reader(world.archive).verdicts(edition.hash).to_pylist()
    return {row["item"] for row in rows if MARKED in row["reason"]}


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    made = filled(tmp_path)
    ensure_judged(made.archive, load_edition("recommended"), DAYS)
    return made


def test_verdicts_taken_over_are_those_that_judging_gives(world: World, tmp_path: Path):
    edition, usual = other(restate=3), load_edition("recommended")
    fresh = filled(tmp_path / "fresh")
    list(judge_days(fresh.archive, edition, DAYS))
    list(judge_days(world.archive, edition, DAYS, like=[usual]))
    assert Reader(world.archive).verdicts(edition.hash) == Reader(fresh.archive).verdicts(edition.hash)


def test_a_great_day_is_judged_in_portions_and_comes_out_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, usual = other(restate=3), load_edition("recommended")
    for key in ("z", "a", "m"):  # four contacts of one day, told in no order
        said = chat(("customer", 9), ("8001", 20), contact_id=key, kind="text")
        texts = ("运费怎么算", "您好,满99元免运费")
        words = [row | {"text": text} for row, text in zip(said, texts, strict=True)]
        world.tell(contacts=[contact(key, 9, 40, outcome="solved", customer_key=key)], messages=words)
    ensure_judged(world.archive, usual, DAYS)
    list(judge_days(world.archive, edition, [FIRST], like=[usual]))
    whole = [Reader(world.archive).verdicts(one.hash, days=(FIRST, FIRST)) for one in (usual, edition)]
    assert len(set(whole[0]["contact_id"].to_pylist())) == 4
    monkeypatch.setattr(engine, "_CHUNK", 3)
    for one, like, told in ((usual, [], whole[0]), (edition, [usual], whole[1])):
        list(judge_days(world.archive, one, [FIRST], like=like))
        assert Reader(world.archive).verdicts(one.hash, days=(FIRST, FIRST)) == told


def test_a_check_with_another_threshold_is_judged_and_the_others_are_taken_over(world: World):
    usual, edition = load_edition("recommended"), other(restate=3)
    marked(world, usual)
    list(judge_days(world.archive, edition, DAYS, like=[usual]))
    assert taken(world, edition) == set(checks_of(usual)) - {"restate"}


def test_an_edition_with_the_same_checks_takes_all_of_them_over(world: World):
    usual, edition = load_edition("recommended"), other()
    marked(world, usual)
    assert [count for _, count in judge_days(world.archive, edition, DAYS, like=[usual])] == [1, 1, 1]
    assert taken(world, edition) == set(checks_of(usual))


def test_X1_another_target_judges_the_checks_that_ask_for_it_anew():
    usual = load_edition("recommended")
    assert set(checks_of(usual)) - alike(other(first_response=7), usual) == {"first_response"}


def test_nothing_is_taken_over_from_verdicts_on_another_record(world: World):
    usual, edition = load_edition("recommended"), other()
    marked(world, usual)
    world.tell(contacts=[contact("late", 100, 160, outcome="solved", customer_key="late")])
    assert [count for _, count in judge_days(world.archive, edition, [FIRST], like=[usual])] == [2]
    assert taken(world, edition) == set()


@pytest.mark.django_db
def test_a_publication_takes_over_and_judging_again_does_not(world: World):
    usual = load_edition("recommended")
    marked(world, usual)
    row = publish_edition(
        "system:test", text=yaml.safe_dump(document(restate=3), allow_unicode=True), author="a", effective_from=FIRST
    )
    assert usual in known_editions(world.archive.head())
    run = request_judging("system:test", edition=row.hash, first=FIRST, last=LAST)
    assert carry_out_judging(run).contacts_done == 3
    assert taken(world, row.content()) == set(checks_of(usual)) - {"restate"}
    carry_out_judging(run, again=True)
    assert taken(world, row.content()) == set()
    assert len(world.archive.head().files(verdicts_of(row.hash))) == 3
