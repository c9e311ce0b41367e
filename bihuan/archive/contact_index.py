"""Which day holds a contact: per contacts file a sorted array of 32-bit sums of its ids, small enough for memory.

A sum may point at a day that does not hold the contact (about one look-up in two thousand at two million contacts);
whoever reads then finds nothing there, so a false hint costs a read and never an answer.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from bihuan.archive.manifest import Manifest, day_of
from bihuan.archive.store import Archive
from bihuan.kit.ids import new_id

Sums = npt.NDArray[np.uint32]


def days_holding(archive: Archive, manifest: Manifest, contact_id: str) -> list[str]:
    """The day keys under which the contact may lie; nearly always one or none."""
    sought = np.uint32(_sum(contact_id))
    days = []
    for day, file in manifest.files("contacts").items():
        sums = _sums(str(archive.root / file.path))
        place = int(np.searchsorted(sums, sought))
        if place < len(sums) and sums[place] == sought:
            days.append(day)
    return sorted(days, key=lambda day: (day_of(day) is None, day))


def build(path: Path) -> Sums:
    """Write the index beside a contacts file."""
    ids = pq.read_table(path, columns=["contact_id"])["contact_id"].to_pylist()
    sums = np.sort(np.fromiter(map(_sum, ids), dtype=np.uint32, count=len(ids)))
    scratch = path.with_suffix(f".{new_id().hex}")
    scratch.write_bytes(sums.astype("<u4").tobytes())
    scratch.replace(path.with_suffix(".ids"))
    return sums


@lru_cache(maxsize=4_096)
def _sums(path: str) -> Sums:
    index = Path(path).with_suffix(".ids")
    return np.frombuffer(index.read_bytes(), dtype="<u4") if index.exists() else build(Path(path))


def _sum(contact_id: str) -> int:
    return zlib.crc32(contact_id.encode())
