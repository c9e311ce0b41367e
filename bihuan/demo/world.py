"""The demo installation's own memory: which world was made, until which day, and the accounts to show."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bihuan.demo.plan import Rules

DAYS = 90
FIRST_DAYS = 14


@dataclass(frozen=True)
class World:
    """The arguments of the made world; `accounts` are (role, staff number, name, password), one per role."""

    end: date
    days: int = DAYS
    agents: int = 60
    scale: float = 1.0
    seed: int = 7
    accounts: tuple[tuple[str, str, str, str], ...] = field(default=(), repr=False)

    @property
    def rules(self) -> Rules:
        return Rules(self.agents, self.scale, self.seed)

    @property
    def all_days(self) -> list[date]:
        """Every day of the world, newest first: what people look at first is there first."""
        return [self.end - timedelta(days=back) for back in range(self.days)]

    @property
    def first_days(self) -> list[date]:
        """The days that are there before anybody is shown the site."""
        return self.all_days[:FIRST_DAYS]


def load_world(home: Path) -> World | None:
    """The world of this installation, None before it was made."""
    path = _path(home)
    if not path.exists():
        return None
    values = json.loads(path.read_text(encoding="utf-8"))
    accounts = tuple(tuple(account) for account in values.pop("accounts"))
    return World(end=date.fromisoformat(values.pop("end")), accounts=accounts, **values)


def keep_world(home: Path, world: World) -> None:
    """Remember the world; readable by the owner alone, because it holds the demo's passwords."""
    home.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(world) | {"end": world.end.isoformat()}, ensure_ascii=False, indent=1)
    partial = _path(home).with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(_path(home))


def _path(home: Path) -> Path:
    return home / "demo.json"
