"""Turns written words into what a transcript of a call holds: no punctuation, a filler here and there."""

from __future__ import annotations

from random import Random
from typing import Final

_UNSPOKEN: Final = str.maketrans("", "", "，。？！、；：“”,.?!;:\n")
_FILLERS: Final = ("嗯", "那个", "呃", "就是", "啊")
_FILLER_SHARE: Final = 0.3


def spoken(text: str, rnd: Random) -> str:
    """The transcript of a sentence. Decimal points stay, as a recogniser writes 12.50 for an amount."""
    parts = text.split(".")
    kept = parts[0]
    for part in parts[1:]:
        kept += ("." if kept[-1:].isdigit() and part[:1].isdigit() else "") + part
    words = kept.replace(".", "\0").translate(_UNSPOKEN).replace("\0", ".")
    return f"{rnd.choice(_FILLERS)}{words}" if rnd.random() < _FILLER_SHARE else words
