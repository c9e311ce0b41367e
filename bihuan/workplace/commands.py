"""`bihuan report`: a month as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from django.utils import translation
from rich.console import Console
from xlsxwriter.exceptions import FileCreateError

from bihuan.appraisal.commands import read_set
from bihuan.appraisal.months import read_month
from bihuan.kit.errors import InputError
from bihuan.workplace.months.reports import write_report


def mount(app: typer.Typer) -> None:
    app.command()(report)


def report(
    month: Annotated[str, typer.Argument(help="Month, such as 2026-10.")],
    out: Annotated[Path, typer.Option(help="Workbook to write.", dir_okay=False, writable=True)],
    edition: Annotated[
        str | None, typer.Option(help="Results by this edition (an id, a hash or a file); else those in use.")
    ] = None,
    lang: Annotated[Literal["zh", "zh-hans", "en"], typer.Option(help="Language of the sheets.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Write a month's results, their terms, figures by team and their origin to a workbook.

    Examples:

      bihuan report 2026-10 --out month.xlsx
    """
    read_month(month)
    if not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {out.absolute().parent}.", hint="Make it first, or name another.")
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"{out} is not named like a workbook.", hint=f"Name it {out.with_suffix('.xlsx').name}.")
    kept = read_set(month, edition)
    language = "en" if lang == "en" else "zh-hans"
    try:
        with translation.override(language):
            results = write_report(kept, out, lang=language)
    except FileCreateError as error:
        raise InputError(f"{out} cannot be written.", hint="May this account write there?") from error
    if as_json:
        Console().print_json(data={"file": str(out), "result_set": str(kept.pk), "results": results})
    else:
        typer.echo(f"Wrote {results} results of {month} to {out}.")
