"""`bihuan trust`: how far each check of an edition is trusted."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from bihuan.inspection.actions.trusting import settle_checks
from bihuan.inspection.trust.standing import accuracy_told
from bihuan.inspection.trust.table import Line, trust_page
from bihuan.standards.choosing import named_or_in_use
from bihuan.standards.rules.edition import Edition


def mount(app: typer.Typer) -> None:
    app.command()(trust)


def trust(
    edition: Annotated[
        str | None,
        typer.Option("--edition", "-e", help="A published or shipped edition, or a file; else the one in use."),
    ] = None,
    reckon: Annotated[
        bool, typer.Option("--reckon", help="Reckon now; what the figures no longer bear falls.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Show where every check stands (observed, assisting, counting), with precision and recall from people's random sample.

    Moving a check up takes a named person and is done on its page; figures alone move it down, every night and with
    --reckon.

    Examples:

      bihuan trust

      bihuan trust --edition recommended --reckon --json
    """
    standard = named_or_in_use(edition, timezone.localdate())
    fell = [move.check_id for move in settle_checks(standard)] if reckon else []
    page = trust_page(standard, {})
    if as_json:
        Console().print_json(
            data={"edition": standard.hash, "fell": fell, "checks": [_told(line) for line in page.lines]}
        )
        return
    _print(standard, page.lines, fell)


def _told(line: Line) -> dict[str, Any]:
    figures = accuracy_told(line.accuracy) if line.accuracy else None
    return {
        "check": line.setting.id,
        "standing": str(line.standing),
        "in_a_score": line.scored,
        "measured": line.timed,
        "figures": figures,
        "fair": line.fairness["fair"] if line.fairness else None,
        "stopped_by_appeals": line.stand.stopped is not None,
    }


def _print(edition: Edition, lines: list[Line], fell: list[str]) -> None:
    table = Table("check", "standing", "precision %", "recall %", "reviewed", "fair")
    for line in lines:
        fair = {True: "yes", False: "no", None: "—"}[line.fairness["fair"] if line.fairness else None]
        figures = ["measured"] * 2 if line.timed else [_percent(line.precision), _percent(line.recall)]
        shown = [*figures, str(line.reviewed if line.reviewed is not None else "—")]
        table.add_row(line.setting.id, str(line.standing), *shown, fair)
    typer.echo(f"{edition.id} {edition.version} ({edition.hash[:12]})")
    Console().print(table)
    if fell:
        typer.echo(f"Fell by their figures: {', '.join(fell)}.")


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
