"""Opening what was handed in: what it is by its first bytes, unpacked as a stream, with an eye on bombs."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from bihuan.archive.sources.limits import BLOCK_BYTES, FREE_EXPANSION_BYTES, MAX_EXPANSION
from bihuan.kit.errors import InputError

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_PARQUET: Final = b"PAR1"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_BROKEN: Final = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Source:
    """A file by what it is: `content` text, parquet or xlsx; `packing` plain, gz or zip (one member)."""

    path: Path
    content: str
    packing: str
    size: int


class Unpacked:
    """A byte stream that counts what it gives and refuses to unfold a bomb. `consumed` is bytes of the file itself."""

    def __init__(self, source: Source, raw: IO[bytes], stream: IO[bytes]) -> None:
        self._source = source
        self._raw = raw
        self._stream = stream
        self.given = 0

    @property
    def consumed(self) -> int:
        return self._raw.tell()

    def read(self, size: int = BLOCK_BYTES) -> bytes:
        """Up to `size` bytes; b"" at the end. Raises InputError where the archive is broken or a bomb."""
        try:
            block = self._stream.read(size)
        except _BROKEN as error:
            raise InputError(
                "The file ends too early or its packing is damaged.", hint="Compare sizes and export it again."
            ) from error
        self.given += len(block)
        if self.given > FREE_EXPANSION_BYTES and self.given > MAX_EXPANSION * self._source.size:
            raise InputError(
                f"The archive unfolds to more than {MAX_EXPANSION} times its size.",
                hint="Unpack it yourself and look inside.",
            )
        return block


def identify(path: Path) -> Source:
    """What the file is, by its first bytes and never by its name. Raises InputError where it cannot be read."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder.", hint="Name one file; import several one by one.") from error
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.") from error
    if size == 0:
        raise InputError("The file is empty.")
    if head.startswith(_PARQUET):
        return Source(path, "parquet", "plain", size)
    if head.startswith(_OLD_OFFICE):
        raise InputError(
            "This is an old Excel workbook (.xls) or a protected one.", hint="Save it as .xlsx without a password."
        )
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _identify_zip(path, size)
    return Source(path, "text", "gz" if head.startswith(_GZIP) else "plain", size)


def _identify_zip(path: Path, size: int) -> Source:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (*_BROKEN, OSError, ValueError) as error:
        raise InputError("The zip archive is damaged.", hint="Export it again.") from error
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names:
        return Source(path, "xlsx", "plain", size)
    inner = [member for member in members if not member.is_dir() and not member.filename.startswith("__MACOSX/")]
    if len(inner) != 1:
        raise InputError(f"The zip archive holds {len(inner)} files; one is expected.", hint="Import them one by one.")
    if inner[0].flag_bits & 1:
        raise InputError("The zip archive is protected by a password.", hint="Unpack it first.")
    return Source(path, "text", "zip", size)


@contextmanager
def unpacked(source: Source) -> Iterator[Unpacked]:
    """The text bytes of a source, from the start."""
    with source.path.open("rb") as raw:
        if source.packing == "gz":
            yield Unpacked(source, raw, gzip.GzipFile(fileobj=raw))  # type: ignore[arg-type]  # GzipFile reads like IO[bytes]
        elif source.packing == "zip":
            with zipfile.ZipFile(raw) as archive:
                name = next(m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/"))
                try:
                    member = archive.open(name)
                except _BROKEN as error:
                    raise InputError("The zip archive is damaged.", hint="Export it again.") from error
                with member:
                    yield Unpacked(source, raw, member)
        else:
            yield Unpacked(source, raw, raw)
