"""`bihuan up`: everything on one machine, from nothing to a running site."""

from __future__ import annotations

import errno
import http.client
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer
from django.contrib.auth import get_user_model
from rich.console import Console
from rich.panel import Panel

from bihuan.archive.store import open_archive
from bihuan.config import bytecode, database
from bihuan.config.environment import Environment, read_environment
from bihuan.config.processes import postgres
from bihuan.config.processes.supervisor import Program, Supervisor, python_program, sole_owner
from bihuan.demo.standing import are_whole, missing_days
from bihuan.demo.telling import account_lines, telling
from bihuan.demo.world import DAYS, load_world
from bihuan.kit.errors import InputError, Refusal
from bihuan.ui import assets, messages

WEB_START_SECONDS = 60.0
BROKEN = 500
_ERROR = re.compile(r"\w*(Error|Exception)\b.*:")
console = Console(stderr=True, highlight=False)


class DemoInProduction(Refusal):
    message = "The demo makes accounts with printed passwords and is refused in production."


class DemoForOthers(Refusal):
    message = (
        "Its accounts have printed passwords: a demo is served on this machine alone (127.0.0.1), not on %(host)s."
    )


def mount(app: typer.Typer) -> None:
    app.command()(up)


def up(
    demo_world: Annotated[
        bool, typer.Option("--demo", help="Fill an empty installation with the demo department.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port on this machine's loopback address.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Start database, web and worker, and keep them running until Ctrl-C.

    Examples:

      bihuan up                 an empty department, ready for your own data

      bihuan up --demo          a department of 60 people with 90 days of life
    """
    environment = read_environment()
    is_demo = demo_world or load_world(environment.home) is not None
    if demo_world and environment.production:
        raise DemoInProduction
    if is_demo and not _is_loopback(host):
        raise DemoForOthers(host=host)
    address = f"http://{host}:{port}/"
    with sole_owner(environment.home, address):
        _refuse_taken(host, port)
        supervisor = Supervisor(announce=lambda sentence: console.print(sentence, style="yellow"))
        try:
            with ThreadPoolExecutor(1) as beside:
                files = beside.submit(_prepare_files, environment)
                _start_database(supervisor, environment)
                if demo_world and not _stands(environment):
                    _seed_first_days(environment)
                with _telling("Interface files"):
                    files.result()
            _start_serving(supervisor, environment, host, port)
            _announce(address, environment)
            if demo_world:
                _queue_the_rest(environment)
            _stop_on_signals(supervisor)  # until here Ctrl-C interrupts what is being prepared
            supervisor.watch()
        finally:
            with _telling("Stopping"):
                supervisor.stop()


def _prepare_files(environment: Environment) -> None:
    """Browser packages, compiled texts and compiled modules; made while the database is being started."""
    bytecode.compile_own()
    assets.install(environment.home)
    for part in messages.parts():
        messages.compile_part(part)


def _start_database(supervisor: Supervisor, environment: Environment) -> None:
    if not environment.database_url:
        with _telling("Database"):
            cluster = postgres.prepare(environment.home)
            supervisor.start([Program("database", lambda: postgres.start(cluster), signal.SIGINT)])
            database.point_settings_at_socket()
    with _telling("Tables"):
        database.migrate()


def _start_serving(supervisor: Supervisor, environment: Environment, host: str, port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    supervisor.start([_web(environment.home, host, port)])
    with _telling("Web server"):
        _wait_for(host, port, log=environment.home / "log" / "web.log")
    supervisor.start([_worker(environment.home)])  # after the first page, which it would only slow down


def _web(home: Path, host: str, port: int) -> Program:
    options = ["--host", host, "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "2"]
    arguments = ["-m", "uvicorn", "bihuan.config.asgi:application", *options]
    return python_program("web", arguments, home, python=sys.executable)


def _worker(home: Path) -> Program:
    arguments = ["-m", "django", "procrastinate", "worker", "--concurrency", "2", "--shutdown-graceful-timeout", "5"]
    return python_program("worker", arguments, home, python=sys.executable, env={"BIHUAN_WORKER": "1"})


def _stands(environment: Environment) -> bool:
    """Is the department there to be shown? Then whatever is left to do can wait for the worker."""
    world = load_world(environment.home)
    return world is not None and are_whole(open_archive(), world.first_days)


def _seed_first_days(environment: Environment) -> None:
    # nearly every part of the house: a second start should not load it before it serves
    from bihuan.demo import actions as demo
    from bihuan.demo.trusted import review_days

    with telling(console) as progress:
        world = demo.make_world(environment.home, days=DAYS, agents=60, scale=1.0, progress=progress)
        if demo.seed_days(world, world.first_days, progress):
            demo.appraise_seeded(world, progress)
            progress("evaluations", 0, 1)
            review_days(world)  # the desks of inspectors and of their group are not empty on the first page
            progress("evaluations", 1, 1)


def _queue_the_rest(environment: Environment) -> None:
    from bihuan.demo.tasks import catch_up, seed_more_days  # as above

    world = load_world(environment.home)
    assert world is not None
    missing = missing_days(open_archive(), world.all_days)
    if missing:
        console.print(f"{len(missing)} earlier days follow in the background; the pages fill up as they come.")
    (seed_more_days if missing else catch_up).defer()


def _announce(address: str, environment: Environment) -> None:
    lines = [f"Bihuan 闭环 runs at [bold]{address}[/bold]", "Ctrl-C stops it; everything is kept."]
    world = load_world(environment.home)
    if world:
        lines += ["", "Accounts of the demo department (role, staff number, password, name):", *account_lines(world)]
    elif not _somebody_may_sign_in():
        lines += ["", "Nobody may sign in yet. In another terminal, in this folder:"]
        lines += [f"  {sys.argv[0]} people first-administrator 9001 NAME"]
    Console(highlight=False).print(Panel("\n".join(lines), expand=False, border_style="green"))


def _somebody_may_sign_in() -> bool:
    return get_user_model().objects.exists()


def _stop_on_signals(supervisor: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stopping.set())


def _is_loopback(host: str) -> bool:
    """Whether every address of the name is this machine's own; a name that is no address yet is nobody's."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ip_address(str(one).partition("%")[0]).is_loopback for one in found)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sentence = f"Port {port} is taken by another program."
                hint = "Choose one: bihuan up --port 8001, or make demo PORT=8001"
            else:
                sentence, hint = (
                    f"Nothing can listen on {host}:{port}: {error.strerror}.",
                    "Leave --host out to listen on this machine alone.",
                )
            raise InputError(sentence, hint=hint) from error


def _wait_for(host: str, port: int, *, log: Path) -> None:
    """Return with the first answer. Any below 500 will do: in production a plain request is turned away, yet served."""
    deadline = time.monotonic() + WEB_START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status < BROKEN:
                return
            break  # a page that breaks once breaks again
        except (http.client.HTTPException, OSError):
            time.sleep(0.1)
        finally:
            connection.close()
    raise InputError("The web server did not start.", hint=_last_error(log))


def _last_error(log: Path) -> str:
    """What the log says went wrong, and where the whole of it is."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    told = next((line.strip() for line in reversed(lines) if _ERROR.match(line)), "")
    return f"{told}\n{log} tells more." if told else f"Its log is {log}."


@contextmanager
def _telling(what: str) -> Iterator[None]:
    started = time.monotonic()
    with console.status(f"{what} …"):
        yield
    console.print(f"[green]✓[/green] {what} [dim]{time.monotonic() - started:.1f} s[/dim]")
