"""Longer messages for the training: lines of a key and common speech joined as people join them.

A model that has only seen single short lines finds its key in any long message; one that has seen both does not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import yaml

_JOINTS: Final = ("，", "，", "。", "", " ", "\n")
_PAIRS: Final = 1800
_LONGEST: Final = 3


@dataclass(frozen=True)
class Composed:
    """Lines beside a key's own: `texts` with their truth, and which of the own lines each was made from (−1: of none)."""

    texts: tuple[str, ...]
    truth: tuple[int, ...]
    origins: tuple[int, ...]

    @classmethod
    def of(cls, own: Sequence[str], positives: int, common: Sequence[str], others: Sequence[str]) -> Composed:
        """Common speech and other keys' lines alone and joined, and each own line joined to common speech; the first
        `positives` of `own` are of the key. The same lines give the same messages."""
        draw = random.Random(7)  # noqa: S311 - a repeatable training, no secret
        made = [(text, 0, -1) for text in (*common, *others)]
        plain = [*common, *draw.sample(list(others), min(len(common), len(others)))]
        for _ in range(_PAIRS if plain else 0):
            made.append((_joined(draw, [draw.choice(plain) for _ in range(draw.randint(2, _LONGEST))]), 0, -1))
        for place, line in enumerate(own):
            if common:
                parts = [line, draw.choice(common)]
                draw.shuffle(parts)
                made.append((_joined(draw, parts), int(place < positives), place))
        texts, truth, origins = zip(*made, strict=True) if made else ((), (), ())
        return cls(texts, truth, origins)


def background(speaker: str) -> list[str]:
    """What the speaker (`agent` or `customer`) says in any talk."""
    text = resources.files("bihuan.standards.checks").joinpath("corpus/background.yaml").read_text("utf-8")
    lines: list[str] = yaml.safe_load(text)[speaker]
    return lines


def _joined(draw: random.Random, parts: Sequence[str]) -> str:
    return draw.choice(_JOINTS).join(parts)
