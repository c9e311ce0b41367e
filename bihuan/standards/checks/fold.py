"""Matching text: full-width letters to half-width, capitals to small ones, traditional characters to simplified.

Every fold is one code point to one code point, so a position in the folded text is the position in the original.
Chinese punctuation stays: patterns name both widths where they need them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_KEPT: Final = "，！？：；（）～"


def storable(text: str) -> str:
    """`text` with lone surrogates replaced one to one: they cannot be written as UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def fold(text: str) -> str:
    """The matching form of `text`; as many code points as `text`."""
    return text.translate(_table())


def fold_column(texts: pl.Series) -> pl.Series:
    """`fold` of every text; rows without anything to fold are not touched."""
    rows = texts.str.contains(_foldable()).fill_null(False).arg_true()
    if not len(rows):
        return texts
    return texts.clone().scatter(rows, texts.gather(rows).str.replace_many(*_replacements()))


@cache
def _table() -> dict[int, int]:
    table = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
    for code in range(0xFF01, 0xFF5F):
        if chr(code) not in _KEPT:
            half = code - 0xFEE0
            table[code] = table.get(half, half)
    table[0x3000] = 0x20
    table[0x10FFFD] = 0xFFFD  # the scan uses this character as a mark
    pairs = resources.files("bihuan.standards.checks").joinpath("wording/traditional.txt").read_text("utf-8").split()
    table.update({ord(pair[0]): ord(pair[1]) for pair in pairs})
    return table


@cache
def _replacements() -> tuple[list[str], list[str]]:
    return [chr(code) for code in _table()], [chr(code) for code in _table().values()]


@cache
def _foldable() -> str:
    return "[" + "".join(re.escape(chr(code)) for code in sorted(_table())) + "]"
