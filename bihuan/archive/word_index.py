"""Which days can hold a word: per messages file one bit for every pair of neighbouring characters that occurs in it.

Pairs share bits, so a set bit proves nothing; an unset one proves that no message of the day holds the word, and most
words nobody said are told without reading a single message. One character has no pair and is looked for everywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.kit.ids import new_id

_BITS: Final = 20
_FIRST: Final = np.uint32(0x9E3779B1)
_SECOND: Final = np.uint32(0x85EBCA6B)
_BATCH_ROWS: Final = 32_768


def write(path: Path) -> None:
    """Write the index beside a messages file."""
    seen = np.zeros(1 << _BITS, dtype=bool)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=["text"], use_threads=False):
            seen[_pairs(_joined(batch.column(0)))] = True
    scratch = path.with_suffix(f".{new_id().hex}")
    scratch.write_bytes(np.packbits(seen, bitorder="little").tobytes())
    scratch.replace(path.with_suffix(".pairs"))


def may_hold(path: Path, words: list[str]) -> bool:
    """False when no message of the file holds all the words."""
    index = path.with_suffix(".pairs")
    if not index.exists():
        return True
    pairs = np.concatenate([_pairs(word) for word in words]) if words else np.array([], dtype=np.uint32)
    bits = np.memmap(index, dtype=np.uint8, mode="r")
    return bool(np.all(bits[pairs >> 3] >> (pairs & 7).astype(np.uint8) & 1))


def _joined(texts: pa.Array) -> str:
    """All texts of a column as one; what neighbours across two of them only sets a bit too many."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    buffer = texts.buffers()[2]
    return "" if buffer is None else buffer.to_pybytes()[offsets[0] : offsets[-1]].decode()


def _pairs(text: str) -> npt.NDArray[np.uint32]:
    """The bit of every pair of neighbouring characters."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    mixed = points[:-1] * _FIRST ^ points[1:] * _SECOND
    return mixed >> np.uint32(32 - _BITS)
