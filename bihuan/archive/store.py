"""Where the record lies, and how a new state replaces the old one so that no crash leaves half of it.

    <root>/<table>/day=2026-07-01/<hash>.parquet   immutable
    <root>/manifests/<hash>.json                   a complete state
    <root>/HEAD                                    the hash of the current one
    <root>/staging/…, <root>/tmp/…                 work under way; no manifest names it

Order of writing: files, manifest, HEAD; each is flushed before the next, HEAD is replaced by a rename.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.archive.engine import is_held
from bihuan.archive.manifest import Manifest, PartitionFile
from bihuan.kit.ids import new_id

_BLOCK = 1 << 20
_FLUSHED_ONE_BY_ONE = 64


class Archive:
    """A record on disk: opening costs nothing, every read pins one manifest, every write makes a new one."""

    def __init__(self, root: str | Path, zone: ZoneInfo, cutover_hour: int = 0) -> None:
        self.root = Path(root)
        self.zone = zone
        self.cutover_hour = cutover_hour
        self._unflushed: list[Path] = []
        for folder in ("manifests", "staging", "tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)

    def head(self) -> Manifest:
        """The current state."""
        try:
            return self.manifest((self.root / "HEAD").read_text().strip())
        except FileNotFoundError:
            return Manifest()

    def manifest(self, hash_: str) -> Manifest:
        """An earlier state by its hash. FileNotFoundError when it was pruned or never was."""
        if hash_ == Manifest().hash:
            return Manifest()
        return _opened(str(self.root / "manifests" / f"{hash_}.json"))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time, over all processes and threads; the lock dies with its holder."""
        with (self.root / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def advance(self, change: Callable[[Manifest], Manifest]) -> Manifest:
        """Make `change(head)` the current state; call inside `writing()`. Returns the new state."""
        self._flush_files()
        manifest = change(self.head())
        target = self.root / "manifests" / f"{manifest.hash}.json"
        if not target.exists():
            self._replace(target, manifest.to_json())
        self._replace(self.root / "HEAD", manifest.hash)
        return manifest

    def scratch(self, suffix: str = "") -> Path:
        """A name nobody else uses, below tmp/."""
        return self.root / "tmp" / f"{new_id().hex}{suffix}"

    def keep_file(self, scratch: Path, folder: str, rows: int, **facts: int | str | None) -> PartitionFile:
        """Move a finished file to its place, named by its content. The same content keeps the same file."""
        digest = _sha256(scratch)
        path = Path(folder) / f"{digest[:32]}.parquet"
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch.replace(target)
        self._unflushed.append(target)
        return PartitionFile(str(path), rows, digest, **facts)  # type: ignore[arg-type]  # two typed keywords

    def _flush_files(self) -> None:
        """Bring kept files to the disk before a manifest names them; many at once by one order to the system."""
        if len(self._unflushed) > _FLUSHED_ONE_BY_ONE:
            os.sync()
        else:
            for path in {*self._unflushed, *(path.parent for path in self._unflushed)}:
                _flush(path)
        self._unflushed.clear()

    def prune(self, *, keep: Iterable[str]) -> int:
        """Delete manifests that nobody cites, and files that no kept manifest names. Returns files deleted.

        `keep` holds the hashes that results cite; the current state always stays.
        """
        with self.writing():
            kept = {*keep, self.head().hash}
            named = {path for hash_ in kept for path in self.manifest(hash_).paths()}
            stale = [
                file for file in self.root.glob("*/**/*.parquet")
                if file.relative_to(self.root).parts[0] not in ("staging", "tmp")
                and str(file.relative_to(self.root)) not in named
            ]  # fmt: skip
            stale += [file for file in (self.root / "manifests").glob("*.json") if file.stem not in kept]
            for file in stale:
                file.unlink()
                for index in (".sums", ".pairs", ".kept"):
                    file.with_suffix(index).unlink(missing_ok=True)
            self._sweep_tmp()
        return len(stale)

    def _sweep_tmp(self) -> None:
        """What work that was killed left behind; single files are only ever made inside `writing()`."""
        for leftover in (self.root / "tmp").iterdir():
            if not leftover.is_dir():
                leftover.unlink()
            elif not is_held(leftover):
                shutil.rmtree(leftover)

    def _replace(self, target: Path, text: str) -> None:
        scratch = self.scratch()
        scratch.write_text(text)
        _flush(scratch)
        scratch.replace(target)
        _flush(target.parent)


def open_archive() -> Archive:
    """The record of this installation, by its settings."""
    cutover = getattr(settings, "CUTOVER_HOUR", 0)
    return Archive(settings.ARCHIVE_ROOT, ZoneInfo(settings.TIME_ZONE), cutover)


@lru_cache(maxsize=32)
def _opened(path: str) -> Manifest:
    return Manifest.from_json(Path(path).read_text())


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
