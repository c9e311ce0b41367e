"""Rated chats as research sets write them: a Python list of `customer|||agent` turns, intents, and a label, by tabs.

Each line repeats the chat so far (its last turns) and adds one; the label rates the last customer turn. The reader gives
one row per message, so that the mapping can speak of messages: chat, turn, sender, text, label.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bihuan.archive.sources.encodings import find_encoding, line_blocks
from bihuan.archive.sources.headers import Columns
from bihuan.archive.sources.opening import Source, unpacked
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import Chunk, Rows

FIELDS = ("chat", "turn", "sender", "text", "label")
_FIRST_TURNS = 4  # every chat of the set begins with a line of four turns
_PARTS = 3
_SEPARATOR = "|||"


def read_rated_turns(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of messages; `_line` is the line of the file a message was first seen in."""
    places = [FIELDS.index(name) for name in columns.names]
    rows = Rows(columns.names, places, len(FIELDS), rejects)
    chat = turn = 0
    with unpacked(source) as stream:
        for block in line_blocks(stream, find_encoding(source, columns.encoding), rejects):
            for number, line in enumerate(block.lines, block.first):
                parsed = _parsed(line)
                if parsed is None:
                    if line:
                        rejects.add(number, "", "not_a_rated_chat", line)
                    continue
                turns, label = parsed
                begins = chat == 0 or len(turns) <= _FIRST_TURNS
                chat, turn = (chat + 1, 0) if begins else (chat, turn)
                for row in _messages(turns, begins, turn, label):
                    rows.add(number, (str(chat), *row), line or "")
                turn += len(turns) if begins else 1
            rows.consumed = block.consumed
    if rows.count:
        yield rows.take()


def _messages(
    turns: list[tuple[str, str]], begins: bool, turn: int, label: str
) -> Iterator[tuple[str, str, str, str | None]]:
    """(turn, sender, text, label) of what a line adds: the late reply to the turn before, and the new turn."""
    if not begins and len(turns) > 1 and turns[-2][1]:
        yield str(turn), "agent", turns[-2][1], None
    fresh = turns if begins else turns[-1:]
    for place, (customer, agent) in enumerate(fresh, turn + 1):
        last = place == turn + len(fresh)
        yield str(place), "customer", customer, label if last else None
        if agent and not last:
            yield str(place), "agent", agent, None


def _parsed(line: str | None) -> tuple[list[tuple[str, str]], str] | None:
    parts = (line or "").split("\t")
    if len(parts) != _PARTS:
        return None
    try:
        turns = ast.literal_eval(parts[0])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        return None
    pairs = [(customer.strip(), agent.strip()) for customer, _, agent in (turn.partition(_SEPARATOR) for turn in turns)]
    return pairs, parts[2].strip()
