"""A month of three people in two channels and two teams, and editions for a part of them; totals anybody can work out."""

from __future__ import annotations

import json
from pathlib import Path

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.tests.record import MONTH, Served, judge, tell
from bihuan.archive.tests.record_world import World, at
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.rules.edition import Edition

# 8001 is of team east for three days and of west after them
MONTHS = {
    "8001": [
        Served(0, "good", 5),
        Served(0, "fatal", 1, channel="phone"),
        Served(1, "good", 3, complained=True),
        Served(4, "fatal", 5),
    ],
    "8002": [Served(0, "good", 5)],
    "8003": [Served(0, "good", 4, channel="phone")],
}
MOVED = at(3 * 86_400)


def parted(root: Path) -> World:
    world = World(root)
    tell(world, MONTHS, {"8002": "west"})
    world.staff(
        {"agent_key": "8001", "person": "8001", "name": "甲", "team": "east", "to_us": MOVED},
        {"agent_key": "8001", "person": "8001", "name": "甲", "team": "west", "from_us": MOVED},
        {"agent_key": "8002", "person": "8002", "name": "乙", "team": "west"},
        {"agent_key": "8003", "person": "8003", "name": "丙", "team": "east"},
    )
    world.refresh()
    judge(world, MONTHS, load_edition("recommended"))
    return world


def written(folder: Path, **part: list[str]) -> Path:
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace("id: recommended", "id: ours", 1)
    file = folder / "ours.yaml"
    file.write_text(text.replace("\ncalendar:", f"\napplies_to: {json.dumps(part)}\ncalendar:", 1), encoding="utf-8")
    return file


def appraised(world: World, edition: Edition, ref: str) -> ResultSet:
    """The month under an edition whose verdicts are those the contacts were given."""
    judge(world, MONTHS, edition)
    return appraise_month("system:test", month=MONTH, edition=edition, edition_ref=ref)


def of_part(world: World, folder: Path, **part: list[str]) -> ResultSet:
    file = written(folder, **part)
    return appraised(world, load_edition(file), str(file))
