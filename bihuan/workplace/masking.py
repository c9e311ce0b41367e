"""What of a text reaches a page: personal data starred out, nothing that could fool the eye, not endlessly much.

Every step keeps the length, so that offsets of evidence, which count code points of the original, stay true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bihuan.standards.checks.personal_data import Span, find, mask

LONGEST: Final = 20_000
"""Characters of one message that a page shows: far above any letter, far below what stops a browser."""
_MARGIN: Final = 200  # an address or number that crosses the cut is still found whole
_SIGN: Final = "\ufffd"
_UNSEEN: Final = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),  # marks that turn the reading direction of what follows
        *range(0x2066, 0x206A),
    ),
    _SIGN,
)


@dataclass(frozen=True)
class Shown:
    """A text ready for a page; `private` are the places of personal data, `rest` how many characters are left out."""

    text: str
    private: Sequence[Span] = field(default_factory=tuple)
    rest: int = 0


def shown(text: str | None, *, revealed: bool = False) -> Shown:
    """The text masked (or, once revealed, as it was said), control characters made visible, cut at LONGEST."""
    whole = text or ""
    part = whole[: LONGEST + _MARGIN]
    safe = (part if revealed else mask(part)).translate(_UNSEEN)
    return Shown(safe[:LONGEST], tuple(find(part)), max(len(whole) - LONGEST, 0))


def found_at(word: str, text: str) -> int:
    """Where a search may find the word in the text: at the first place where the page shows it, or where it is the whole
    of what is masked; -1 where there is none.

    A part of a masked number finds nothing, else searching for 138, 1381, 13812 … would spell it out (S2-6).
    """
    place = text.find(word)
    while place >= 0:
        start = max(place - _MARGIN, 0)
        part = text[start : place + len(word) + _MARGIN]
        if _is_open(part, place - start, place - start + len(word)):
            return place
        place = text.find(word, place + 1)
    return -1


def may_find(word: str, text: str) -> bool:
    """Whether a search for the word may find the text."""
    return found_at(word, text) >= 0


def _is_open(text: str, start: int, end: int) -> bool:
    touched = [span for span in find(text) if span.start < end and start < span.end]
    whole = all(start <= span.start and span.end <= end for span in touched)
    return whole or mask(text)[start:end] == text[start:end]


def masked(text: str | None, *, revealed: bool = False) -> str:
    """`shown` as a mere string, for single lines: subjects, remarks, cells."""
    return shown(text, revealed=revealed).text
