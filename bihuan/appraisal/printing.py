"""How results, trees and moves read on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from bihuan.appraisal.cut import reasons_that_hold
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.queries import edition_of_set
from bihuan.appraisal.replaying import Compared
from bihuan.appraisal.rules.comparison import Move, Placed
from bihuan.kit.numbers import rounded
from bihuan.standards.lending import number_of
from bihuan.standards.rules.applying import outside_said, part_kept, said_of, unmet_said
from bihuan.standards.rules.tree import ScoreNode

WIDE: Final = 110
"""Columns from which the whole table fits; a narrower terminal keeps what is needed to tell people and totals apart."""


def print_results(kept: ResultSet, results: list[Result]) -> None:
    """One table a scheme, as wide as the terminal allows."""
    console = Console()
    shown = [column for column in COLUMNS if column.always or console.width >= WIDE]
    for scheme in dict.fromkeys(result.scheme for result in results):
        table = Table(title=f"{kept.month:%Y-%m} {scheme}", title_justify="left")
        for column in shown:
            table.add_column(column.name, justify="right" if column.number else "left", no_wrap=column.number)
        for result in (result for result in results if result.scheme == scheme):
            table.add_row(*(column.cell(result) for column in shown))
        console.print(table)
    if kept.scope:
        typer.echo(scope_words(kept.scope, head=f"Only {part_words(kept)}"))
    share = number_of(edition_of_set(kept), "statistics.confidence").share
    typer.echo(
        f"Intervals: {share:.0%}. Results {kept.pk} · edition {kept.edition_hash[:12]} · record {kept.manifest[:12]} · {kept.engine}"
    )


@dataclass(frozen=True)
class Shown:
    """One column of the printed ranking."""

    name: str
    cell: Callable[[Result], str]
    number: bool = True
    always: bool = True


def _between(low: object, high: object) -> str:
    return "—" if low is None or high is None else f"{low}–{high}"


def _note(result: Result) -> str:
    fatal = f"{result.fatal_contacts} fatal" if result.fatal_contacts else ""
    standing = {"in": "in", "not_separable": "not separable"}.get(result.standing, "")
    return ", ".join(filter(None, (result.reason.replace("_", " ") or standing, _by_reason(result), fatal)))


def _by_reason(result: Result) -> str:
    """What a written reason decided where the score could not (X16, X17)."""
    held = reasons_that_hold(result.set, [result]).get(result.pk)
    return f"{'in' if held.is_in else 'out'} by reason: {held.reason}" if held else ""


COLUMNS: Final = (
    Shown("rank", lambda one: str(one.rank or "—")),
    Shown("could be", lambda one: _between(one.rank_best, one.rank_worst), always=False),
    Shown("person", lambda one: one.person),
    Shown("name", lambda one: one.name, number=False),
    Shown("team", lambda one: one.team, number=False, always=False),
    Shown("total", lambda one: shown_figure(one.total)),
    Shown(
        "interval",
        lambda one: _between(shown_figure(one.low), shown_figure(one.high)) if one.low is not None else "—",
        always=False,
    ),
    Shown("coverage", lambda one: shown_figure(one.coverage), always=False),
    Shown("contacts", lambda one: str(one.contacts)),
    Shown("note", _note, number=False),
)


def scope_words(scope: Mapping[str, Any], *, head: str) -> str:
    """What of the month is of the edition's part and why the rest is not, as `ResultSet.scope` keeps it."""
    left = outside_said(scope["outside"], "en")
    said = f"{head}: {scope['inside']:,} of {scope['contacts']:,} contacts."
    rest = [f"Not counted: {left}."] if left else []
    rest += [f"No contact is of {unmet_said(scope['unmet']).en}."] if "unmet" in scope else []
    return " ".join([said, *rest])


def person_scope_words(scope: Mapping[str, Any], part: str) -> str:
    """The same of one person, as `Result.scope` keeps it; a person may have been of the part on some days only."""
    counts = f"{scope['inside']:,} of {scope['contacts']:,} contacts, on {scope['days_inside']} of {scope['days']} days"
    left = outside_said(scope["outside"], "en")
    return f"Counts only {part}: {counts}{f'; not counted: {left}' if left else ''}."


def part_words(kept: ResultSet) -> str:
    """The part the results are of; empty for the whole department."""
    return said_of(part_kept(kept.scope["applies_to"])).en if kept.scope else ""


def rich_tree(node: ScoreNode) -> Tree:
    """The tree with label, value, weight, contribution and reason of each node."""
    tree = Tree(_line(node))
    for child in node.children:
        tree.add(rich_tree(child))
    return tree


def _line(node: ScoreNode) -> str:
    name = node.label.zh or node.id
    parts = [f"[bold]{name}[/bold]" if node.kind == "total" else name]
    if node.value is not None:
        parts.append(shown_figure(node.value))
    if node.weight is not None:
        parts.append(f"× {shown_figure(node.weight)} %")
    if node.contribution is not None:
        parts.append(f"= {shown_figure(node.contribution)}")
    parts += [f"[{node.verdict}]".replace("[", r"\[")] if node.verdict else []
    parts += [f"[dim]{text}[/dim]" for text in (node.reason, node.source, f"n {node.n}" if node.n else "") if text]
    return " ".join(parts)


def compared_words(compared: Compared, scope: Mapping[str, Any]) -> list[str]:
    """What was held against each other, where that is not simply the same total of the whole department."""
    told = []
    if scope:
        told.append(scope_words(scope, head=f"Both on {said_of(compared.part).en} alone"))
    if not compared.is_same_scheme:
        told.append(
            f"Before: {compared.before} of {compared.present.id}. After: {compared.after} of {compared.other.id}. No scheme "
            f"has the same id; these two share the most inputs: {', '.join(compared.taken_by_both)}."
        )
    told += [
        f"{edition.id} has no rules of ranking: places under it are the order of its totals alone."
        for edition in compared.without_ranking
    ]
    return told


def who_moves(moves: list[Move]) -> list[Move]:
    """Those whose rank changes or who cross a cut."""
    return [move for move in moves if move.ranks_moved or move.crosses_cut]


def nobody_moves(moves: list[Move]) -> str:
    """The sentence where a replay changes nobody's place; totals may still change."""
    if not moves:
        return "Nobody has a result in this month under either edition."
    ranked = sum(1 for move in moves if move.after and move.after.rank is not None)
    kept = f"all {ranked} with a rank keep it" if ranked else f"none of the {len(moves)} people has a rank"
    changed = sum(1 for move in moves if _total(move.before) != _total(move.after))
    return f"Nobody moves: {kept}, and {f'the totals of {changed} change' if changed else 'no total changes'}."


def _total(placed: Placed | None) -> Decimal | None:
    return placed.total if placed else None


def moves_table(moves: list[Move]) -> Table:
    """Who moves and why; whoever stays is left out."""
    table = Table(title="Who moves, and why", title_justify="left")
    for name in ("person", "name", "before", "after", "ranks", "why"):
        table.add_column(name)
    for move in who_moves(moves):
        why = "; ".join(f"{cause.label.zh or cause.term} {cause.change:+.2f}" for cause in move.causes)
        one = move.after or move.before
        table.add_row(
            move.person,
            one.name if one else "",
            _placed(move.before),
            _placed(move.after),
            str(move.ranks_moved or "—"),
            why,
        )
    return table


def _placed(placed: Placed | None) -> str:
    return "—" if placed is None else f"{placed.rank or '—'} ({shown_figure(placed.total)})"


def shown_figure(value: Decimal | None) -> str:
    """Two decimals; a dash where there is nothing."""
    return "—" if value is None else f"{rounded(value, 2)}"
