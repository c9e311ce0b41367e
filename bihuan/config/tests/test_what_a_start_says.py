"""What `bihuan up` tells somebody who has never seen it: what broke, and what to do first."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bihuan.config import commands
from bihuan.config.environment import read_environment
from bihuan.kit.errors import InputError
from bihuan.people.models import User

LOG = """INFO:     Started server process
Traceback (most recent call last):
  File "urls.py", line 3, in <module>
ImportError: cannot import name 'page' from 'views'
INFO:     Finished server process
"""


@pytest.fixture
def asked() -> list[str]:
    """The addresses the server was asked for."""
    return []


@pytest.fixture
def answering(request: pytest.FixtureRequest, asked: list[str]) -> Iterator[int]:
    """A server on a free port that answers everything with one status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(request.param)
            self.send_header("Location", "https://nowhere.invalid/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.mark.parametrize("answering", [200, 301, 400], indirect=True)
def test_a_server_that_turns_a_plain_request_away_serves(answering: int, asked: list[str], tmp_path: Path) -> None:
    commands._wait_for("127.0.0.1", answering, log=tmp_path / "web.log")
    assert asked == ["/healthz"]


@pytest.mark.parametrize("answering", [500], indirect=True)
def test_a_broken_page_ends_the_wait_with_what_the_log_says(answering: int, tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text(LOG)
    with pytest.raises(InputError) as stopped:
        commands._wait_for("127.0.0.1", answering, log=log)
    assert "ImportError: cannot import name 'page' from 'views'" in stopped.value.hint
    assert str(log) in stopped.value.hint


def test_without_an_answer_the_log_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "WEB_START_SECONDS", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(InputError, match="did not start") as stopped:
            commands._wait_for("127.0.0.1", free.getsockname()[1], log=tmp_path / "web.log")
    assert str(tmp_path / "web.log") in stopped.value.hint


@pytest.mark.django_db
def test_an_installation_without_accounts_says_how_to_make_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = replace(read_environment(), home=tmp_path)
    commands._announce("http://127.0.0.1:8000/", environment)
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())  # a long path breaks the line
    assert "people first-administrator 9001" in said
    User.objects.create(username="9001")
    commands._announce("http://127.0.0.1:8000/", environment)
    assert "first-administrator" not in capsys.readouterr().out


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "nowhere.invalid"])
def test_a_demo_is_served_on_this_machine_alone(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path))
    with pytest.raises(commands.DemoForOthers) as refused:
        commands.up(demo_world=True, port=8000, host=host)
    assert host in str(refused.value)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_loopback_addresses_are_this_machines_own(host: str, own: bool) -> None:
    assert commands._is_loopback(host) is own
