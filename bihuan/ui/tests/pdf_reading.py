"""Reads a PDF of the typesetter back: its words, its fonts, and whether it drew the empty box."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+).*?stream\r?\n", re.DOTALL)
_FONTS = re.compile(rb"/Font<<(.*?)>>")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(?<!/Lang)\(|<([0-9A-Fa-f]+)>")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Read:
    """`text` without spaces and line breaks; `boxes`: how often the font's glyph for "I have none" was drawn."""

    text: str
    boxes: int
    pages: int
    fonts: set[str]


def read_pdf(pdf: bytes) -> Read:
    """The words in drawing order, page by page."""
    objects = dict(_OBJECT.findall(pdf))
    pages = [body for body in objects.values() if re.search(rb"/Type\s?/Page\b", body)]
    signs = [sign for page in pages for sign in _signs(page, objects)]
    names = {name.decode() for name in re.findall(rb"/BaseFont/[A-Z]+\+([\w-]+)", pdf)}
    return Read(
        "".join(text for _, text in signs if not text.isspace()), sum(not code for code, _ in signs), len(pages), names
    )


def _signs(page: bytes, objects: dict[bytes, bytes]) -> Iterator[tuple[int, str]]:
    """(glyph, what it stands for) of a page."""
    resources = _followed(rb"/Resources", page, objects)
    listed = _FONTS.search(_followed(rb"/Font", resources, objects) or resources) or _FONTS.search(resources)
    assert listed is not None
    fonts = {name: _meanings(objects[number], objects) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", listed[1])}
    now: dict[int, str] = {}
    content, at = _content(page, objects), 0
    while found := _SHOWN.search(content, at):
        at = found.end()
        if found[1]:
            now = fonts[found[1]]
            continue
        plain, at = (b"", at) if found[2] else _literal(content, at)
        codes = bytes.fromhex(found[2].decode()) if found[2] else _ESCAPED.sub(_unescaped, plain)
        for place in range(0, len(codes), 2):
            glyph = int.from_bytes(codes[place : place + 2], "big")
            yield glyph, now.get(glyph, "")


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """A text in brackets, which may hold balanced ones; and where it ends."""
    depth, at = 1, start
    while depth:
        sign = content[at : at + 1]
        at += 2 if sign == b"\\" else 1
        depth += {b"(": 1, b")": -1}.get(sign, 0)
    return content[start : at - 1], at


def _followed(key: bytes, body: bytes, objects: dict[bytes, bytes]) -> bytes:
    found = re.search(key + rb" (\d+) 0 R", body)
    return objects[found[1]] if found else body


def _content(page: bytes, objects: dict[bytes, bytes]) -> bytes:
    found = re.search(rb"/Contents (\d+) 0 R", page)
    assert found is not None
    return _inflated(objects[found[1]])


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(body[found.end() : found.end() + int(found[1])])


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else _LETTERS.get(sign, sign)


def _meanings(font: bytes, objects: dict[bytes, bytes]) -> dict[int, str]:
    """What each glyph of a font stands for, by its table for copying text."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert found is not None
    table = _inflated(objects[found[1]])
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\n", table)
    return {int(glyph, 16): bytes.fromhex(words.decode()).decode("utf-16-be") for glyph, words in pairs}
