"""JSON Lines: one object a line; a column is a key, or keys joined by dots for nested objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bihuan.archive.sources.encodings import find_encoding, line_blocks
from bihuan.archive.sources.headers import Columns
from bihuan.archive.sources.opening import Source, unpacked
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import Chunk, Rows
from bihuan.kit.errors import InputError

# Numbers stay the digits they were written with.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def read_json_lines(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of a JSON Lines file; a line that is no object is refused. Raises InputError where no line is one."""
    names = columns.names
    rows = Rows(names, range(len(names)), len(names), rejects)
    paths = [columns.headers[name] for name in names]
    seen = False
    with unpacked(source) as stream:
        for block in line_blocks(stream, find_encoding(source, columns.encoding), rejects):
            for number, line in enumerate(block.lines, block.first):
                if line is None or not line.strip():
                    continue
                record = _object(line)
                if record is None:
                    rows.refuse(number, "", "not_a_json_object", line)
                    continue
                if not seen:
                    rejects.headers = {name: _key(record, path) for name, path in zip(names, paths, strict=True)}
                seen = True
                rows.add(number, [_value(record, path) for path in paths], line)
                if rows.full:
                    yield rows.take()
            rows.consumed = block.consumed
    if not seen:
        raise InputError("No line of the file is a JSON object.", hint="Is this JSON Lines, one object a line?")
    if rows.count:
        yield rows.take()


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _value(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The text of the first name that is there; objects and lists stay JSON."""
    for name in names:
        found: Any = record.get(name)
        if found is None and "." in name:
            found = record
            for step in name.split("."):
                found = found.get(step) if isinstance(found, dict) else None
        if found is not None:
            return _text(found)
    return None


def _key(record: dict[str, Any], names: tuple[str, ...]) -> str:
    """The name under which a column stands in the file, by its first object."""
    return next((name for name in names if _value(record, (name,)) is not None), names[0])


def _text(value: Any) -> str:
    if isinstance(value, str):
        # A lone surrogate is no character; no column can hold it.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=True)
