"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bihuan.archive.sources.delimited import read_delimited
from bihuan.archive.sources.encodings import find_encoding
from bihuan.archive.sources.headers import Columns
from bihuan.archive.sources.jsonl import read_json_lines
from bihuan.archive.sources.opening import Source, unpacked
from bihuan.archive.sources.parquet import read_parquet
from bihuan.archive.sources.rated_turns import read_rated_turns
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import Chunk
from bihuan.archive.sources.workbook import read_workbook
from bihuan.kit.errors import InputError

TEXT_READERS: Final = {"csv": read_delimited, "jsonl": read_json_lines, "rated_turns": read_rated_turns}
READERS: Final = {**TEXT_READERS, "parquet": read_parquet, "xlsx": read_workbook}
_LOOK_BYTES: Final = 4096


def read(source: Source, kind: str, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """The rows of a file as text columns, in bounded memory. `kind` is a reader's name or "auto".

    Raises InputError where the file is not of that kind or damaged as a whole; bad rows go to `rejects`.
    """
    found = source.content if source.content != "text" else _text_kind(source, columns) if kind == "auto" else kind
    if kind not in ("auto", found) or (source.content == "text") != (found in TEXT_READERS):
        raise InputError(f"The file is {found}, the mapping expects {kind}.")
    return READERS[found](source, columns, rejects)


def _text_kind(source: Source, columns: Columns) -> str:
    encoding = find_encoding(source, columns.encoding)
    with unpacked(source) as stream:
        head = stream.read(_LOOK_BYTES)[encoding.skip :].decode(encoding.codec, "ignore")
    return "jsonl" if head.lstrip().startswith("{") else "csv"
