"""`bihuan seed`: the demo department, with progress."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from bihuan.demo import actions
from bihuan.demo.calibrated import calibrate_some
from bihuan.demo.disputes import dispute_some
from bihuan.demo.inspected import inspect_some
from bihuan.demo.telling import account_lines, telling
from bihuan.demo.trusted import review_days, trust_some
from bihuan.demo.world import DAYS
from bihuan.kit.errors import Refusal


class RefusedInProduction(Refusal):
    message = "The demo makes accounts with printed passwords and is refused in production."


def mount(app: typer.Typer) -> None:
    app.command()(seed)


def seed(
    days: Annotated[int, typer.Option(help="Days of life, the last of them yesterday.", min=1)] = DAYS,
    agents: Annotated[int, typer.Option(help="Agents of the department.", min=6)] = 60,
    scale: Annotated[float, typer.Option(help="Volume per agent, 1 is usual.", min=0.01)] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Make the demo department and live its days. Days already in the record are left alone.

    Examples:

      bihuan seed --days 14

      bihuan seed --days 90 --agents 200 --scale 2
    """
    if settings.PRODUCTION:
        raise RefusedInProduction
    with telling(Console(stderr=True)) as progress:
        world = actions.make_world(settings.HOME, days=days, agents=agents, scale=scale, progress=progress)
        new = actions.seed_days(world, world.all_days, progress)
        review_days(world)
        inspect_some(world)
        calibrate_some(world)
        trust_some(world)
        actions.appraise_seeded(world, progress)
        dispute_some(world)
    if as_json:
        Console().print_json(data={"end": world.end.isoformat(), "days": world.days, "days_new": new})
    else:
        typer.echo(f"The department has lived {world.days} days until {world.end}; {new} of them are new.")
        typer.echo("\n".join(account_lines(world)))
