"""An edition for a part of the department judges the contacts of that part and says nothing about the others."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.inspection.commands import mount
from bihuan.inspection.fairness.suite import drawn_talks
from bihuan.inspection.judging import judge_days
from bihuan.kit.errors import InputError
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.rules.edition import AppliesTo, Edition

FIRST, SECOND = date(2026, 7, 1), date(2026, 7, 2)
DAYS = (FIRST, SECOND)
DAY_S = 86_400
# contact: (day, channel, business line, who served it); 8001 is of team east on the first day and of west on the second
TOLD = {
    "a-chat-east": (0, "chat", "loans", "8001"),
    "b-phone-east": (0, "phone", "loans", "8001"),
    "c-chat-west": (0, "chat", "cards", "8002"),
    "d-chat-moved": (1, "chat", "loans", "8001"),
    "e-no-line": (1, "chat", None, "8002"),
    "f-nobody": (1, "chat", "loans", None),
}


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "record", "Asia/Shanghai"
    return filled(tmp_path / "record")


def filled(root: Path) -> World:
    world = World(root)
    for number, (key, (day, channel, line, who)) in enumerate(TOLD.items()):
        start = day * DAY_S + number * 600
        said = [("customer", start), *([(who, start + 5)] if who else [])]
        world.tell(
            contacts=[contact(key, start, start + 90, channel=channel, business_line=line)],
            messages=[row | {"text": "您好", "kind": "text"} for row in chat(*said, contact_id=key)],
            events=course(("accepted", start + 1, who), contact_id=key) if who else [],
        )
    moved = at(DAY_S)
    world.staff(
        {"agent_key": "8001", "person": "8001", "name": "甲", "team": "east", "to_us": moved},
        {"agent_key": "8001", "person": "8001", "name": "甲", "team": "west", "from_us": moved},
        {"agent_key": "8002", "person": "8002", "name": "乙", "team": "west"},
    )
    world.refresh()
    return world


def written(folder: Path, **part: list[str]) -> Path:
    """The usual edition under another name, for this part."""
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace("id: recommended", "id: ours", 1)
    file = folder / f"{'-'.join(part)}.yaml"
    file.write_text(text.replace("\ncalendar:", f"\napplies_to: {json.dumps(part)}\ncalendar:", 1), encoding="utf-8")
    return file


def edition_for(folder: Path, **part: list[str]) -> Edition:
    return load_edition(written(folder, **part))


def judged(world: World, edition: Edition) -> list[str]:
    rows = Reader(world.archive).verdicts(edition.hash).to_pylist()
    return sorted({row["contact_id"] for row in rows})


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"channel": ["phone"]}, ["b-phone-east"]),
        ({"channel": ["chat"], "business_line": ["loans"]}, ["a-chat-east", "d-chat-moved", "f-nobody"]),
        ({"team": ["west"]}, ["c-chat-west", "d-chat-moved", "e-no-line"]),
        ({"team": ["east", "west"], "business_line": ["cards"]}, ["c-chat-west"]),
        ({"channel": ["email"]}, []),
    ],
)
def test_only_contacts_of_the_part_get_a_verdict_and_the_team_is_that_of_the_day(world, tmp_path, part, expected):
    edition = edition_for(tmp_path, **part)
    told = list(judge_days(world.archive, edition, DAYS))
    assert judged(world, edition) == expected
    assert sum(contacts for _day, contacts in told) == len(expected)


def test_verdicts_of_the_part_are_those_the_same_edition_gives_for_everybody(world, tmp_path):
    """Judged anew, or taken over from the edition for everybody: the same rows."""
    whole, part = load_edition("recommended"), edition_for(tmp_path, team=["west"])
    list(judge_days(world.archive, whole, DAYS))
    list(judge_days(world.archive, part, DAYS))
    anew = rows_of(world, part)
    assert anew == [row for row in rows_of(world, whole) if row["contact_id"] in judged(world, part)]
    fresh = filled(tmp_path / "fresh")
    list(judge_days(fresh.archive, whole, DAYS))
    list(judge_days(fresh.archive, part, DAYS, like=[whole]))
    assert rows_of(fresh, part) == anew


def test_verdicts_of_a_part_are_not_taken_over_as_if_they_were_of_the_whole(world, tmp_path):
    part, other = edition_for(tmp_path, channel=["chat"]), edition_for(tmp_path, team=["west"])
    list(judge_days(world.archive, part, DAYS))
    list(judge_days(world.archive, load_edition("recommended"), DAYS, like=[part]))
    assert judged(world, load_edition("recommended")) == sorted(TOLD)
    list(judge_days(world.archive, other, DAYS, like=[part]))
    assert judged(world, other) == ["c-chat-west", "d-chat-moved", "e-no-line"]


def rows_of(world: World, edition: Edition) -> list[dict[str, Any]]:
    rows = Reader(world.archive).verdicts(edition.hash).to_pylist()
    return sorted(
        ({**row, "edition": ""} for row in rows), key=lambda row: (row["day"], row["contact_id"], row["item"])
    )


@pytest.mark.django_db
def test_the_command_says_how_many_contacts_were_not_of_the_part_and_why(world, tmp_path):
    file = written(tmp_path, channel=["chat"], business_line=["loans"], team=["east"])
    days = ["--from", str(FIRST), "--to", str(SECOND), "--edition", str(file)]
    app = typer.Typer()
    mount(app)
    app.command("other")(lambda: None)
    told = CliRunner().invoke(app, ["judge", *days], catch_exceptions=False).stdout
    assert "Judged 1 contacts of 2 days" in told
    assert "for channel chat; business line loans; team east: 1 of 6 contacts." in told
    reasons = (
        "another channel 1, another business line 1, another team 1, business line not recorded 1, team not known 1"
    )
    assert f"Not judged: {reasons}." in told
    answer = json.loads(CliRunner().invoke(app, ["judge", *days, "--json"], catch_exceptions=False).stdout)
    assert answer["scope"] == {
        "applies_to": {"channel": ["chat"], "business_line": ["loans"], "team": ["east"]},
        "contacts": 6,
        "inside": 1,
        "outside": {"channel": 1, "business_line": 1, "team": 1, "no_business_line": 1, "no_team": 1},
    }


def test_a_part_covers_what_lies_in_it_and_meets_what_both_have():
    chat_, both = AppliesTo(channel=("chat",)), AppliesTo(channel=("chat", "phone"))
    east = AppliesTo(team=("east",))
    assert AppliesTo().covers(chat_)
    assert both.covers(chat_)
    assert not chat_.covers(both)
    assert not chat_.covers(AppliesTo())
    assert not chat_.covers(east)
    assert both.meet(chat_) == chat_
    assert chat_.meet(east) == AppliesTo(channel=("chat",), team=("east",))
    assert chat_.meet(AppliesTo(channel=("phone",))) is None


@pytest.mark.django_db
def test_a_name_that_no_contact_has_is_told(world, tmp_path):
    file = written(tmp_path, channel=["chat"], team=["west", "wset"])
    app = typer.Typer()
    mount(app)
    app.command("other")(lambda: None)
    days = ["--from", str(FIRST), "--to", str(SECOND), "--edition", str(file)]
    told = CliRunner().invoke(app, ["judge", *days], catch_exceptions=False).stdout
    assert "3 of 6 contacts" in told
    assert "No contact is of team wset." in told


def test_exchanges_are_tried_in_conversations_of_the_part_alone(world):
    reader, part = Reader(world.archive), AppliesTo(team=("west",))
    drawn = {most: drawn_talks(reader, (None, None), most, part).contacts["contact_id"].to_list() for most in (1, 9)}
    assert sorted(drawn[9]) == ["c-chat-west", "d-chat-moved", "e-no-line"]
    assert set(drawn[1]) < {"d-chat-moved", "e-no-line"}  # the newest day holds enough
    with pytest.raises(InputError, match="no conversations"):
        drawn_talks(reader, (FIRST, SECOND), 9, AppliesTo(channel=("email",)))
