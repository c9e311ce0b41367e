"""Masking for pages, exports and the API: enough stays to recognise a number one knows, not enough to learn it."""

from __future__ import annotations

from typing import Final

import polars as pl

from bihuan.standards.checks.personal_data.detection import find
from bihuan.standards.checks.personal_data.prefilter import may_hold
from bihuan.standards.checks.personal_data.spans import (
    ADDRESS,
    BANK_CARD,
    EMAIL,
    ID_CARD,
    MOBILE,
    ORDER,
    PASSPORT,
    Span,
)

_STAR: Final = "*"
# places kept in front and at the end
_KEPT: Final = {MOBILE: (3, 4), ID_CARD: (3, 4), BANK_CARD: (4, 4), ORDER: (4, 4), PASSPORT: (1, 2)}
_REGION_MARKS: Final = "省市区县州旗"


def mask(text: str | None) -> str:
    """The text with every piece of personal data starred out, equally long (138****5621); None becomes empty."""
    if not text:
        return ""
    chars = list(text)
    for span in find(text):
        for place in _hidden(text, span):
            chars[place] = _STAR
    return "".join(chars)


def masked_key(key: str | None) -> str:
    """An identifier that those who know it recognise (C0****23) and nobody else learns; None becomes empty."""
    if not key:
        return ""
    return f"{key[:2]}****{key[-2:]}" if len(key) > len("0000") else "****"


def _hidden(text: str, span: Span) -> list[int]:
    if span.kind == EMAIL:
        at = next((i for i in range(span.start, span.end) if text[i] in "@＠(（[艾"), span.end)
        return list(range(span.start + 1, at)) or [span.start]
    if span.kind == ADDRESS:
        return _hidden_of_address(text, span)
    front, back = _KEPT[span.kind]
    places = [i for i in range(span.start, span.end) if text[i].isalnum() or text[i] in "○"]
    if len(places) <= front + back:
        front, back = 1, 2
    return places[front : len(places) - back]


def _hidden_of_address(text: str, span: Span) -> list[int]:
    """Province, city and district stay; street, building and room go."""
    keep = span.start
    for place in range(span.start, span.end):
        if text[place] in _REGION_MARKS and not text[place + 1 : place + 2].isdigit():
            keep = place + 1
    return [i for i in range(keep, span.end) if not text[i].isspace()]


def mask_many(texts: pl.Series) -> pl.Series:
    """`mask` for a column; only candidate rows pay for the exact search."""
    masked = texts.to_list()
    for row in may_hold(texts).arg_true().to_list():
        masked[row] = mask(masked[row])
    return pl.Series(texts.name, masked, dtype=pl.String)
