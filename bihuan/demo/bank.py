"""The phrase bank: loaded once, mixed from the seen and the unseen part, asked by act."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "phrases"
PARTS: Final = ("seen", "unseen")

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Bank:
    """`agent[act][way]`, `customer[act]` and `topics[topic][act]` are tuples of lines; exchanges are pairs."""

    agent: dict[str, dict[str, Lines]]
    customer: dict[str, Lines]
    topics: dict[str, dict[str, tuple[Any, ...]]]

    def joined(self, other: Bank) -> Bank:
        return Bank(
            {
                act: {way: self.agent[act].get(way, ()) + other.agent.get(act, {}).get(way, ()) for way in ways}
                for act, ways in self.agent.items()
            },
            {act: lines + other.customer.get(act, ()) for act, lines in self.customer.items()},
            {
                topic: {act: lines + other.topics.get(topic, {}).get(act, ()) for act, lines in acts.items()}
                for topic, acts in self.topics.items()
            },
        )


@cache
def load_bank(part: str = "both") -> Bank:
    """The bank `seen`, `unseen`, or both together."""
    if part == "both":
        seen, unseen = _load("seen"), _load("unseen")
        return seen.joined(unseen) if unseen else seen
    bank = _load(part)
    if bank is None:
        raise FileNotFoundError(FOLDER / part)
    return bank


def _load(part: str) -> Bank | None:
    folder = FOLDER / part
    if not (folder / "agent.yaml").exists():
        return None
    agent = {
        act: {way: tuple(lines) for way, lines in ways.items()} for act, ways in _read(folder / "agent.yaml").items()
    }
    customer = {act: tuple(lines) for act, lines in _read(folder / "customer.yaml").items()}
    topics = {path.stem: _topic(_read(path)) for path in sorted((folder / "topics").glob("*.yaml"))}
    return Bank(agent, customer, topics)


def _topic(acts: dict[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    return {
        act: tuple(tuple(line) if isinstance(line, list) else line for line in lines) for act, lines in acts.items()
    }


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
