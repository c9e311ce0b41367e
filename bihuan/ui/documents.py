"""Printed documents: parts in, the bytes of a PDF out. Knows no business.

Words are handed to the typesetter as JSON and never as source, so that nobody's text can act as markup; the only fonts
are those of the installed wheel, so that the same document has the same bytes on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import typst
from django.utils.translation import gettext as _

from bihuan.ui import formats
from bihuan.ui.figures import Whisker
from bihuan.ui.glyphs import FAMILY, FOLDER, NAMED, lacking, printable
from bihuan.ui.tables import Column, printed

KIND: Final = "application/pdf"
_USUAL: Final = 2  # the share of a column of words
_SOURCE: Final = "document.typ"


class MissingGlyphs(Exception):
    """A document would show empty boxes: its words hold characters the font cannot draw."""


@dataclass(frozen=True)
class Title:
    """A heading; `beside` stands small at the right margin."""

    words: str
    beside: str = ""
    level: int = 1
    kind: str = "title"


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    words: str
    small: bool = False
    kind: str = "words"


@dataclass(frozen=True)
class Facts:
    """Names with their values, two pairs a line."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Line:
    """A line of `Rows`."""

    cells: Sequence[str]
    strong: bool = False


@dataclass(frozen=True)
class Rows:
    """A table; its head is repeated on every page. `widths`: shares of the width, 0 as wide as its words."""

    head: Sequence[str]
    rows: Sequence[Line]
    widths: Sequence[int]
    sides: Sequence[str]
    kind: str = "rows"


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on, never torn apart."""

    who: Sequence[str]
    kind: str = "signatures"


@dataclass(frozen=True)
class Page:
    """What follows begins on a new page."""

    kind: str = "page"


Part = Title | Words | Facts | Rows | Signatures | Page


@dataclass(frozen=True)
class Document:
    """`foot` stands on every page, beside its number."""

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    foot: str
    lang: str = "zh"


def listed(columns: Sequence[Column], rows: Sequence[Any], wide: Mapping[str, int] | None = None) -> Rows:
    """A declared table on paper: the words of the page, without its links. `wide`: shares of single columns."""
    widths = {**dict.fromkeys((column.name for column in columns if column.numeric), 0), **(wide or {})}
    return Rows(
        head=[str(column.label) for column in columns],
        rows=[Line([_cell(column, row) for column in columns]) for row in rows],
        widths=[widths.get(column.name, _USUAL) for column in columns],
        sides=["right" if column.numeric else "left" for column in columns],
    )


def _cell(column: Column, row: Any) -> str:
    value = column.value(row)
    if value is None or value == "":
        return formats.MISSING
    if isinstance(value, Whisker):
        return formats.interval(value.low, value.high)
    return str(printed(column, value))


def pdf_of(document: Document) -> bytes:
    """The document's bytes. What the font lacks is named in its place, as `〔U+1F600〕`."""
    data = _printable(asdict(document))
    if any(NAMED in text for text in _texts(data)):
        data["parts"].append(
            asdict(Words(_("〔U+…〕 stands for a sign that cannot be printed, such as an emoji."), small=True))
        )
    return typeset(data)


def typeset(data: Mapping[str, Any]) -> bytes:
    """The bytes of a document of these data; refused where a character of theirs would become an empty box."""
    missing = sorted({sign for text in _texts(data) for sign in lacking(text)})
    if missing:
        raise MissingGlyphs(", ".join(f"U+{ord(sign):04X}" for sign in missing))
    region = "cn" if data["lang"] == "zh" else "us"
    words = json.dumps({**data, "font": FAMILY, "region": region}, ensure_ascii=False)
    pdf = typst.compile(
        _source(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": words}, timestamp=_NO_TIME
    )
    assert isinstance(pdf, bytes)
    return pdf


# A document names its day itself; the clock of the machine has no place in its bytes.
_NO_TIME: Final = 0


@cache
def _source() -> bytes:
    return (resources.files("bihuan.ui") / "typst" / _SOURCE).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
