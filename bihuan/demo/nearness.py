"""Which of several lines fits another one best, by the characters they share: keeps a talk to its own matter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_EMPTY: Final = frozenset("的了我您你请问吗呢啊是有在就都还一不没，。？！、这那个们要能可以怎么什")
_SLOT: Final = re.compile(r"\{\w+\}")
_ASIDE: Final = re.compile(r"^(?:请问|我要投诉，?|要?投诉，?)|，(?:麻烦|帮我|能|怎么|请|重新)[^，]*$")
_OWN_NUMBERS: Final = ("{order}", "{waybill}")
_SURELY: Final = 3  # shared signs from which on two lines speak of the same thing
_LONGEST_ECHO: Final = 18


@lru_cache(maxsize=65536)
def nearest(line: str, lines: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The lines that share most with `line`, best first, at most two, and how many signs the best one shares."""
    ranked = sorted(lines, key=lambda other: -_shared(line, other))
    return tuple(ranked[:2]), _shared(line, ranked[0])


@lru_cache(maxsize=65536)
def named(line: str, issues: tuple[str, ...], *, echo: bool) -> str:
    """How an agent names the matter that the customer brought up with `line`.

    The topic's own noun phrase where one fits; else, with `echo`, the customer's words turned round.
    """
    best, shared = nearest(line, issues)
    words = _ASIDE.sub("", line).replace("我们", "您").replace("我", "您")
    usable = echo and len(words) <= _LONGEST_ECHO and not any(slot in line for slot in _OWN_NUMBERS)
    return words if usable and shared < _SURELY and words[-1:] not in "吗呢吧" else best[0]


@lru_cache(maxsize=16384)
def _signs(line: str) -> frozenset[str]:
    slots = set(_SLOT.findall(line))
    text = _SLOT.sub("，", line)
    pairs = {text[at : at + 2] for at in range(len(text) - 1) if not set(text[at : at + 2]) & _EMPTY}
    return frozenset(pairs | slots | (set(text) - _EMPTY))


def _shared(one: str, other: str) -> int:
    return len(_signs(one) & _signs(other))
