"""Bytes to lines: the encoding is found, not guessed into nonsense, and no line can fill the memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bihuan.archive.sources.limits import BLOCK_BYTES, MAX_LINE_BYTES, MAX_SNIFF_BYTES, SNIFF_BYTES
from bihuan.archive.sources.opening import Source, Unpacked, unpacked
from bihuan.archive.sources.rejects import Rejects
from bihuan.kit.errors import InputError

# Chinese in GBK is nearly all GB 2312; other encodings read as GBK give rare signs instead.
_COMMON_SHARE: Final = 0.8
# A few bad bytes must not change the verdict on a file.
_GOOD_LINES_SHARE: Final = 0.5
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Encoding:
    """How bytes become text: codec, bytes of the mark to skip, and the byte that ends a line."""

    codec: str
    skip: int
    newline: bytes


@dataclass(frozen=True)
class Block:
    """Consecutive lines; None where a line was refused. `first` is the number of the first one, from 1."""

    first: int
    lines: list[str | None]
    has_quote: bool
    consumed: int


def find_encoding(source: Source, declared: str) -> Encoding:
    """The declared encoding, or the one the first telling megabyte speaks for. Raises InputError where none does."""
    sample = _telling_sample(source)
    bom, codec = next(((bom, codec) for bom, codec in _BOMS if sample.head.startswith(bom)), (b"", ""))
    newline = b"\n" if b"\n" in sample.head or b"\r" not in sample.head else b"\r"
    if codec:
        return Encoding(codec, len(bom), newline)
    if declared != "detect":
        return Encoding(declared, 0, newline)
    if b"\0" in sample.head and sample.head.count(b"\0") > len(sample.head) // 10:
        raise InputError("This is not a text file.", hint="CSV, TSV, JSON Lines, Parquet and XLSX can be imported.")
    return Encoding(_spoken(sample.telling), 0, newline)


@dataclass(frozen=True)
class _Sample:
    head: bytes
    telling: bytes


def _telling_sample(source: Source) -> _Sample:
    """The head, and the first block with more than ASCII in it."""
    with unpacked(source) as stream:
        head = block = stream.read(SNIFF_BYTES)
        while block and block.isascii() and stream.given < MAX_SNIFF_BYTES:
            block = stream.read(SNIFF_BYTES)
    if not head:
        raise InputError("The file is empty.")
    return _Sample(head, block)


def _spoken(sample: bytes) -> str:
    """utf-8 or gb18030, by the lines that decode. A block may begin and end inside a sign: whole lines only."""
    lines = sample.split(b"\n")
    lines = [line for line in (lines[1:-1] if len(lines) > 2 else lines) if not line.isascii()]
    if not lines:
        return "utf-8"
    good = {codec: [line for line in lines if _decodes(line, codec)] for codec in ("utf-8", "gb18030")}
    if len(good["utf-8"]) >= len(lines) * _GOOD_LINES_SHARE:
        return "utf-8"
    chinese = b"".join(good["gb18030"]).decode("gb18030", "ignore")
    signs = [sign for sign in chinese if not sign.isascii()]
    common = sum(1 for sign in signs if _is_common(sign))
    if len(good["gb18030"]) >= len(lines) * _GOOD_LINES_SHARE and common >= len(signs) * _COMMON_SHARE:
        return "gb18030"
    raise InputError(
        "The encoding of the file is neither UTF-8 nor GBK.",
        hint="Save it as UTF-8, or name its encoding in the mapping.",
    )


def _decodes(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def line_blocks(stream: Unpacked, encoding: Encoding, rejects: Rejects) -> Iterator[Block]:
    """The lines of a stream, some megabytes at a time. Over-long, undecodable and NUL lines are refused one by one."""
    number = 1
    for raw in _raw_blocks(_as_utf8(stream, encoding), encoding.newline):
        codec = "utf-8" if encoding.codec.startswith("utf-16") else encoding.codec
        lines = _decoded(raw, number, codec, encoding.newline.decode(), rejects)
        yield Block(number, lines, b'"' in raw, stream.consumed)
        number += len(lines)


def _as_utf8(stream: Unpacked, encoding: Encoding) -> Iterator[bytes]:
    """Blocks without the mark. UTF-16 becomes UTF-8, because its line ends cannot be found byte by byte."""
    first = stream.read(BLOCK_BYTES)[encoding.skip :]
    wide = codecs.getincrementaldecoder(encoding.codec)("replace") if encoding.codec.startswith("utf-16") else None
    while first:
        yield wide.decode(first).encode("utf-8", "replace") if wide else first
        first = stream.read(BLOCK_BYTES)


def _raw_blocks(blocks: Iterator[bytes], newline: bytes) -> Iterator[bytes]:
    """Blocks cut at line ends. Of a line beyond the limit only its beginning is kept, enough to be refused as too long."""
    rest = b""
    for block in blocks:
        cut = block.rfind(newline)
        if cut < 0:
            rest = (rest + block)[: MAX_LINE_BYTES + 1]
            continue
        end = block.find(newline)
        yield (rest + block[:end])[: MAX_LINE_BYTES + 1] + block[end:cut]
        rest = block[cut + 1 :]
    if rest:
        yield rest


def _decoded(raw: bytes, number: int, codec: str, newline: str, rejects: Rejects) -> list[str | None]:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return [_careful(line, number + i, codec, rejects) for i, line in enumerate(raw.split(newline.encode()))]
    if "\0" in text or (len(raw) > MAX_LINE_BYTES and max(map(len, text.split(newline))) > MAX_LINE_BYTES // 4):
        return [_careful(line, number + i, codec, rejects) for i, line in enumerate(raw.split(newline.encode()))]
    if newline == "\n" and "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    return list(text.split(newline))


def _careful(line: bytes, number: int, codec: str, rejects: Rejects) -> str | None:
    """One line of a block in which something is wrong; None and a reject where it is this line."""
    if len(line) > MAX_LINE_BYTES:
        rejects.add(number, "", "line_too_long", line[:200].decode(codec, "replace"))
    elif b"\0" in line:
        rejects.add(number, "", "nul_byte", line.decode(codec, "replace"))
    elif not _decodes(line, codec):
        rejects.add(number, "", "not_in_this_encoding", line.decode(codec, "backslashreplace"))
    else:
        return line.decode(codec).removesuffix("\r")
    return None
