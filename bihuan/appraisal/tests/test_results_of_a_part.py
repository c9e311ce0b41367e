"""A month under an edition for a part of the department: its contacts and its people alone, and the results say so."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bihuan.appraisal import commands
from bihuan.appraisal.actions import NobodyInThePart, content_of
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.printing import scope_words
from bihuan.appraisal.queries import contact_scores, day_scores, set_in_use
from bihuan.appraisal.tests.part_world import MONTHS, appraised, of_part, parted, written
from bihuan.appraisal.tests.record import MONTH, judge
from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.tree import ScoreNode

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.TIME_ZONE, settings.ARCHIVE_ROOT = "Asia/Shanghai", tmp_path / "archive"
    return parted(tmp_path / "archive")


def total_of(kept: ResultSet, person: str = "8001") -> Result:
    return kept.results.get(person=person, scheme="service_quality_month")


def terms(result: Result) -> dict[str, tuple[Decimal | None, int]]:
    nodes = ScoreNode.from_json(result.tree).walk()
    return {node.id: (node.value, node.n) for node in nodes if node.kind == "term"}


def test_S3_14_a_total_under_an_edition_for_a_part_counts_only_its_contacts(world, tmp_path) -> None:
    whole = appraised(world, load_edition("recommended"), "recommended")
    part = of_part(world, tmp_path, channel=["chat"], team=["east"])
    # all four contacts: days of 50, 100 and 0; ratings 5, 1, 3, 5; one complaint of four
    assert terms(total_of(whole)) == {"daily": (50, 4), "satisfaction": (50, 4), "complaints": (75, 4)}
    assert total_of(whole).total == Decimal("55.000")  # 50 × 0.6 + 50 × 0.2 + 75 × 0.2
    # the chats served in team east: days of 100 and 100; ratings 5 and 3; one complaint of two
    assert terms(total_of(part)) == {"daily": (100, 2), "satisfaction": (50, 2), "complaints": (50, 2)}
    assert total_of(part).total == Decimal("80.000")  # 100 × 0.6 + 50 × 0.2 + 50 × 0.2
    assert (total_of(part).contacts, total_of(part).fatal_contacts) == (2, 0)


def test_S3_14_only_people_who_served_in_the_part_have_a_result_and_their_team_is_that_of_it(world, tmp_path) -> None:
    east = of_part(world, tmp_path, team=["east"])
    assert sorted({(one.person, one.team) for one in east.results.all()}) == [("8001", "east"), ("8003", "east")]
    west = of_part(world, tmp_path, team=["west"])
    assert sorted({(one.person, one.team) for one in west.results.all()}) == [("8001", "west"), ("8002", "west")]
    assert [(one.day.day, one.value, one.n) for one in day_scores(total_of(west))] == [(5, Decimal(0), 1)]


def test_results_say_what_was_of_the_part_and_why_the_rest_was_not(world, tmp_path) -> None:
    kept = of_part(world, tmp_path, channel=["chat"], team=["east"])
    assert kept.scope == {  # beside those of the three people a test that nobody served
        "applies_to": {"channel": ["chat"], "team": ["east"]},
        "contacts": 7,
        "inside": 2,
        "outside": {"channel": 2, "team": 2, "no_team": 1},
    }
    assert total_of(kept).scope == {
        "contacts": 4, "inside": 2, "outside": {"channel": 1, "team": 1}, "days": 3, "days_inside": 2,
    }  # fmt: skip


def test_a_name_of_the_part_that_no_contact_of_the_month_has_is_kept_and_told(world, tmp_path) -> None:
    kept = of_part(world, tmp_path, channel=["chat", "email"], team=["east", "esat"])
    assert kept.scope["unmet"] == {"channel": ["email"], "team": ["esat"]}
    assert scope_words(kept.scope, head="Only these").endswith("No contact is of channel e-mail; team esat.")


def test_the_part_is_no_ground_for_what_the_month_shows_and_others_stay_byte_for_byte(world, tmp_path) -> None:
    whole = appraised(world, load_edition("recommended"), "recommended")
    part = of_part(world, tmp_path, channel=["chat"])
    assert (part.by_edition_in_use, set_in_use(MONTH)) == (False, whole)
    again = appraised(world, load_edition("recommended"), "recommended")
    assert again.content == whole.content
    assert (whole.scope, total_of(whole).scope) == ({}, {})
    assert content_of(Reader(world.archive), load_edition("recommended"), MONTH) == whole.content


def test_the_lowest_contacts_are_those_of_the_part(world, tmp_path) -> None:
    phone = of_part(world, tmp_path, channel=["phone"])
    assert [one.contact_id for one in contact_scores(total_of(phone), MONTH)] == ["8001-1"]
    chat = of_part(world, tmp_path, channel=["chat"])
    assert [one.contact_id for one in contact_scores(total_of(chat), MONTH)] == ["8001-0"]


def test_a_part_in_which_nobody_served_is_refused_by_its_name(world, tmp_path) -> None:
    with pytest.raises(NobodyInThePart, match="business line loans"):
        of_part(world, tmp_path, business_line=["loans"])


def run(*arguments: str) -> str:
    app = typer.Typer()
    commands.mount(app)
    result = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_commands_say_the_part_in_words(world, tmp_path) -> None:
    file = written(tmp_path, channel=["chat"], team=["east"])
    judge(world, MONTHS, load_edition(file))
    told = run("appraise", "2026-07", "--edition", str(file))
    assert "Only channel chat; team east: 2 of 7 contacts." in told
    assert "Not counted: another channel 2, another team 2, team not known 1." in told
    opened = run("explain", "2026-07/8001", "--edition", str(file))
    assert "2 of 4 contacts, on 2 of 3 days" in " ".join(opened.split())
    answer = json.loads(run("explain", "2026-07/8001", "--edition", str(file), "--json"))
    assert (answer["scope"]["inside"], answer["scope_of_person"]["days_inside"]) == (2, 2)


def test_a_replay_under_a_part_compares_both_editions_on_the_part(world, tmp_path) -> None:
    """8001 has 80 on the part under either text, not 55 against 80: the phone calls and team west are in neither."""
    file = written(tmp_path, channel=["chat"], team=["east"])
    for edition in (load_edition(file), load_edition("recommended")):
        judge(world, MONTHS, edition)
    told = run("replay", "2026-07", "--edition", str(file))
    assert "Both on channel chat; team east alone: 2 of 7 contacts." in told
    assert "Nobody moves" in told
    answer = json.loads(run("replay", "2026-07", "--edition", str(file), "--json"))
    places = [(one["person"], one["before"]["total"], one["after"]["total"]) for one in answer["moves"]]
    assert places == [("8001", "80.00", "80.00")]
    assert answer["scope"]["applies_to"] == {"channel": ["chat"], "team": ["east"]}
