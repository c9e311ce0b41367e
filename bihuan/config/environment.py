"""Where this installation lives and how it is told apart from others: read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import bihuan
from bihuan.kit.errors import InputError

SOURCE = Path(bihuan.__file__).resolve().parent


@dataclass(frozen=True)
class Environment:
    """`home` holds all that this installation writes: database, archive, vendored assets, logs, secrets."""

    home: Path
    production: bool
    worker: bool
    zone: ZoneInfo
    hosts: tuple[str, ...]
    database_url: str

    @property
    def archive(self) -> str:
        return os.environ.get("BIHUAN_ARCHIVE", str(self.home / "archive"))


def read_environment() -> Environment:
    """The environment of this process; `BIHUAN_HOME` defaults to `var/` in the working directory."""
    home = Path(os.environ.get("BIHUAN_HOME", "var")).resolve()
    return Environment(
        home=home,
        production=os.environ.get("BIHUAN_PRODUCTION", "") == "1",
        worker=os.environ.get("BIHUAN_WORKER", "") == "1",
        zone=_zone(os.environ.get("BIHUAN_ZONE", "Asia/Shanghai")),
        hosts=tuple(os.environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")),
        database_url=os.environ.get("DATABASE_URL", ""),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"BIHUAN_ZONE: {name} is no time zone.", hint="Name it as in Asia/Shanghai.") from error


def secret_key(home: Path) -> str:
    """The installation's signing key: from `BIHUAN_SECRET_KEY`, else made once and kept readable by its owner only."""
    given = os.environ.get("BIHUAN_SECRET_KEY")
    if given:
        return given
    path = home / "secret-key"
    if not path.exists():
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"BIHUAN_HOME: {home} cannot be made: {error.strerror}.", hint="Name a folder this account may write."
            ) from error
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def socket_folder(home: Path) -> Path:
    """Where the embedded database listens. A unix socket's path ends at 107 bytes: a deep home points elsewhere."""
    pointer = home / "postgres.location"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    return home / "postgres"
