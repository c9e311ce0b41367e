"""A real site for journeys: its own database, 12 agents × 7 days of the demo department, a web process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests

DATABASE = "journeys"
AGENTS, DAYS = 12, 7
START_SECONDS = 60.0
COMMAND = [sys.executable, "-c", "from bihuan.config.cli import main; main()"]


@dataclass(frozen=True)
class Account:
    role: str
    number: str
    name: str
    password: str


class WebProcess:
    """Answers on one port; may be killed and started again."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.port = env, _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--log-level", "warning"]
        command = [sys.executable, "-m", "uvicorn", "bihuan.config.asgi:application", *options]
        self.process = subprocess.Popen(command, env=self.env)
        _wait(f"{self.url}/healthz", self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@dataclass(frozen=True)
class Site:
    """`url` without a slash at its end; `accounts` by role; `env` runs commands against the same installation."""

    url: str
    home: Path
    accounts: dict[str, Account]
    env: dict[str, str]
    web: WebProcess

    def signed_in(self, role: str) -> requests.Session:
        """A session of that role's account, past the sign-in page."""
        session = requests.Session()
        page = session.get(f"{self.url}/accounts/login/", timeout=30)
        token = session.cookies["csrftoken"]
        account = self.accounts[role]
        answer = session.post(
            f"{self.url}/accounts/login/",
            {"login": account.number, "password": account.password, "csrfmiddlewaretoken": token},
            headers={"Referer": page.url},
            timeout=30,
        )
        assert "/accounts/login/" not in answer.url, f"{role} could not sign in"
        return session

    def asked(self, query: str, *values: str) -> list[str]:
        """The first column of what the database answers."""
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            return [row[0] for row in connection.execute(query, values or None)]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], env=self.env, capture_output=True, text=True, check=False)


@contextmanager
def running_site(home: Path, vendor: Path, database_url: str) -> Iterator[Site]:
    """Seed and serve; everything ends with the block."""
    env = {**os.environ, "BIHUAN_HOME": str(home), "DATABASE_URL": fresh_database(DATABASE, database_url)}
    env["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    if vendor.is_dir():
        (home / "vendor").symlink_to(vendor)
    seeded = subprocess.run(
        [*COMMAND, "seed", "--days", str(DAYS), "--agents", str(AGENTS), "--json"],
        env=env,
        capture_output=True,
        text=True,
    )
    assert seeded.returncode == 0, seeded.stderr
    accounts = [Account(*fields) for fields in json.loads((home / "demo.json").read_text())["accounts"]]
    web = WebProcess(env)
    try:
        yield Site(web.url, home, {account.role: account for account in accounts}, env, web)
    finally:
        web.stop()


def fresh_database(name: str, url: str) -> str:
    """The address of a fresh database beside the one given, so that no other test shares its rows."""
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the web process ended"
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            continue
    raise AssertionError("the web process did not answer")
