"""`bihuan people …`: rosters and first accounts from the command line."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from bihuan.kit.errors import InputError, Refusal
from bihuan.people import actions
from bihuan.people.actions import RosterOutcome
from bihuan.people.labels import issue_text
from bihuan.people.roster_files import LARGEST_FILE

people = typer.Typer(help="Staff: rosters, first accounts.", no_args_is_help=True)
_ACTOR = "system:cli"


class AfterRoster:
    """What follows a roster beyond people (the record's own list of keys); whoever knows the higher parts sets it."""

    steps: Callable[[], object] | None = None


def lend_after_roster(steps: Callable[[], object]) -> None:
    """Let a roster that was carried out be followed by this."""
    AfterRoster.steps = staticmethod(steps)


class RowsRejected(Refusal):
    """Some rows did not land; the good ones did."""

    message = "%(count)s rows were rejected; the others were taken."


@people.command("import-roster")
def import_roster(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX; UTF-8 or GBK.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day on which changes take effect; today by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Take in a roster: new people join, known ones are moved or changed, bad rows are named. Twice is once.

    Examples:

      bihuan people import-roster staff.xlsx --dry-run

      bihuan people import-roster staff.csv --json
    """
    if not file.is_file():
        raise InputError(f"{file} is not a file.", hint="Give a CSV or XLSX file.")
    if file.stat().st_size > LARGEST_FILE:
        raise InputError("The file is larger than 5 MB.", hint="Split it into smaller ones.")
    day = on.date() if on else timezone.localdate()
    console = Console(stderr=True)
    # where nobody watches, a bar that vanishes would leave an empty line
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(file.name, total=None)
        outcome = actions.import_roster(
            _ACTOR,
            data=file.read_bytes(),
            on=day,
            dry_run=dry_run,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if not dry_run and AfterRoster.steps is not None:
        AfterRoster.steps()
    typer.echo(json.dumps(outcome.to_json(), ensure_ascii=False) if as_json else _told(outcome))
    if outcome.issues:
        raise RowsRejected(count=outcome.rejected)


@people.command("first-administrator")
def first_administrator(
    number: Annotated[str, typer.Argument(help="Staff number; the name to sign in with.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
) -> None:
    """Enter the first administrator of a new installation; the password is asked for, or read from standard input.

    Examples:

      bihuan people first-administrator 9001 冯管

      echo "$PASSWORD" | bihuan people first-administrator 9001 冯管
    """
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InputError("The password is empty.")
    actions.first_administrator(_ACTOR, number=number, name=name, password=password, on=timezone.localdate())
    typer.echo(f"{number} may sign in.")


def mount(app: typer.Typer) -> None:
    """Register the verbs about staff."""
    app.add_typer(people, name="people")


def _told(outcome: RosterOutcome) -> str:
    """The outcome in a few lines."""
    verb = "would be" if outcome.dry else "were"
    counts = f"{outcome.rows} rows: {len(outcome.added)} people {verb} added, {len(outcome.changed)} changed, "
    lines = [f"{counts}{outcome.unchanged} unchanged, {outcome.rejected} rejected."]
    lines += [f"left alone: {', '.join(outcome.ignored)}"] if outcome.ignored else []
    lines += [
        f"line {issue.line} {issue.column}: {issue_text(issue.code, issue.value)}".replace(" :", ":")
        for issue in outcome.issues
    ]
    return "\n".join(lines)
