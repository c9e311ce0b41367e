"""`bihuan check`: judges conversations from a file or standard input; needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any, Final, Literal

import typer

from bihuan.kit.errors import InputError
from bihuan.standards.checks.answers import answers
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.documents import Given, Unusable, documents
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition

_AT_ONCE: Final = 500
_BAD_INPUT: Final = 2
HELP: Final = """Judge conversations: one JSON answer a line, in the order of the input.

A conversation is one JSON object. A file holds one, or one a line (JSON Lines):

  {"channel": "chat", "customer": {"surname": "张"},
   "facts": {"category": "complaint", "level": "L2"},
   "messages": [
    {"at": "2026-10-12T09:30:00+08:00", "sender": "customer",
     "text": "在吗"},
    {"at": "2026-10-12T09:30:12+08:00", "sender": "agent",
     "sender_id": "8012", "text": "您好，小李为您服务"}]}

  channel     phone, chat, email or social
  customer    surname
  messages    needed; in the order they were sent
    sender    needed: customer, agent, bot or system
    at        ISO time or null; all with their zone, or all without
    text, sender_id, kind, automatic, withdrawn
  facts       what the words do not tell; without them the checks that
              rest on them cannot tell or do not apply
    category, subject, queue, business_line, team, context
    level     L1, L2 or L3
    outcome   solved, unsolved, abandoned or unknown; or solved: true
    rings, ring_seconds, queue_seconds, hold_seconds, duration_seconds
    rating    the customer's, a whole number
    hand_over_seconds     from the opening to the hand-over
    queued, agent_opened, handed_over          true or false
    complained, followed_up     what ledgers know: true or false
    opened_at, closed_at                       ISO times

An answer holds "edition", "items" (verdict: met, violated,
not_applicable or cannot_tell; reason; evidence) and "score".
Evidence names the message by its index in "messages", from 0,
and code points [start, end) of its text.

Under an edition for a part of the department a conversation of another
channel, business_line or team (facts) gets no items but "outside", why.
What a conversation does not tell is not held against it.

An input that cannot be used gets {"line": …, "error": …}; the others
are still answered, and the exit code is 2.

Examples:

  bihuan check chat.json --edition recommended

  bihuan check chats.jsonl --only greeting,first_response --lang en

  cat chats.jsonl | bihuan check -
"""


def mount(app: typer.Typer) -> None:
    """Add `check` to the command line."""
    app.command(help=HELP)(check)


def check(
    file: Annotated[str, typer.Argument(help="A JSON file, JSON Lines, or - for standard input.")],
    edition: Annotated[str, typer.Option("--edition", "-e", help="Id of an edition or a YAML file.")] = "recommended",
    only: Annotated[str, typer.Option(help="Ids of the checks to run, with commas.")] = "",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the reasons and errors.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Answers are JSON lines in any case.")] = False,
) -> None:
    """Judge conversations: one answer a line, in the order of the input; see `HELP`."""
    del as_json  # accepted as by every verb whose results come out
    standard = load_edition(edition)
    engine = Engine.for_edition(standard, _chosen(only, checks_of(standard)))
    told = _Told(lang)
    with _opened(file) as stream:
        given = documents(stream)
        while batch := list(islice(given, _AT_ONCE)):
            _judge(engine, standard, batch, lang)
            told.note(batch)
    if told.bad:
        typer.secho(told.sentence(), fg="red", bold=True, err=True)
        raise typer.Exit(_BAD_INPUT)


@dataclass
class _Told:
    """What was answered so far: how many inputs, and those that could not be used."""

    lang: str
    inputs: int = 0
    bad: int = 0
    first: list[str] = field(default_factory=list)

    def note(self, batch: list[Given]) -> None:
        unusable = [given for given in batch if isinstance(given, Unusable)]
        self.inputs += len(batch)
        self.bad += len(unusable)
        self.first = self.first or [given.sentence(self.lang) for given in unusable[:1]]

    def sentence(self) -> str:
        """The first input that could not be used, and how many of them there are."""
        if self.inputs == 1:
            return self.first[0]
        zh, en = f"{self.inputs} 个输入中有 {self.bad} 个不能使用", f"{self.bad} of {self.inputs} inputs cannot be used"
        return f"{zh}。{self.first[0]}" if self.lang == "zh" else f"{en}. {self.first[0]}"


def _judge(engine: Engine, edition: Edition, batch: list[Given], lang: str) -> None:
    """Print the answers to one batch in order."""
    contacts = [given for given in batch if isinstance(given, dict)]
    judged = iter(answers(engine, edition, contacts, lang) if contacts else ())
    for given in batch:
        _print(given.to_json(lang) if isinstance(given, Unusable) else next(judged))
    sys.stdout.flush()


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")


def _chosen(only: str, known: Mapping[str, Check]) -> list[str] | None:
    ids = [id.strip() for id in only.split(",") if id.strip()]
    if unknown := [id for id in ids if id not in known]:
        raise InputError(f"There is no check '{unknown[0]}'.", hint=f"The checks are: {', '.join(known)}.")
    return ids or None


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of standard input."""
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
            yield stream
    except IsADirectoryError:
        raise InputError(f"'{file}' is a folder.", hint="Name a JSON file, or - for standard input.") from None
    except (FileNotFoundError, PermissionError) as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    except InputError as error:
        name = "Standard input" if file == "-" else f"'{file}'"
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error
