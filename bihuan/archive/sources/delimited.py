"""CSV and TSV: every record that fits the header becomes a row, every other one a reject with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from bihuan.archive.sources.encodings import Block, find_encoding, line_blocks
from bihuan.archive.sources.headers import Columns, match_headers, named_headers
from bihuan.archive.sources.limits import MAX_COLUMNS, MAX_RECORD_CHARS, MAX_RECORD_LINES
from bihuan.archive.sources.opening import Source, unpacked
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import Chunk, Rows
from bihuan.kit.errors import InputError

_DELIMITERS: Final = (",", "\t", ";", "|")


class _TooLong(Exception):
    """A quoted field ran over so many lines that its quote was surely never closed."""


class _Feed:
    """Gives csv.reader its lines, remembers those of the record at hand, and takes them back when it goes wrong."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._lines: list[str | None] = []
        self._next = 0
        self._number = 1
        self.consumed = 0
        self.taken: list[tuple[int, str]] = []
        self._chars = 0

    def fast_block(self) -> Block | None:
        """The next block if nothing is left of the last one and it holds no quotes; else None."""
        if self._next < len(self._lines) or not self._load():
            return None
        block = self._block
        if block.has_quote:
            return None
        self._next = len(self._lines)
        return block

    def _load(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self._block, self._lines, self._next, self._number = block, block.lines, 0, block.first
        self.consumed = block.consumed
        return True

    def begin(self) -> None:
        self.taken = []
        self._chars = 0

    def within_block(self) -> bool:
        return self._next < len(self._lines)

    def plain_run(self) -> tuple[int, list[str | None]]:
        """The lines from here to the next one with a quote, taken, and the number of the first."""
        start, lines = self._next, self._lines
        end = next((at for at in range(start, len(lines)) if '"' in (lines[at] or "")), len(lines))
        self._next = end
        return self._number + start, lines[start:end]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            if self._next >= len(self._lines) and not self._load():
                raise StopIteration
            line = self._lines[self._next]
            self._next += 1
            if line is None or (not line and not self.taken):
                continue
            if len(self.taken) >= MAX_RECORD_LINES or self._chars > MAX_RECORD_CHARS:
                self._next -= 1
                raise _TooLong
            self.taken.append((self._number + self._next - 1, line))
            self._chars += len(line)
            return f"{line}\n"

    def give_back(self) -> None:
        """All lines of the broken record but its first are read again."""
        again = [line for _, line in self.taken[1:]]
        if again:
            self._number = self.taken[1][0]
            self._lines = [*again, *self._lines[self._next :]]
            self._next = 0


def read_delimited(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of a delimited text file. Raises InputError for a wrong header or a file that is not text."""
    csv.field_size_limit(MAX_RECORD_CHARS * 2)
    encoding = find_encoding(source, columns.encoding)
    with unpacked(source) as stream:
        stream_blocks = line_blocks(stream, encoding, rejects)
        feed = _Feed(stream_blocks)
        feed.begin()
        header_line = next(feed, None)
        if header_line is None:
            raise InputError("The file holds no line that can be read.")
        delimiter = columns.delimiter or _delimiter(header_line, columns)
        names = _split_header(header_line, delimiter)
        if len(names) > MAX_COLUMNS:
            raise InputError(f"The header names more than {MAX_COLUMNS} columns.")
        places = match_headers(names, columns)
        rejects.headers = named_headers(names, places, columns)
        rows = Rows(columns.names, places, len(names), rejects)
        yield from _records(feed, delimiter, columns.quoted, rows)


def _delimiter(line: str, columns: Columns) -> str:
    """The delimiter under which most of the expected columns are found in the header."""
    if line.count(",") + line.count("\t") + line.count(";") + line.count("|") > MAX_COLUMNS * len(_DELIMITERS):
        raise InputError(f"The header names more than {MAX_COLUMNS} columns.")
    return max(_DELIMITERS, key=lambda sign: columns.known(_split_header(line, sign)))


def _split_header(line: str, delimiter: str) -> list[str]:
    if line.count(delimiter) > MAX_COLUMNS:
        raise InputError(f"The header names more than {MAX_COLUMNS} columns.")
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        raise InputError("The first line is not a header.") from error


def _records(feed: _Feed, delimiter: str, quoted: bool, rows: Rows) -> Iterator[Chunk]:
    """Lines without quotes are split outright; records with quotes go through the csv parser one by one."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        if quoted and feed.within_block():
            first, lines = feed.plain_run()
            rows.add_lines(first, lines, delimiter)
            if feed.within_block() and not _slow_record(feed, reader, rows):
                break
        elif not quoted and feed.within_block():
            _plain_rest(feed, delimiter, rows)
        else:
            block = feed.fast_block()
            if block is not None:
                rows.add_lines(block.first, block.lines, delimiter)
            elif not feed.within_block():
                break
        rows.consumed = feed.consumed
        if rows.full:
            yield rows.take()
    if rows.count:
        yield rows.take()


def _plain_rest(feed: _Feed, delimiter: str, rows: Rows) -> None:
    feed.begin()
    for _ in range(len(feed._lines) - feed._next):
        line = next(feed, None)
        if line is None or not feed.taken:
            break
        number, text = feed.taken[-1]
        rows.add(number, text.split(delimiter), text)
        feed.begin()
        if rows.full:
            break


def _slow_record(feed: _Feed, reader: Iterator[list[str]], rows: Rows) -> bool:
    """One record through the parser; False at the end of the file."""
    feed.begin()
    try:
        record = next(reader)
    except StopIteration:
        return False
    except (csv.Error, _TooLong) as error:
        if not feed.taken:
            return False
        number, text = feed.taken[0]
        rows.refuse(number, "", "quote_not_closed" if isinstance(error, _TooLong) else "bad_quoting", text)
        feed.give_back()
        return True
    rows.add(feed.taken[0][0], record, feed.taken[0][1])
    return True
