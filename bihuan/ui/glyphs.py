"""Which characters the font of printed documents can draw, and texts in which everything it cannot draw is named.

The typesetter draws an empty box for a character its fonts lack and says nothing. The font's own table of characters
is therefore asked first: text of people has such characters replaced, visibly; text of our own that holds one is a bug.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Final

FOLDER: Final = Path(str(resources.files("manimgx_fonts_cjk")))
FAMILY: Final = "Noto Sans CJK SC"
# They join or vary their neighbours and have no ink of their own; what they act on is drawn or named without them.
_INKLESS: Final = frozenset((0xAD, 0xFEFF, *range(0x200B, 0x2010), 0x2060, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))  # fmt: skip
# They turn the order of what stands beside them: a name may not be made to read as another.
_TURNING: Final = frozenset((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C))
NAMED: Final = "〔U+"  # how the name of a character begins that cannot be drawn
_LINES: Final = frozenset(map(ord, "\n\t"))
_LONGEST: Final = 24  # characters without a place to break a line, as in an address
_UNBROKEN: Final = re.compile(rf"[!-~]{{{_LONGEST}}}(?=[!-~])")
_BREAK: Final = "\u200b"
_FULL_REPERTOIRE: Final = 12  # the format of a table that reaches beyond the first 65,536 code points


@cache
def drawable() -> frozenset[int]:
    """Code points the font has a glyph for."""
    files = sorted(FOLDER.glob("*.tt[cf]")) + sorted(FOLDER.glob("*.otf"))
    return frozenset(chain.from_iterable(_code_points(file.read_bytes()) for file in files)) - _TURNING


def lacking(text: str) -> list[str]:
    """The characters of a text that would leave an empty box, each once."""
    known = drawable()
    return sorted({sign for sign in text if ord(sign) not in known and ord(sign) not in _INKLESS | _LINES})


def printable(text: str) -> str:
    """The text as it can be printed: `好的😀` → `好的〔U+1F600〕`. Long words get places to break."""
    if text.isascii() and text.isprintable():
        return _breakable(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    missing = set(map(ord, lacking(text)))
    pieces: list[str] = []
    named: list[str] = []
    for code in map(ord, text):
        if code in missing:
            named.append(f"U+{code:04X}")
        elif code not in _INKLESS:
            pieces += [_told(named), chr(code)]
            named = []
    return _breakable("".join([*pieces, _told(named)]))


def _told(named: list[str]) -> str:
    return f"〔{' '.join(named)}〕" if named else ""


def _breakable(text: str) -> str:
    return _UNBROKEN.sub(lambda found: found.group() + _BREAK, text)


def _code_points(font: bytes) -> Iterator[int]:
    """Of every face of a font file; faces that share a table are read once."""
    count = struct.unpack_from(">L", font, 8)[0] if font[:4] == b"ttcf" else 0
    faces = struct.unpack_from(f">{count}L", font, 12) if count else (0,)
    for table in {_table(font, face, b"cmap") for face in faces}:
        for offset in {place for *_, place in struct.iter_unpack(">HHL", _encodings(font, table))}:
            yield from _mapped(font, table + offset)


def _table(font: bytes, face: int, tag: bytes) -> int:
    number = struct.unpack_from(">H", font, face + 4)[0]
    records = struct.iter_unpack(">4sLLL", font[face + 12 : face + 12 + number * 16])
    return next(offset for name, _, offset, _ in records if name == tag)


def _encodings(font: bytes, table: int) -> bytes:
    number = struct.unpack_from(">H", font, table + 2)[0]
    return font[table + 4 : table + 4 + number * 8]


def _mapped(font: bytes, table: int) -> Iterator[int]:
    kind, _, _, _, groups = struct.unpack_from(">HHLLL", font, table)
    if kind == _FULL_REPERTOIRE:
        for first, last, glyph in struct.iter_unpack(">LLL", font[table + 16 : table + 16 + groups * 12]):
            yield from range(first if glyph else first + 1, last + 1)
