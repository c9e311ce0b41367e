"""The phrase bank: loaded once, mixed from the seen and the unseen part, asked by act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "phrases"
PARTS: Final = ("seen", "unseen")

Lines = tuple[str, ...]
Exchange = tuple[str, str]

_MATTER_LISTS: Final = ("issue", "neutral", "negative", "solved", "unsolved")
# what nobody says on the phone, and what nobody writes in a chat
_WRITTEN_ONLY: Final = re.compile(
    "在线客服|亲|截图|截个图|发图|图片|打字|链接|私信|留言|页面|这条消息|弹窗|戳|滴滴|对话框|窗口|回复一下|打个字|消息|[~～*（【☀-➿\U0001f000-\U0001faff]"
)
_EXACT: Final = re.compile(r"\{(?:amount|order_tail|waybill_tail|sku|moment)\}")
_SPOKEN_ONLY: Final = re.compile("来电|致电|电话里|听得清|听得到|声音|别挂|喂|通话")


@dataclass(frozen=True)
class Matter:
    """One matter of a topic: what the customer says of it, how it is named, and how it ends.

    `simple`: one question or look-up. `account`: True where solving it changes or tells account data, False where
    nothing in it touches any, None where a reader could see it either way.
    """

    issue: Lines
    neutral: Lines
    negative: Lines
    solved: Lines
    unsolved: Lines
    exchange: tuple[Exchange, ...]
    simple: bool = False
    account: bool | None = None


@dataclass(frozen=True)
class Bank:
    """`agent[act][way]` and `customer[act]` are tuples of lines; `topics[topic]` are its matters."""

    agent: dict[str, dict[str, Lines]]
    customer: dict[str, Lines]
    topics: dict[str, tuple[Matter, ...]]

    @cached_property
    def written(self) -> Bank:
        """The lines that may stand in a chat, a letter or a post."""
        return self._kept(lambda line: not _SPOKEN_ONLY.search(line))

    @cached_property
    def spoken(self) -> Bank:
        """The lines that may be heard on the phone."""
        return self._kept(lambda line: not _WRITTEN_ONLY.search(line))

    @cached_property
    def exact_asides(self) -> Lines:
        """The passing remarks that name a number, of which hardly two are alike."""
        return tuple(line for line in self.agent["aside"]["good"] if _EXACT.search(line))

    @cached_property
    def loose_asides(self) -> frozenset[str]:
        return frozenset(self.agent["aside"]["good"]) - set(self.exact_asides)

    def joined(self, other: Bank) -> Bank:
        return Bank(
            {
                act: {way: self.agent[act].get(way, ()) + other.agent.get(act, {}).get(way, ()) for way in ways}
                for act, ways in self.agent.items()
            },
            {act: lines + other.customer.get(act, ()) for act, lines in self.customer.items()},
            {topic: matters + other.topics.get(topic, ()) for topic, matters in self.topics.items()},
        )

    def _kept(self, fits: Callable[[str], bool]) -> Bank:
        def some(lines: Lines) -> Lines:
            return tuple(line for line in lines if fits(line)) or lines

        def matter(one: Matter) -> Matter:
            pairs = tuple(pair for pair in one.exchange if fits(pair[0]) and fits(pair[1])) or one.exchange
            lists: dict[str, Any] = {name: some(getattr(one, name)) for name in _MATTER_LISTS}
            return replace(one, exchange=pairs, **lists)

        return Bank(
            {act: {way: some(lines) for way, lines in ways.items()} for act, ways in self.agent.items()},
            {act: some(lines) for act, lines in self.customer.items()},
            {topic: tuple(matter(one) for one in matters) for topic, matters in self.topics.items()},
        )


@cache
def load_bank(part: str = "both") -> Bank:
    """The bank `seen`, `unseen`, or both together. FileNotFoundError where the part was not written."""
    if part == "both":
        seen = _load("seen")
        return seen.joined(_load("unseen")) if has_part("unseen") else seen
    return _load(part)


def has_part(part: str) -> bool:
    return (FOLDER / part / "agent.yaml").exists()


def _load(part: str) -> Bank:
    folder = FOLDER / part
    agent = {act: _ways(ways) for act, ways in _read(folder / "agent.yaml").items()}
    customer = {act: tuple(lines) for act, lines in _read(folder / "customer.yaml").items()}
    topics = {path.stem: _matters(_read(path)) for path in sorted((folder / "topics").glob("*.yaml"))}
    return Bank(agent, customer, topics)


def _ways(ways: dict[str, list[str]]) -> dict[str, Lines]:
    return {way: tuple(lines) for way, lines in ways.items()}


def _matters(content: dict[str, Any]) -> tuple[Matter, ...]:
    """A topic's matters by name; a file that is one matter need not name it."""
    named = [content] if "issue" in content else list(content.values())
    return tuple(_matter(one) for one in named)


def _matter(one: dict[str, Any]) -> Matter:
    return Matter(
        exchange=tuple((question, answer) for question, answer in one["exchange"]),
        simple=bool(one.get("simple", False)),
        account=one.get("account"),
        **{name: tuple(one[name]) for name in _MATTER_LISTS},
    )


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
