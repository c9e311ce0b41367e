"""`bihuan fairness`: the counterfactual suite over the checks of an edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bihuan.inspection.actions.fairness import carry_out_fairness, request_fairness
from bihuan.inspection.fairness.suite import limits_of
from bihuan.inspection.model_judge.endpoint import read_endpoint
from bihuan.inspection.model_judge.refusals import ModelJudgeOff
from bihuan.inspection.models import FairnessRun
from bihuan.standards.choosing import named_or_in_use
from bihuan.standards.rules.edition import Edition

NOT_CLEAN: Final = 1


def mount(app: typer.Typer) -> None:
    app.command()(fairness)


def fairness(
    edition: Annotated[
        str | None,
        typer.Option("--edition", "-e", help="A published or shipped edition, or a file; else the one in use."),
    ] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")] = None,
    contacts: Annotated[
        int | None, typer.Option(min=1, help="How many conversations to try; else as many as the edition asks for.")
    ] = None,
    model: Annotated[bool, typer.Option("--model", help="Put questions to the model judge too; it costs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Exchange customer's name, address, region, agent and order of messages, and see whether any verdict changes.

    The conversations are drawn from the record, the same ones every time; without days from its newest ones. What is found
    is kept: a check above the edition's limit may not count. Exit code 1 where one that a score takes notice of is.

    Examples:

      bihuan fairness

      bihuan fairness --edition recommended --from 2026-10-01 --to 2026-10-31 --contacts 2000 --json

      bihuan fairness --edition ours.yaml --contacts 100 --model
    """
    standard = named_or_in_use(edition, timezone.localdate())
    if model and read_endpoint() is None:
        raise ModelJudgeOff
    run = request_fairness(
        "system:cli",
        edition=standard,
        ref=edition or standard.hash,
        first=first and first.date(),
        last=last and last.date(),
        contacts=contacts,
    )
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Exchanging", total=None)
        run = carry_out_fairness(
            run,
            edition=standard,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            model=model,
        )
    unfair = [one["item"] for one in run.found if one["fair"] is False and one["counts"]]
    if as_json:
        Console().print_json(data=answer_of(standard, run))
    else:
        _print(standard, run, unfair)
    if unfair:
        raise typer.Exit(NOT_CLEAN)


def answer_of(edition: Edition, run: FairnessRun) -> Mapping[str, Any]:
    """A finished run as JSON-like values."""
    limits = limits_of(edition)
    return {
        "run": str(run.pk),
        "edition": {"id": edition.id, "version": edition.version, "hash": edition.hash},
        "conversations": run.contacts,
        "limits": {"flips_at_most": limits.flips, "shift_at_most": limits.shift, "least_contacts": limits.least},
        "items": run.found,
    }


def _print(edition: Edition, run: FairnessRun, unfair: Sequence[str]) -> None:
    limits = limits_of(edition)
    kinds = [(one["item"], kind) for one in run.found for kind in one["kinds"]]
    table = Table("item", "exchanged", "n", "flip rate %", "mean shift %", "under", "")
    for item, kind in kinds:
        flips = kind["flip_rate"]
        if flips["value"]:
            mark = {True: "above the limit", False: "within", None: "no limit"}[kind["above_limit"]]
            shift = _percent(kind["mean_shift"]["value"])
            by = kind["shifted_by"] or ""
            table.add_row(item, kind["kind"], f"{flips['n']:,}", _percent(flips["value"]), shift, by, mark)
    typer.echo(f"{edition.id} {edition.version}: {run.contacts:,} conversations, {len(run.found)} items.")
    Console().print(table if table.row_count else "No verdict changed under any exchange.")
    if few := sum(kind["flip_rate"]["value"] is None for _, kind in kinds):
        typer.echo(f"{few} of {len(kinds)} rest on fewer than {limits.least} conversations and are not judged.")
    if limits.flips is None and limits.shift is None:
        typer.echo("The edition sets no limit (fairness.flips_at_most, fairness.shift_at_most): nothing is judged.")
    if unfair:
        typer.echo(f"Above the limit, and therefore may not count: {', '.join(unfair)}.")


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f}"
