"""`bihuan check`: judges conversations from a file or standard input; needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from bihuan.kit.errors import InputError
from bihuan.standards.checks.answers import answers
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import CHECKS
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition

_LINES_AT_ONCE: Final = 500
_LONGEST_LINE: Final = 64 * 1024 * 1024
_BAD_INPUT: Final = 2


def mount(app: typer.Typer) -> None:
    """Add `check` to the command line."""
    app.command()(check)


def check(
    file: Annotated[str, typer.Argument(help="A JSON file, JSON Lines, or - for standard input.")],
    edition: Annotated[str, typer.Option("--edition", "-e", help="Id of an edition or a YAML file.")] = "recommended",
    only: Annotated[str, typer.Option(help="Ids of the checks to run, with commas.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the reasons: zh or en.")] = "zh",
) -> None:
    """Judge conversations: one answer a line, in the order of the input.

    Evidence names the message by its index in "messages", counted from 0, and code points [start, end) of its text. A
    line that is no conversation gets {"line": …, "error": …}; the others are still answered, and the exit code is 2.

    Examples:

      bihuan check chat.json --edition recommended

      bihuan check chats.jsonl --only greeting,first_response --lang en

      cat chats.jsonl | bihuan check -
    """
    standard = load_edition(edition)
    engine = Engine.for_edition(standard, _chosen(only))
    failed = False
    with _opened(file) as stream:
        lines = _documents(stream)
        while batch := list(islice(lines, _LINES_AT_ONCE)):
            failed |= _judge(engine, standard, batch, lang)
    if failed:
        raise typer.Exit(_BAD_INPUT)


def _judge(engine: Engine, edition: Edition, batch: list[tuple[int, Any]], lang: str) -> bool:
    """Print the answers to one batch in order; true where a line could not be read."""
    contacts = [given for _, given in batch if isinstance(given, dict)]
    judged = iter(answers(engine, edition, contacts, lang) if contacts else ())
    for line, given in batch:
        answer = next(judged) if isinstance(given, dict) else {"line": line, "error": str(given)}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    sys.stdout.flush()
    return len(contacts) < len(batch)


def _chosen(only: str) -> list[str] | None:
    ids = [id.strip() for id in only.split(",") if id.strip()]
    if unknown := [id for id in ids if id not in CHECKS]:
        raise InputError(f"There is no check '{unknown[0]}'.", hint=f"The checks are: {', '.join(CHECKS)}.")
    return ids or None


def _opened(file: str) -> IO[bytes]:
    if file == "-":
        return sys.stdin.buffer
    if not Path(file).is_file():
        raise InputError(f"There is no file '{file}'.")
    return Path(file).open("rb")


def _documents(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """(line number, conversation or an error sentence): JSON Lines, or one JSON object over several lines."""
    first = stream.readline(_LONGEST_LINE)
    if _is_open(first):
        yield 1, _read(first + stream.read(_LONGEST_LINE))
        return
    for number, line in enumerate(_with_first(first, stream), start=1):
        if line.strip():
            yield number, _read(line)


def _is_open(line: bytes) -> bool:
    """Whether a JSON object begins on this line and goes on below it."""
    text = line.removeprefix(b"\xef\xbb\xbf").strip()
    return text.startswith(b"{") and (text == b"{" or text.endswith((b",", b"{", b"[", b":")))


def _with_first(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    yield first
    while line := stream.readline(_LONGEST_LINE):
        yield line


def _read(line: bytes) -> Any:
    """The object of a line, or a sentence saying why there is none."""
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(given, dict) or not isinstance(given.get("messages"), list):
        return 'not a conversation: an object with a list "messages" is needed'
    return given
