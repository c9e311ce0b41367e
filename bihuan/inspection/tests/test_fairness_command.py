"""`bihuan fairness`: exchanges in conversations of the record, and what the edition's limits make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.fairness.command import mount
from bihuan.inspection.fairness.suite import WORDS, drawn_talks, limits_of
from bihuan.inspection.rules.counterfactuals import KINDS
from bihuan.inspection.tests.test_judging import filled
from bihuan.kit.errors import InputError
from bihuan.standards.editions import LIBRARY, load_edition

pytestmark = pytest.mark.django_db
APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)


@pytest.fixture
def world(tmp_path: Path, settings) -> World:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    return filled(tmp_path / "archive")


def edition_with(tmp_path: Path, numbers: str) -> str:
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text(encoding="utf-8"))
    document["id"] = "mine"
    document["numbers"]["fairness"] = yaml.safe_load(numbers)
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return str(file)


def run(*arguments: str):
    return CliRunner().invoke(APP, ["fairness", *arguments])


WHY = "source: house, why: {zh: 试, en: trial}"
NUMBERS = f"""
flips_at_most: {{value: 0, unit: "%", {WHY}}}
shift_at_most: {{value: 0, unit: "%", {WHY}}}
least_contacts: {{value: 1, unit: contacts, {WHY}}}
burst: {{value: 3600, unit: s, {WHY}}}
"""


def test_every_check_is_tried_and_the_shipped_ones_hang_on_no_name_region_or_number(
    world: World, tmp_path: Path
) -> None:
    result = run("--edition", edition_with(tmp_path, NUMBERS), "--from", "2026-07-01", "--to", "2026-07-03", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert answer["conversations"] == 3
    assert {one["item"] for one in answer["items"]} == set(load_edition("recommended").checks)
    kinds = {kind["kind"] for one in answer["items"] for kind in one["kinds"]}
    assert {"region", "agent", "rows"} <= kinds <= set(KINDS)
    assert {one["fair"] for one in answer["items"]} == {True, None}  # None: it judged none of the three


def test_an_edition_without_limits_measures_and_judges_nothing(world: World, tmp_path: Path) -> None:
    result = run("--edition", edition_with(tmp_path, "{}"))
    assert (result.exit_code, "sets no limit" in result.stdout) == (0, True)


def test_above_the_limit_the_command_names_the_item_and_fails(world: World, tmp_path: Path) -> None:
    """A limit below nothing is passed by every check, so that no shipped check need be broken to show it."""
    broken = NUMBERS.replace("flips_at_most: {value: 0", "flips_at_most: {value: -1")
    result = run("--edition", edition_with(tmp_path, broken))
    assert (result.exit_code, "may not count: greeting" in result.stdout) == (1, True)
    assert "surname" not in result.stdout.split("may not count:")[1]  # it counts in no score


def test_the_same_conversations_are_drawn_every_time_and_no_more_than_asked(world: World) -> None:
    reader = Reader(world.archive)
    days = (None, None)
    assert drawn_talks(reader, days, 1).contacts.rows() == drawn_talks(reader, days, 1).contacts.rows()
    assert drawn_talks(reader, days, 1).contacts.height == 1


def test_without_days_the_newest_that_hold_as_many_are_drawn_from(world: World) -> None:
    reader = Reader(world.archive)
    drawn = {most: drawn_talks(reader, (None, None), most).contacts["day"].n_unique() for most in (1, 2, 3, 9)}
    assert drawn == {1: 1, 2: 2, 3: 3, 9: 3}


def test_days_without_conversations_are_bad_input(world: World) -> None:
    result = run("--edition", "recommended", "--from", "2020-01-01", "--to", "2020-01-02")
    assert isinstance(result.exception, InputError)


def test_an_edition_says_what_is_allowed_in_shares(tmp_path: Path) -> None:
    numbers = NUMBERS.replace('value: 0, unit: "%"', 'value: 2, unit: "%"')
    limits = limits_of(load_edition(Path(edition_with(tmp_path, numbers))))
    assert (limits.flips, limits.shift, limits.least, limits.confidence) == (0.02, 0.02, 1, 0.95)


def test_every_word_of_the_lists_has_its_reason_in_both_languages() -> None:
    document = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    entries = [entry for entries in document.values() for entry in entries]
    assert len(entries) > 15
    assert all(entry["why"]["zh"] and entry["why"]["en"] for entry in entries)
