"""Where files handed in are kept: below `uploads/` in the installation's home, under random names, never served."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import InputError

LARGEST_UPLOAD: Final = 1024 * 1024 * 1024
"""Bytes of one file through the browser or the API; larger ones go in by the command `bihuan import`."""
LARGEST_MAPPING: Final = 1024 * 1024
TOO_LARGE: Final = _("The file is larger than 1 GB.")
USE_COMMAND: Final = _("Import it on the server: bihuan import FILE --source NAME.")
_LONGEST_NAME: Final = 200
_NAME: Final = re.compile(r"[0-9a-f]{32}")


def keep(content: Iterable[bytes], *, largest: int | None = None) -> tuple[str, int]:
    """Write a file away; answers its random name and size. Raises InputError, keeping nothing, where it is too large."""
    limit = LARGEST_UPLOAD if largest is None else largest
    name = secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    size = 0
    try:
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for block in content:
                size += len(block)
                if size > limit:
                    raise InputError(TOO_LARGE, hint=USE_COMMAND)
                file.write(block)
    except BaseException:
        drop(name)
        raise
    return name, size


def kept(name: str) -> Path:
    """The place of a kept file."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name of a kept file: {name!r}")
    return _folder() / name


def drop(name: str) -> None:
    """Remove a kept file; nothing happens where there is none."""
    if name:
        kept(name).unlink(missing_ok=True)


def plain_name(name: str) -> str:
    """A file's own name without folders or anything that cannot be printed, to be shown only."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(char for char in last if char.isprintable())
    return printable[-_LONGEST_NAME:] or "file"


def _folder() -> Path:
    return Path(settings.HOME) / "uploads"
