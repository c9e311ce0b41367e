"""`make accuracy`: precision and recall of every check on dialogues of the seen and of the unseen bank."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from bihuan.demo.bank import PARTS, has_part
from bihuan.demo.real_chats import hit_rates
from bihuan.demo.scoring import Miss, Score, compare, judge, make_sample

AIMS: Final = {"seen": Decimal("0.97"), "unseen": Decimal("0.90")}
REAL_CHATS: Final = Path(__file__).parents[2] / ".." / "shared" / "data" / "jddc_chats.tsv"
DAYS: Final = 6
NO_PART: Final = "The part '{part}' of the phrase bank has not been written yet; it is left out."


def accuracy(
    days: Annotated[int, typer.Option(help="Days of life per part.", min=1)] = DAYS,
    examples: Annotated[int, typer.Option(help="Misses to print per check, with their words.", min=0)] = 0,
    part: Annotated[str, typer.Option(help="Only this part: seen or unseen.")] = "",
    check: Annotated[str, typer.Option(help="Only examples of this check.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Hold every check against dialogues whose truth is known.

    Precision and recall are of the class that counts: what was done well, or, where a check forbids something, the
    fault. Hit rates on real chats have no truth; they are for reading.

    Examples:

      python -m bihuan.demo.accuracy

      python -m bihuan.demo.accuracy --part seen --examples 5 --check restate
    """
    console = Console(width=None if Console().is_terminal else 120)
    result: dict[str, Any] = {}
    for name in [part] if part else PARTS:
        if not has_part(name):
            result[name] = None
            if not as_json:
                console.print(NO_PART.format(part=name))
            continue
        tables, truth = make_sample(name, days)
        scores, misses = compare(truth, judge(tables))
        chosen = [miss for miss in misses if check in ("", miss.check)]
        result[name] = [_plain(score) for score in scores]
        if not as_json:
            console.print(_table(name, scores))
            _show_misses(console, chosen, tables, examples)
    result["real_chats"] = _real(console, examples, quiet=as_json) if not part else None
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))


def _plain(score: Score) -> dict[str, Any]:
    shares = {name: getattr(score, name) for name in ("precision", "recall", "void_agreement")}
    return asdict(score) | {name: None if share is None else float(share) for name, share in shares.items()}


def _table(part: str, scores: list[Score]) -> Table:
    aim = AIMS[part]
    table = Table(title=f"{part}: aim {aim}", title_justify="left")
    for column in ("check", "class", "n", "of class", "precision", "recall", "n/a", "n/a agreed"):
        table.add_column(column, justify="left" if column in ("check", "class") else "right")
    for score in scores:
        table.add_row(
            score.check, score.counted, str(score.n), str(score.n_class), _against(score.precision, aim),
            _against(score.recall, aim), str(score.n_void), _shown(score.void_agreement),
        )  # fmt: skip
    return table


def _against(share: Decimal | None, aim: Decimal) -> str:
    return _shown(share) if share is None or share >= aim else f"[red]{_shown(share)} <[/red]"


def _shown(share: Decimal | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _show_misses(console: Console, misses: list[Miss], tables: dict[str, pa.Table], examples: int) -> None:
    """The first `examples` misses of each check with the whole talk, so that one can decide who is wrong."""
    shown: dict[str, int] = {}
    chosen = []
    for miss in misses:
        shown[miss.check] = shown.get(miss.check, 0) + 1
        if shown[miss.check] <= examples:
            chosen.append(miss)
    words = _words(tables["messages"], {miss.contact_id for miss in chosen})
    for miss in sorted(chosen, key=lambda one: one.check):
        console.rule(f"{miss.check}: truth {miss.truth}, verdict {miss.verdict} ({miss.reason})  {miss.contact_id}")
        for sender, text in words[miss.contact_id]:
            console.print(f"{sender[:1].upper()}: {text}", markup=False, highlight=False)


def _words(messages: pa.Table, contacts: set[str]) -> dict[str, list[tuple[str, str]]]:
    told: dict[str, list[tuple[str, str]]] = {contact: [] for contact in contacts}
    columns = (messages[name].to_pylist() for name in ("contact_id", "sender_kind", "text"))
    for contact, sender, text in zip(*columns, strict=True):
        if contact in told:
            told[contact].append((sender, text))
    return told


def _real(console: Console, examples: int, *, quiet: bool) -> list[dict[str, Any]] | None:
    if not REAL_CHATS.exists():
        return None
    rates = hit_rates(REAL_CHATS, examples)
    if not quiet:
        table = Table(title="real chats without times: verdicts, for reading", title_justify="left")
        for column in ("check", "met", "violated", "not_applicable", "cannot_tell"):
            table.add_column(column, justify="left" if column == "check" else "right")
        for rate in rates:
            table.add_row(rate.check, *(str(rate.verdicts.get(name, 0)) for name in table_columns(table)))
        console.print(table)
        for rate in rates:
            for verdict, text in rate.examples:
                console.print(f"{rate.check} {verdict}: {text}", markup=False, highlight=False)
    return [asdict(rate) for rate in rates]


def table_columns(table: Table) -> list[str]:
    return [str(column.header) for column in table.columns[1:]]


if __name__ == "__main__":
    typer.run(accuracy)
