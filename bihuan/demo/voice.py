"""Turns written words into what a transcript of a call holds: no punctuation, a filler here and there."""

from __future__ import annotations

import re
from random import Random
from typing import Final

_UNSPOKEN: Final = str.maketrans("", "", "，。？！、；：“”,.?!;:\n")
_FILLERS: Final = ("嗯", "那个", "呃", "就是", "啊")
_PRINTED: Final = re.compile("[0-9a-z]{2}", re.ASCII)
_FILLER_SHARE: Final = 0.3


def spoken(text: str, rnd: Random) -> str:
    """The transcript of a sentence. Points inside amounts and addresses stay, as a recogniser writes 12.50 and qq.com."""
    parts = text.split(".")
    kept = parts[0]
    for part in parts[1:]:
        kept += ("." if _PRINTED.fullmatch(kept[-1:] + part[:1]) else "") + part
    words = kept.replace(".", "\0").translate(_UNSPOKEN).replace("\0", ".")
    return f"{rnd.choice(_FILLERS)}{words}" if rnd.random() < _FILLER_SHARE else words
