"""`bihuan appraise`, `explain` and `replay`: a month's results, why they are so, and who would move."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.tree import Tree

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.explaining import below_total
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.months import read_month
from bihuan.appraisal.queries import newest_set
from bihuan.appraisal.replaying import replay_month
from bihuan.appraisal.rules.comparison import Move, Placed
from bihuan.kit.errors import InputError
from bihuan.standards.choosing import choose_edition
from bihuan.standards.rules.tree import ScoreNode

Edition = Annotated[str, typer.Option(help="Edition: an id, a hash or a file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Month = Annotated[str, typer.Argument(help="Month, such as 2026-10.")]


def mount(app: typer.Typer) -> None:
    app.command()(appraise)
    app.command()(explain)
    app.command()(replay)


def appraise(month: Month, edition: Edition = "recommended", as_json: AsJson = False) -> None:
    """Compute everybody's totals of a month. Computing again changes nothing unless the record or the edition changed.

    Examples:

      bihuan appraise 2026-10

      bihuan appraise 2026-10 --edition service-quality --json
    """
    first = read_month(month)
    with _bar() as bar:
        task = bar.add_task("Scores", total=None)
        kept = appraise_month(
            "system:cli",
            month=first,
            edition=choose_edition(edition),
            edition_ref=edition,
            progress=lambda _what, at, of: bar.update(task, completed=at, total=of),
        )
    results = list(kept.results.in_order())
    if as_json:
        Console().print_json(data={**_set_json(kept), "results": [_result_json(result) for result in results]})
    else:
        _print_results(kept, results)


def explain(
    result: Annotated[str, typer.Argument(help="A result's id, or MONTH/STAFF-NUMBER, or MONTH/STAFF-NUMBER/SCHEME.")],
    contacts: Annotated[int, typer.Option(help="Lowest contacts to open down to their words.", min=0)] = 3,
    as_json: AsJson = False,
) -> None:
    """Open a result: total, terms, days, and the lowest contacts down to the words.

    Examples:

      bihuan explain 2026-10/8012

      bihuan explain 2026-10/8012/service_quality_month --contacts 10
    """
    found = read_result(result)
    tree = below_total(found, contacts)
    if as_json:
        Console().print_json(data={**_set_json(found.set), **_result_json(found), "tree": tree.to_json()})
        return
    head = f"[bold]{found.name} {found.person}[/bold] {found.scheme} {found.set.month:%Y-%m}: {_shown(found.total)}"
    Console().print(head)
    Console().print(_rich_tree(tree))
    Console().print(
        f"[dim]edition {found.set.edition_hash[:12]}, {found.set.engine}, record {found.set.manifest[:12]}[/dim]"
    )


def replay(
    month: Month,
    edition: Edition,
    against: Annotated[str, typer.Option(help="Edition of the results to compare with.")] = "recommended",
    scheme: Annotated[str, typer.Option(help="Scheme; the one both editions have where left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compute a month under another edition and tell who would move, and why. Nothing is kept or overwritten.

    Examples:

      bihuan replay 2026-10 --edition my-edition.yaml
    """
    moves = replay_month(read_month(month), choose_edition(edition), choose_edition(against), scheme)
    if as_json:
        Console().print_json(data={"month": month, "moves": [_move_json(move) for move in moves]})
    else:
        Console().print(_moves_table(moves))


def read_result(text: str) -> Result:
    """A result by its id, or the newest by month, person and, where given, scheme."""
    month, _, rest = text.partition("/")
    if not rest:
        return _by_id(text)
    person, _, scheme = rest.partition("/")
    kept = newest_set(read_month(month))
    results = Result.objects.filter(set=kept, person=person).select_related("set")
    found = (results.filter(scheme=scheme) if scheme else results).first()
    if found is None:
        raise InputError(f"There is no result {text}.", hint=f"Compute the month first: bihuan appraise {month}")
    return found


def _by_id(text: str) -> Result:
    try:
        found = Result.objects.select_related("set").filter(pk=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise InputError(f"There is no result {text}.", hint="Name it as MONTH/STAFF-NUMBER, such as 2026-10/8012.")
    return found


def _print_results(kept: ResultSet, results: list[Result]) -> None:
    for scheme in dict.fromkeys(result.scheme for result in results):
        table = Table(title=f"{kept.month:%Y-%m} {scheme}", title_justify="left")
        for name in ("rank", "could be", "person", "name", "team", "total", "95 %", "coverage", "contacts", "note"):
            table.add_column(name, justify="right" if name in ("rank", "total", "coverage", "contacts") else "left")
        for result in (result for result in results if result.scheme == scheme):
            table.add_row(*_cells(result))
        Console().print(table)
    typer.echo(f"Results {kept.pk} · edition {kept.edition_hash[:12]} · record {kept.manifest[:12]} · {kept.engine}")


def _cells(result: Result) -> list[str]:
    between = f"{result.low:.2f}–{result.high:.2f}" if result.low is not None and result.high is not None else "—"
    could_be = f"{result.rank_best}–{result.rank_worst}" if result.rank_best else "—"
    note = result.reason or ("not separable" if result.standing == "not_separable" else "")
    place = str(result.rank or "—")
    return [
        place, could_be, result.person, result.name, result.team, _shown(result.total), between,
        _shown(result.coverage), str(result.contacts), note,
    ]  # fmt: skip


def _rich_tree(node: ScoreNode) -> Tree:
    tree = Tree(_line(node))
    for child in node.children:
        tree.add(_rich_tree(child))
    return tree


def _line(node: ScoreNode) -> str:
    name = node.label.zh or node.id
    parts = [f"[bold]{name}[/bold]" if node.kind == "total" else name]
    if node.value is not None:
        parts.append(_shown(node.value))
    if node.weight is not None:
        parts.append(f"× {_shown(node.weight)} %")
    if node.contribution is not None:
        parts.append(f"= {_shown(node.contribution)}")
    parts += [f"[{node.verdict}]".replace("[", r"\[")] if node.verdict else []
    parts += [f"[dim]{text}[/dim]" for text in (node.reason, node.source, f"n {node.n}" if node.n else "") if text]
    return " ".join(parts)


def _moves_table(moves: list[Move]) -> Table:
    table = Table(title="Who moves, and why", title_justify="left")
    for name in ("person", "name", "before", "after", "ranks", "why"):
        table.add_column(name)
    for move in moves:
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
    return "—" if placed is None else f"{placed.rank or '—'} ({_shown(placed.total)})"


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _set_json(kept: ResultSet) -> dict[str, Any]:
    return {
        "result_set": str(kept.pk),
        "month": f"{kept.month:%Y-%m}",
        "edition": kept.edition_hash,
        "manifest": kept.manifest,
        "engine": kept.engine,
        "content": kept.content,
    }


def _result_json(result: Result) -> dict[str, Any]:
    numbers = ("total", "low", "high", "coverage")
    plain = ("scheme", "person", "name", "team", "contacts", "fatal_contacts", "rank", "rank_best", "rank_worst")
    return {
        "id": str(result.pk),
        **{name: getattr(result, name) for name in (*plain, "standing", "reason")},
        **{name: None if getattr(result, name) is None else str(getattr(result, name)) for name in numbers},
    }


def _move_json(move: Move) -> dict[str, Any]:
    def side(placed: Placed | None) -> dict[str, Any] | None:
        if placed is None:
            return None
        total = None if placed.total is None else str(placed.total)
        return {"total": total, "rank": placed.rank, "standing": placed.standing}

    causes = [{"term": cause.term, "change": str(cause.change)} for cause in move.causes]
    return {"person": move.person, "before": side(move.before), "after": side(move.after), "causes": causes}


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
