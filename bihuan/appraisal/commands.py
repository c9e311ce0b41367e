"""`bihuan appraise`, `explain` and `replay`: a month's results, why they are so, and who would move."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.explaining import below_total
from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.months import read_month
from bihuan.appraisal.printing import (
    compared_words,
    moves_table,
    nobody_moves,
    part_words,
    person_scope_words,
    print_results,
    rich_tree,
    shown_figure,
    who_moves,
)
from bihuan.appraisal.queries import newest_set, official_sets, set_in_use
from bihuan.appraisal.replaying import Compared, comparable, replay_month
from bihuan.appraisal.scoping import month_scope
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.kit.errors import InputError
from bihuan.standards.choosing import choose_edition, named_or_in_use
from bihuan.standards.rules.lint import lint
from bihuan.standards.rules.tree import ScoreNode

OfEdition = Annotated[
    str | None, typer.Option("--edition", help="Edition: an id, a hash or a file; else the one in use for the month.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Month = Annotated[str, typer.Argument(help="Month, such as 2026-10.")]


def mount(app: typer.Typer) -> None:
    app.command()(appraise)
    app.command()(explain)
    app.command()(replay)


def appraise(month: Month, edition: OfEdition = None, as_json: AsJson = False) -> None:
    """Compute everybody's totals of a month. Computing again changes nothing unless the record or the edition changed.

    By another edition than the one in use the totals are kept to compare, and never take the month's place.

    Examples:

      bihuan appraise 2026-10

      bihuan appraise 2026-10 --edition service-quality --json
    """
    first = read_month(month)
    chosen = named_or_in_use(edition, last_day(first))
    ref = edition or chosen.id
    with _bar() as bar:
        kept = appraise_month("system:cli", month=first, edition=chosen, edition_ref=ref, progress=_told(bar))
    results = list(kept.results.in_order())
    if as_json:
        _print_json({**_set_json(kept), "results": [_result_json(result) for result in results]})
    else:
        print_results(kept, results)
        if kept not in official_sets(first):
            typer.echo(f"To compare only: {chosen.id} is not the edition in use for {month}.")


def explain(
    result: Annotated[str, typer.Argument(help="A result's id, or MONTH/STAFF-NUMBER, or MONTH/STAFF-NUMBER/SCHEME.")],
    contacts: Annotated[int, typer.Option(help="Lowest contacts to open down to their words.", min=0)] = 3,
    edition: OfEdition = None,
    as_json: AsJson = False,
) -> None:
    """Open a result: total, terms, days, and the lowest contacts down to the words; beside it the score of the period.

    Examples:

      bihuan explain 2026-10/8012

      bihuan explain 2026-10/8012/service_quality_month --contacts 10

      bihuan explain 2026-10/8012 --edition service-quality
    """
    found = read_result(result, edition)
    tree = below_total(found, contacts)
    if as_json:
        whole = {"tree": tree.to_json(), "period": found.period or None}
        _print_json({**_set_json(found.set), **_result_json(found), **whole})
        return
    head = (
        f"[bold]{found.name} {found.person}[/bold] {found.scheme} {found.set.month:%Y-%m}: {shown_figure(found.total)}"
    )
    Console().print(head)
    if found.scope:
        typer.echo(person_scope_words(found.scope, part_words(found.set)))
    Console().print(rich_tree(tree))
    if found.period:
        Console().print("[bold]Score of the period[/bold], beside the total and no part of it (X6)")
        Console().print(rich_tree(ScoreNode.from_json(found.period)))
    Console().print(
        f"[dim]edition {found.set.edition_hash[:12]}, {found.set.engine}, record {found.set.manifest[:12]}[/dim]"
    )


def replay(
    month: Month,
    edition: Annotated[str, typer.Option(help="Edition: an id, a hash or a file.")],
    against: Annotated[
        str | None, typer.Option(help="Edition of the results to compare with; else the one in use for the month.")
    ] = None,
    scheme: Annotated[
        str, typer.Option(help="Scheme of either edition; else the one both have, or the most alike.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Compute a month under another edition and tell who would move, and why. Nothing is kept or overwritten.

    Where the editions have no scheme of the same id, the two totals that share the most inputs are compared.

    Examples:

      bihuan replay 2026-10 --edition my-edition.yaml

      bihuan replay 2026-10 --edition service-quality --scheme service_quality_month
    """
    first, wanted = read_month(month), choose_edition(edition)
    compared = comparable(named_or_in_use(against, last_day(first)), wanted, scheme)
    with _bar() as bar:
        moves = replay_month(first, compared, progress=_told(bar))
    scope = month_scope(Reader(open_archive()), compared.part, (first, last_day(first)))
    if as_json:
        told = _origins(month, compared) | ({"scope": scope} if scope else {})
        _print_json({**told, "moves": [move.to_json() for move in moves]})
    else:
        for words in compared_words(compared, scope):
            typer.echo(words)
        if who_moves(moves):
            Console().print(moves_table(moves))
        else:
            typer.echo(nobody_moves(moves))
        if issues := lint(wanted):
            typer.echo(f"The linter says {len(issues)} things about {wanted.id}: bihuan lint {edition}")


def read_result(text: str, edition: str | None = None) -> Result:
    """A result by its id; or by month, person and, where given, scheme, of the set that holds or by another edition."""
    month, _, rest = text.partition("/")
    if not rest:
        return _by_id(text)
    person, _, scheme = rest.partition("/")
    kept = read_set(month, edition)
    results = Result.objects.filter(set=kept, person=person).select_related("set")
    found = (results.filter(scheme=scheme) if scheme else results).first()
    if found is None:
        part = f"These results are of {part_words(kept)} alone. " if kept.scope else ""
        raise InputError(f"{month} has no result of {rest}.", hint=f"{part}bihuan appraise {month} lists everybody.")
    return found


def read_set(month: str, edition: str | None) -> ResultSet:
    """The results that hold for a month, or the newest by an edition named by id, hash or file. InputError where none is."""
    first = read_month(month)
    kept = newest_set(first, edition=choose_edition(edition).hash) if edition else set_in_use(first)
    if kept is not None:
        return kept
    if edition:
        raise InputError(
            f"{month} has no results by {edition}.", hint=f"Compute them: bihuan appraise {month} --edition {edition}"
        )
    others = sorted(set(ResultSet.objects.filter(month=first).values_list("edition_ref", flat=True)))
    if others:
        hint = f"Compute them: bihuan appraise {month}. Kept by other editions (--edition): {', '.join(others)}."
        raise InputError(f"{month} has no results by the edition in use.", hint=hint)
    raise InputError(f"{month} has no results.", hint=f"Compute them first: bihuan appraise {month}")


def _by_id(text: str) -> Result:
    try:
        found = Result.objects.select_related("set").filter(pk=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise InputError(f"There is no result {text}.", hint="Name it as MONTH/STAFF-NUMBER, such as 2026-10/8012.")
    return found


def _set_json(kept: ResultSet) -> dict[str, Any]:
    return {
        "result_set": str(kept.pk),
        "month": f"{kept.month:%Y-%m}",
        "edition": kept.edition_hash,
        "manifest": kept.manifest,
        "engine": kept.engine,
        "content": kept.content,
        "lent": kept.lent,
        **({"scope": kept.scope} if kept.scope else {}),
    }


def _result_json(result: Result) -> dict[str, Any]:
    numbers = ("total", "low", "high", "coverage")
    plain = ("scheme", "person", "name", "team", "contacts", "fatal_contacts", "rank", "rank_best", "rank_worst")
    return {
        "id": str(result.pk),
        **{name: getattr(result, name) for name in (*plain, "standing", "reason")},
        **({"scope_of_person": result.scope} if result.scope else {}),
        **{name: None if getattr(result, name) is None else str(getattr(result, name)) for name in numbers},
    }


def _origins(month: str, compared: Compared) -> dict[str, Any]:
    return {
        "month": month, "edition": compared.other.hash, "against": compared.present.hash,
        "schemes": {"before": compared.before, "after": compared.after},
    }  # fmt: skip


def _print_json(data: dict[str, Any]) -> None:
    """Plain text without colours, so that it can be piped."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _told(bar: Progress) -> Callable[[str, int, int], None]:
    """A progress line for each stage: days judged, days added up."""
    tasks: dict[str, TaskID] = {}

    def told(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(STAGES.get(stage, stage))
        bar.update(tasks[stage], completed=done, total=of)
        if done == of:
            bar.remove_task(tasks.pop(stage))

    return told


STAGES: Final = {"verdicts": "Judging days", "scores": "Adding up days"}


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    # where nobody watches, finished stages would leave an empty line
    return Progress(*columns, console=console, disable=not console.is_terminal)
