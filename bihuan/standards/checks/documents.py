"""Conversations as they are handed to `bihuan check`: one JSON object, or JSON Lines; whatever cannot be used says why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from bihuan.kit.errors import InputError
from bihuan.standards.checks.conversation import trouble_in
from bihuan.standards.rules.edition import Label

LONGEST: Final = 64 * 1024 * 1024
"""Bytes of one conversation; a longer one is another kind of file."""
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT: Final = 4096
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Unusable:
    """An input that is no conversation: its line from 1, the column or the place in it where known, and why."""

    line: int
    why: Label
    column: int | None = None
    place: str = ""
    unfinished: bool = False

    def sentence(self, lang: str) -> str:
        """Where and why, in Chinese or English."""
        spot = Label(f"第 {self.line} 行", f"Line {self.line}")
        if self.column is not None:
            spot = Label(f"{spot.zh}第 {self.column} 列", f"{spot.en}, column {self.column}")
        elif self.place:
            spot = Label(f"{spot.zh} {self.place}", f"{spot.en}, {self.place}")
        return f"{spot.zh}：{self.why.zh}" if lang == "zh" else f"{spot.en}: {self.why.en}"

    def to_json(self, lang: str) -> dict[str, Any]:
        """The answer in place of verdicts."""
        spot = {"column": self.column} if self.column is not None else {"place": self.place} if self.place else {}
        return {"line": self.line, **spot, "error": self.sentence(lang)}


Given = dict[str, Any] | Unusable


def documents(stream: IO[bytes]) -> Iterator[Given]:
    """Each conversation, or why there is none. Raises InputError where nothing is there, or nothing that is text."""
    lines = (
        (number, line) for number, line in enumerate(_lines(stream), start=1) if line.strip(b" \t\r\n\xef\xbb\xbf")
    )
    number, first = next(lines, (0, b""))
    if not number:
        raise InputError("There is nothing in it.", hint="One conversation is needed: see bihuan check --help.")
    if _BINARY.search(first[:_LOOKED_AT]):
        raise InputError("This is no text.", hint="A JSON file or JSON Lines in UTF-8 is needed.")
    given = _read(number, first)
    if isinstance(given, Unusable) and given.unfinished:
        yield from _over_lines(number, first, list(lines), given)
        return
    yield given
    for number, line in lines:
        yield _read(number, line)


def _over_lines(number: int, first: bytes, rest: list[tuple[int, bytes]], broken: Unusable) -> Iterator[Given]:
    """One object that goes on below its first line; or JSON Lines whose first one was cut off."""
    below = [_read(at, line) for at, line in rest]
    if any(isinstance(given, dict) for given in below):
        yield from (broken, *below)
    else:
        yield _read(number, _joined(number, first, rest))


def _joined(number: int, first: bytes, rest: Iterable[tuple[int, bytes]]) -> bytes:
    """The lines as one text in which every line keeps its place: blank ones were left out."""
    parts, at = [first], number
    for place, line in rest:
        parts += [b"\n"] * (place - at - 1) + [line]
        at = place
    return b"".join(parts)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines with their ends; of one that is too long only the beginning."""
    while line := stream.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 1)


def _read(number: int, line: bytes) -> Given:
    """The conversation that begins on this line."""
    if len(line) > LONGEST:
        return Unusable(number, Label("超过 64 MB", "is longer than 64 MB"))
    try:
        text = (
            line.removeprefix(_MARK).rstrip().decode("utf-8")
        )  # what is missing is missing on the last line with words
        given = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError:
        return Unusable(number, Label("不是 UTF-8 编码", "is not UTF-8"))
    except json.JSONDecodeError as error:
        return _broken(number, text, error)
    except (ValueError, RecursionError) as error:
        return Unusable(number, Label(f"不是 JSON（{error}）", f"is not JSON ({error})"))
    trouble = trouble_in(given)
    return given if trouble is None else Unusable(number, trouble.says, place=trouble.place)


def _broken(number: int, text: str, error: json.JSONDecodeError) -> Unusable:
    why = Label(f"不是 JSON（{error.msg}）", f"is not JSON ({error.msg})")
    unfinished = error.pos >= len(text)
    return Unusable(number + error.lineno - 1, why, column=error.colno, unfinished=unfinished)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
