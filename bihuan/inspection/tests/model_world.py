"""A judged day, an edition that asks a model one thing about it, and a service that answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions.model_judging import DayTold, ask_model
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.model_judge.asking import Timing
from bihuan.inspection.tests.desk_world import DAY, lived_day
from bihuan.inspection.tests.model_stub import Stub, serving
from bihuan.standards.choosing import choose_edition
from bihuan.standards.editions import LIBRARY
from bihuan.standards.rules.edition import Edition

SYSTEM = "system:test"
GOOD = "已经为您催促物流"
QUESTION = {
    "label": {"zh": "主动跟进", "en": "Acts unasked"},
    "severity": "minor",
    "source": "house",
    "counts": False,
    "definition": {
        "question": {"zh": "客服有没有主动跟进？", "en": "Did the agent act unasked?"},
        "answers": {
            "acted": {"verdict": "met", "label": {"zh": "主动跟进", "en": "acted"}},
            "waited": {"verdict": "violated", "label": {"zh": "没有跟进", "en": "waited"}},
            "unclear": {"verdict": "cannot_tell", "label": {"zh": "看不出", "en": "unclear"}},
        },
        "evidence": {"speaker": "agent", "what": {"zh": "说明跟进的原话", "en": "The words that say so"}},
        "examples": [
            {"verdict": "met", "messages": ["C: 没到", "A: 已经帮您催了"]},
            {"verdict": "violated", "messages": ["C: 没到", "A: 等着"]},
        ],
    },
}


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.sleep)


def edition_file(folder: Path, **checks: Any) -> str:
    """`recommended` with the question, as a file."""
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text("utf-8"))
    document["id"] = "asking"
    document["checks"] |= {"follows_up": QUESTION, **checks}
    file = folder / "asking.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(file)


@dataclass
class Scene:
    """Everything a test of the model judge needs."""

    world: World
    edition: Edition
    ref: str
    stub: Stub
    clock: Clock
    monkeypatch: pytest.MonkeyPatch

    def set(self, **more: str) -> None:
        for name, value in self.stub.environment(**more).items():
            self.monkeypatch.setenv(name, value)

    def ask(self) -> DayTold:
        return ask_model(SYSTEM, days=[DAY], edition=self.ref, timing=self.clock.timing)[0]

    def rows(self) -> dict[str, dict[str, Any]]:
        """The day's verdicts of the question, by contact."""
        table = Reader(self.world.archive).verdicts(self.edition.hash, days=(DAY, DAY), items=["follows_up"])
        return {row["contact_id"]: row for row in table.to_pylist()}

    def verdicts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.rows().values():
            key = f"{row['verdict']} {row['reason']}"
            found[key] = found.get(key, 0) + 1
        return found


@pytest.fixture(scope="session")
def asking_folder(tmp_path_factory) -> Path:
    """Three chats, judged; their two agents are starred out, so that they are one conversation to the model."""
    folder = tmp_path_factory.mktemp("asking")
    world = lived_day(folder / "archive", contacts=3)
    ensure_judged(world.archive, choose_edition(edition_file(folder)), [DAY])
    return folder


@pytest.fixture
def scene(tmp_path: Path, asking_folder: Path, settings, monkeypatch, db) -> Iterator[Scene]:
    shutil.copytree(asking_folder, tmp_path, dirs_exist_ok=True)
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    ref = str(tmp_path / "asking.yaml")
    with serving() as stub:
        found = Scene(World(tmp_path / "archive"), choose_edition(ref), ref, stub, Clock(), monkeypatch)
        found.set()
        yield found
