"""`bihuan judge`: automatic verdicts over a span of days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bihuan.archive.store import open_archive
from bihuan.inspection.actions import carry_out_judging, request_judging
from bihuan.inspection.fairness import command as fairness_command
from bihuan.inspection.members import placed_contacts, share_of, unmet
from bihuan.inspection.model_judge import command as model_judge_command
from bihuan.inspection.models import JudgingRun
from bihuan.inspection.trust import command as trust_command
from bihuan.kit.errors import InputError
from bihuan.standards.choosing import edition_by_hash, edition_in_use
from bihuan.standards.rules.applying import kept, outside_said, part_kept, said_of, unmet_said


def mount(app: typer.Typer) -> None:
    app.command()(judge)
    fairness_command.mount(app)
    model_judge_command.mount(app)
    trust_command.mount(app)


def judge(
    first: Annotated[str | None, typer.Option("--from", help="First day, such as 2026-10-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, included.")] = None,
    undated: Annotated[bool, typer.Option("--undated", help="Judge the records without times instead.")] = False,
    edition: Annotated[
        str | None, typer.Option(help="Edition to judge by: an id, a hash or a file; else the one in use.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge days that are judged already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Judge the record by an edition. Interrupted, it goes on where it stopped.

    Examples:

      bihuan judge --from 2026-10-01 --to 2026-10-31 --edition recommended

      bihuan judge --from 2026-10-12 --to 2026-10-12 --edition my-edition.yaml --json

      bihuan judge --undated
    """
    if undated == bool(first or last):
        raise InputError("Say which days, or --undated.", hint="See bihuan judge --help.")
    days = [None if said is None else _day(said) for said in (first, last)]
    by = edition or edition_in_use(days[1] or timezone.localdate()).hash
    run = request_judging("system:cli", edition=by, first=days[0], last=days[1])
    with _bar() as bar:
        task = bar.add_task("Judging", total=run.days_total, contacts=0)

        def progress(day: date | None, contacts: int) -> None:
            seen = bar.tasks[task].fields["contacts"] + contacts
            bar.update(task, advance=1, description=f"Judging {day or 'undated'}", contacts=seen)

        run = carry_out_judging(run, progress=progress, again=again)
    _print(run, _scope(run), as_json)


def _scope(run: JudgingRun) -> dict[str, Any]:
    """The part of the department the edition is for, how many contacts are of it and why the others are not, and the names
    none is of; empty for the whole."""
    part = edition_by_hash(run.edition_hash, run.edition_ref).applies_to
    if part.is_everybody:
        return {}
    archive = open_archive()
    placed = placed_contacts(archive, archive.manifest(run.manifest), part, run.days)
    left = unmet(placed, part)
    return {"applies_to": kept(part), **share_of(placed).to_json(), **({"unmet": left} if left else {})}


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise InputError(f"{said!r} is no day.", hint="Write it as 2026-10-01.") from error


def _print(run: JudgingRun, scope: dict[str, Any], as_json: bool) -> None:
    if as_json:
        told = {
            "run": str(run.pk),
            "edition": run.edition_hash,
            "engine": run.engine,
            "days": run.days_done,
            "contacts_judged": run.contacts_done,
            "manifest": run.manifest,
        }
        Console().print_json(data=told | ({"scope": scope} if scope else {}))
        return
    typer.echo(
        f"Judged {run.contacts_done:,} contacts of {run.days_done} days by {_named(run)} ({run.edition_hash[:8]})."
    )
    if scope:
        typer.echo(
            f"The edition is for {said_of(part_kept(scope['applies_to'])).en}: {scope['inside']:,} of {scope['contacts']:,} "
            f"contacts. Not judged: {outside_said(scope['outside'], 'en') or 'none'}."
        )
    if "unmet" in scope:
        typer.echo(f"No contact is of {unmet_said(scope['unmet']).en}.")


def _named(run: JudgingRun) -> str:
    return "the edition in use" if run.edition_ref == run.edition_hash else run.edition_ref


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[contacts]} contacts"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
