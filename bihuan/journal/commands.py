"""`bihuan journal …`: hold the chain against itself and against exported heads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bihuan.journal import actions, queries
from bihuan.journal.rules import REASONS
from bihuan.kit.errors import InputError, Refusal

journal = typer.Typer(
    help="The journal: who did what, chained so that no line can be changed unseen.", no_args_is_help=True
)


class ChainBroken(Refusal):
    """The chain does not hold; the message names the first broken link."""

    message = "The journal is broken at link %(number)s (entry %(entry)s): %(reason)s."


@journal.command("verify")
def verify(
    heads: Annotated[Path | None, typer.Option(help="File written by `bihuan journal heads`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the finding as JSON.")] = False,
) -> None:
    """Recompute every link; exit code 1 and the first broken entry when the chain does not hold.

    Examples: `bihuan journal verify` · `bihuan journal verify --heads heads.jsonl --json`
    """
    found = queries.verify(_witnesses(heads) if heads else None)
    broken = found.broken
    if as_json:
        first = {"number": broken.number, "entry": broken.entry_id, "reason": broken.reason} if broken else None
        answer = {"holds": found.holds, "checked": found.checked, "unsealed": found.unsealed, "broken": first}
        typer.echo(json.dumps(answer))
    elif broken is None:
        typer.echo(f"{found.checked} links hold, {found.unsealed} entries wait for the sealer.")
    if broken is not None:
        raise ChainBroken(number=broken.number, entry=broken.entry_id, reason=REASONS[broken.reason])


@journal.command("heads")
def heads(out: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None) -> None:
    """Print the last link of each day, one JSON line a day: keep it elsewhere as a witness.

    Examples: `bihuan journal heads` · `bihuan journal heads --out heads.jsonl`
    """
    lines = [
        json.dumps({"day": head.day.isoformat(), "number": head.number, "digest": head.digest})
        for head in queries.heads()
    ]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text)


@journal.command("seal")
def seal() -> None:
    """Chain what is committed now, without waiting for the worker.

    Example: `bihuan journal seal`
    """
    total = 0
    while sealed := actions.seal():
        total += sealed
    typer.echo(f"{total} entries sealed.")


def mount(app: typer.Typer) -> None:
    """Register the journal's verbs."""
    app.add_typer(journal, name="journal")


def _witnesses(path: Path) -> dict[int, str]:
    """Digests by link number from an exported file; InputError names the line that cannot be read."""
    if not path.is_file():
        raise InputError(f"{path} is not a file.", hint="Write one with `bihuan journal heads --out FILE`.")
    witnesses: dict[int, str] = {}
    for number, text in enumerate(path.read_text().splitlines(), start=1):
        try:
            head = json.loads(text)
            witnesses[int(head["number"])] = str(head["digest"])
        except (ValueError, KeyError, TypeError) as problem:
            raise InputError(f"{path}, line {number}: not a day head.") from problem
    return witnesses
