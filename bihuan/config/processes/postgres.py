"""The embedded database: made on first use, listening on a unix socket only, mended after a hard kill."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bihuan.config.environment import Environment, socket_folder
from bihuan.config.processes.binaries import Binaries, find_binaries
from bihuan.config.processes.child import is_alive, spawn
from bihuan.kit.errors import InputError

NAME = "bihuan"
OWNER = "app"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS = 60.0
STOP_SECONDS = 20.0
OPTIONS = (
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=256MB",
    "jit=off",
    "timezone=UTC",
    "unix_socket_permissions=0700",
)
INITDB = (
    "--username=app",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=trust",
    "--no-instructions",
)


@dataclass(frozen=True)
class Cluster:
    """One embedded database: its folder (data, socket, log live in it), binaries, and the user it runs as."""

    folder: Path
    binaries: Binaries
    user: tuple[int, int] | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return f"postgresql://{OWNER}@/{NAME}?host={self.folder}"

    def env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def running(environment: Environment) -> Iterator[None]:
    """A database for the length of one command: the given one, the one already running, or one started for it."""
    if environment.database_url or answers(socket_folder(environment.home)):
        yield
        return
    cluster = prepare(environment.home)
    process = start(cluster)
    try:
        yield
    finally:
        stop(process)


def prepare(home: Path) -> Cluster:
    """The cluster below `home`, created on first use (some seconds)."""
    home.mkdir(parents=True, exist_ok=True)
    user = _unprivileged()
    folder = _folder(home, user)
    binaries = find_binaries()
    if user and binaries.parts and not _reachable(binaries.bin, user):
        binaries = binaries.moved_to(folder)
    cluster = Cluster(folder, binaries, user)
    if not (cluster.data / "PG_VERSION").exists():
        _initialise(cluster)
    return cluster


def start(cluster: Cluster, options: Iterable[str] = OPTIONS) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers and the database exists."""
    _clear_leftovers(cluster)
    command: list[str | Path] = [cluster.binaries.bin / "postgres", "-D", cluster.data, "-k", cluster.folder]
    for option in options:
        command += ["-c", option]
    process = _launch(cluster, command, death_signal=signal.SIGINT)
    _wait(cluster, process)
    _create_database(cluster)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions roll back, nothing committed is lost."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()


def answers(folder: Path) -> bool:
    """Whether a server listens in this socket folder."""
    if not (folder / ".s.PGSQL.5432").exists():
        return False
    try:
        psycopg.connect(f"postgresql://{OWNER}@/postgres?host={folder}", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _unprivileged() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root; root therefore lends it the account `nobody`."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid


def _folder(home: Path, user: tuple[int, int] | None) -> Path:
    pointer = home / "postgres.location"
    folder = socket_folder(home)
    if not pointer.exists() and (len(os.fsencode(folder)) > SOCKET_LIMIT or (user and not _reachable(home, user))):
        # a random name: a home that was thrown away and made again must not find the old data
        folder = _shelter(user) / secrets.token_hex(6)
        pointer.write_text(str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if user:
        os.chown(folder, *user)
    return folder


def _shelter(user: tuple[int, int] | None) -> Path:
    if user:
        return Path("/var/lib/bihuan")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "bihuan"


def _reachable(path: Path, user: tuple[int, int]) -> bool:
    """Whether an account of no groups may enter every folder on the way to `path`."""
    for folder in [path, *path.parents]:
        status = folder.stat()
        owner = status.st_uid == user[0] and status.st_mode & 0o100
        if folder.is_dir() and not owner and not status.st_mode & 0o001:
            return False
    return True


def _initialise(cluster: Cluster) -> None:
    process = _launch(cluster, [cluster.binaries.bin / "initdb", "-D", cluster.data, *INITDB])
    if process.wait():
        raise InputError("The database could not be created.", hint=f"Its log is {cluster.folder / 'log'}.")


def _launch(
    cluster: Cluster, command: list[str | Path], death_signal: signal.Signals = signal.SIGTERM
) -> subprocess.Popen[bytes]:
    log = cluster.folder / "log"
    environment = cluster.env()
    return spawn(command, env=environment, cwd=cluster.folder, log=log, death_signal=death_signal, user=cluster.user)


def _clear_leftovers(cluster: Cluster) -> None:
    """After kill −9 the lock files name a process that is dead or a zombie; PostgreSQL itself would refuse a zombie."""
    for lock in (cluster.data / "postmaster.pid", cluster.folder / ".s.PGSQL.5432.lock"):
        if not lock.exists():
            continue
        first = lock.read_text().split("\n", 1)[0].strip()
        if not first.isdigit() or not is_alive(int(first)):
            lock.unlink()


def _wait(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(cluster.folder):
        if process.poll() is not None or time.monotonic() > deadline:
            raise InputError("The database did not start.", hint=f"Its log is {cluster.folder / 'log'}.")
        time.sleep(0.05)


def _create_database(cluster: Cluster) -> None:
    with psycopg.connect(f"postgresql://{OWNER}@/postgres?host={cluster.folder}", autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone()
        if not exists:
            connection.execute(f'CREATE DATABASE "{NAME}"')
