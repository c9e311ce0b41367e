"""`bihuan editions`, `bihuan lint`, `bihuan diff`: reading standards without a database."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bihuan.kit.errors import DefinitionError, Issue, Level
from bihuan.standards.editions import load_edition, shipped
from bihuan.standards.examining import examine
from bihuan.standards.rules.diff import diff
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.lint import lint

EDITION = typer.Argument(metavar="EDITION", help="A shipped id such as recommended, or the path of a YAML file.")
JSON = typer.Option("--json", help="Print the answer as JSON.")
LANGUAGE = typer.Option("--lang", help="Language of the words.")
Language = Literal["zh", "en"]
COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "blue"}


def mount(app: typer.Typer) -> None:
    """Add the verbs of this part."""
    app.command("editions")(editions)
    app.command("lint")(lint_edition)
    app.command("diff")(diff_editions)


def editions(as_json: Annotated[bool, JSON] = False, lang: Annotated[Language, LANGUAGE] = "zh") -> None:
    """List the shipped editions with version, hash and number of findings.

    Examples:

      bihuan editions

      bihuan editions --json
    """
    loaded = [load_edition(name) for name in shipped()]
    if as_json:
        _print_json([_row(edition) for edition in loaded])
        return
    table = Table("id", "version", "title", "hash", "issues")
    for edition in loaded:
        found = str(len(lint(edition)))
        table.add_row(edition.id, edition.version, edition.title.said(lang), edition.hash[:12], found)
    Console().print(table)


def lint_edition(
    edition: Annotated[str, EDITION], as_json: Annotated[bool, JSON] = False, lang: Annotated[Language, LANGUAGE] = "zh"
) -> None:
    """Report everything doubtful about an edition at once; exit code 1 when an error is among it.

    Examples:

      bihuan lint recommended

      bihuan lint ./ours.yaml --json
    """
    try:
        issues = examine(load_edition(edition), lang)
    except DefinitionError as error:
        issues = list(error.issues)
    try:
        if as_json:
            _print_json({"edition": edition, "issues": [_plain(issue) for issue in issues]})
        else:
            _print_issues(issues, lang)
    finally:  # also where nobody reads to the end
        if any(issue.level is Level.ERROR for issue in issues):
            raise typer.Exit(1)


def diff_editions(
    old: Annotated[str, EDITION],
    new: Annotated[str, EDITION],
    as_json: Annotated[bool, JSON] = False,
    lang: Annotated[Language, LANGUAGE] = "zh",
) -> None:
    """Say in words what changes from one edition to another.

    Examples:

      bihuan diff service-quality recommended

      bihuan diff recommended ./ours.yaml --lang en
    """
    changes = diff(load_edition(old), load_edition(new))
    if as_json:
        _print_json({"old": old, "new": new, "changes": [change.to_json() for change in changes]})
        return
    for change in changes:
        typer.echo(change.said.said(lang))
    if not changes:
        typer.echo("两个版本内容相同。" if lang.startswith("zh") else "Both editions say the same.")


def _row(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "version": edition.version,
        "title": edition.title.to_json(),
        "hash": edition.hash,
        "issues": len(lint(edition)),
    }


def _print_issues(issues: list[Issue], lang: str) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for issue in issues:
        console.print(f"[{COLOURS[issue.level]}]{issue.level}[/] {issue.code}", end=" ")
        console.print(f"{issue.place}: {issue.message}", markup=False)
    if not issues:
        console.print("没有发现问题。" if lang.startswith("zh") else "Nothing is doubtful.")


def _plain(issue: Issue) -> dict[str, str]:
    return {
        "level": str(issue.level),
        "place": issue.place,
        "code": issue.code,
        "source": issue.source,
        "message": issue.message,
    }


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
