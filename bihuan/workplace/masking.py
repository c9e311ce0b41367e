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


def masked(text: str | None, *, revealed: bool = False) -> str:
    """`shown` as a mere string, for single lines: subjects, remarks, cells."""
    return shown(text, revealed=revealed).text
