"""`bihuan journal …`: hold the chain against itself and against exported heads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bihuan.journal import actions, queries
from bihuan.journal.reacting import carry_out_reactions
from bihuan.journal.rules import REASONS
from bihuan.kit.errors import InputError, Refusal

journal = typer.Typer(
    help="The journal: who did what, chained so that no line can be changed unseen.", no_args_is_help=True
)


AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


class ChainBroken(Refusal):
    """The chain does not hold; the message names the first broken link."""

    message = "The journal is broken at link %(number)s (entry %(entry)s): %(reason)s. Links after it prove nothing."


@journal.command("verify")
def verify(
    heads: Annotated[Path | None, typer.Option(help="File written by `bihuan journal heads`.")] = None,
    seal_first: Annotated[bool, typer.Option("--seal", help="Seal first what waits, then verify all of it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Recompute every link; exit code 1 and the first broken entry when the chain does not hold.

    Entries are sealed some seconds after they were written, while the worker runs. Those that wait are not verified
    yet: the answer counts them, and --seal takes them in.

    Examples:

      bihuan journal verify

      bihuan journal verify --seal

      bihuan journal verify --heads heads.jsonl --json
    """
    if seal_first:
        _seal_all()
    found = queries.verify(_witnesses(heads) if heads else None)
    try:
        typer.echo(json.dumps(_plain(found)) if as_json else "\n".join(finding_lines(found)))
    finally:  # also where nobody reads to the end
        if found.broken is not None:
            raise ChainBroken(
                number=found.broken.number, entry=found.broken.entry_id, reason=REASONS[found.broken.reason]
            )


def finding_lines(found: queries.Verification) -> list[str]:
    """What was verified, and what could not be because nobody has sealed it yet."""
    if found.checked:
        links = _count(found.checked, "link", "links")
        lines = [f"Verified: {links}, from the first entry on; {'all' if found.holds else 'these'} hold."]
    else:
        empty = "no entry is sealed yet" if found.unsealed else "the journal is empty"
        lines = [f"Nothing is verified: {empty if found.holds else 'the chain is broken from its beginning'}."]
    if found.unsealed:
        waiting = _count(found.unsealed, "entry waits", "entries wait")
        lines.append(f"{waiting} to be sealed and cannot be verified yet.")
        lines.append("The worker of a running installation seals within seconds; now: bihuan journal verify --seal")
    return lines


def _plain(found: queries.Verification) -> dict[str, object]:
    broken = found.broken
    first = {"number": broken.number, "entry": broken.entry_id, "reason": broken.reason} if broken else None
    return {"holds": found.holds, "checked": found.checked, "unsealed": found.unsealed, "broken": first}


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


@journal.command("heads")
def heads(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Heads are JSON lines in any case.")] = False,
) -> None:
    """Print the last link of each day, one JSON line a day: keep it elsewhere as a witness.

    Examples:

      bihuan journal heads

      bihuan journal heads --out heads.jsonl
    """
    del as_json  # accepted as by every verb whose results come out
    lines = [
        json.dumps({"day": head.day.isoformat(), "number": head.number, "digest": head.digest})
        for head in queries.heads()
    ]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text)
    except OSError as error:
        raise InputError(
            f"{out} cannot be written: {error.strerror}.", hint="Name a file in a folder that exists."
        ) from error


@journal.command("seal")
def seal(as_json: AsJson = False) -> None:
    """Chain what is committed now, without waiting for the worker.

    Examples:

      bihuan journal seal
    """
    sealed = _seal_all()
    typer.echo(json.dumps({"sealed": sealed}) if as_json else f"{sealed} entries sealed.")


@journal.command("react")
def react(as_json: AsJson = False) -> None:
    """Seal, then let every part answer what was sealed, without waiting for the worker.

    Examples:

      bihuan journal react
    """
    sealed = _seal_all()
    answered = carry_out_reactions()
    told = json.dumps({"sealed": sealed, "answered": answered}) if as_json else f"{answered} entries answered."
    typer.echo(told)


def mount(app: typer.Typer) -> None:
    """Register the journal's verbs."""
    app.add_typer(journal, name="journal")


def _seal_all() -> int:
    total = 0
    while sealed := actions.seal():
        total += sealed
    return total


def _witnesses(path: Path) -> dict[int, str]:
    """Digests by link number from an exported file; InputError names the line that cannot be read."""
    if not path.is_file():
        raise InputError(f"{path} is not a file.", hint="Write one with `bihuan journal heads --out FILE`.")
    witnesses: dict[int, str] = {}
    for number, text in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        try:
            head = json.loads(text)
            witnesses[int(head["number"])] = str(head["digest"])
        except (ValueError, KeyError, TypeError) as problem:
            raise InputError(f"{path}, line {number}: not a day head.") from problem
    return witnesses
