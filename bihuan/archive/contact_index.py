"""Which day holds a contact: per contacts file a sorted array of 32-bit sums of its ids, small enough for memory.

Contacts are found by their own id and by the id their source gave them. A sum may point at a day that does not hold the
contact (about one look-up in a thousand at two million contacts); whoever reads then finds nothing there, so a false
hint costs a read and never an answer.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.archive.manifest import Manifest, day_of
from bihuan.archive.store import Archive
from bihuan.kit.ids import new_id

IDS: Final = ("contact_id", "external_id")
Sums = npt.NDArray[np.uint32]


def days_holding(archive: Archive, manifest: Manifest, contact_id: str) -> list[str]:
    """The day keys under which a contact of this id may lie; nearly always one or none."""
    sought = np.uint32(_sum(contact_id))
    days = []
    for day, file in manifest.files("contacts").items():
        sums = _sums(str(archive.root / file.path))
        place = int(np.searchsorted(sums, sought))
        if place < len(sums) and sums[place] == sought:
            days.append(day)
    return sorted(days, key=lambda day: (day_of(day) is None, day))


def write(path: Path, ids: pa.Table) -> Sums:
    """Write the index beside a contacts file whose columns IDS are given."""
    different = pa.chunked_array([chunk for name in IDS for chunk in ids[name].chunks], pa.string()).unique()
    sums = np.sort(np.array([_sum(one) for one in different.drop_null().to_pylist()], dtype="<u4"))
    scratch = path.with_suffix(f".{new_id().hex}")
    scratch.write_bytes(sums.tobytes())
    scratch.replace(path.with_suffix(".sums"))
    return sums


@lru_cache(maxsize=4_096)
def _sums(path: str) -> Sums:
    index = Path(path).with_suffix(".sums")
    if index.exists():
        return np.frombuffer(index.read_bytes(), dtype="<u4")
    return write(Path(path), pq.ParquetFile(path).read(columns=list(IDS)))


def _sum(contact_id: str) -> int:
    return zlib.crc32(contact_id.encode())
