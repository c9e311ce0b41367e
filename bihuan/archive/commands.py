"""`bihuan import`: files of other help desks into the service record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from django.utils.translation import get_language
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bihuan.archive import rollup
from bihuan.archive.sources.importer import ImportSummary, import_file
from bihuan.archive.sources.importer import Progress as Step
from bihuan.archive.sources.mapping import load_mapping, ready_mappings
from bihuan.archive.store import Archive, open_archive
from bihuan.kit.clock import DAY
from bihuan.kit.errors import InputError

# First-contact resolution looks seven days ahead unless the edition in force says otherwise (traps.md, house).
REPEAT_WINDOW_DAYS = 7.0
_DAYS_SHOWN = 3


AfterImport = Callable[[ImportSummary, Archive], object]


class Aftermath:
    """What follows an import beyond the record (people, journal, judging); whoever knows the higher parts sets it."""

    steps: AfterImport | None = None


def lend_after_import(steps: AfterImport) -> None:
    """Let an import into the installation's own record be followed by these steps, roll-up included."""
    Aftermath.steps = staticmethod(steps)


def mount(app: typer.Typer) -> None:
    app.command("import")(import_command)


def import_command(
    file: Annotated[
        Path | None, typer.Argument(help="CSV, TSV, JSON Lines, Parquet or XLSX; .gz and one-file .zip too.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="Your mapping file (YAML).")] = None,
    source: Annotated[str | None, typer.Option(help="A ready mapping by name; see --list-sources.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count everything, change nothing.")] = False,
    archive: Annotated[Path | None, typer.Option(help="Folder of the record; else the installation's own.")] = None,
    repeat_window: Annotated[
        float, typer.Option(help="Days in which a customer's return counts as a repeat.", min=0.0)
    ] = REPEAT_WINDOW_DAYS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    list_sources: Annotated[bool, typer.Option("--list-sources", help="List the ready mappings and stop.")] = False,
) -> None:
    """Bring a file into the record. The same file twice adds nothing; bad rows go to a rejects file, never stop it.

    Examples:

      bihuan import --list-sources

      bihuan import calls.tsv --source bank-calls

      bihuan import 会话.xlsx --source generic-contacts --dry-run

      bihuan import export.csv.gz --mapping my-desk.yaml --json
    """
    if list_sources:
        _list_sources(as_json)
        return
    if file is None or (mapping is None) == (source is None):
        raise InputError(
            "Say which file, and either --mapping FILE or --source NAME.", hint="See bihuan import --help."
        )
    chosen = load_mapping(mapping if mapping is not None else str(source))
    record = open_archive() if archive is None else Archive(archive, ZoneInfo(settings.TIME_ZONE), _cutover())
    with _told(Console(stderr=True)) as (steps, days):
        summary = import_file(file, chosen, record, progress=steps, dry_run=dry_run)
        if not dry_run:
            _follow_up(summary, record, own=archive is None, repeat_window=repeat_window, days=days)
    if as_json:
        Console().print_json(data=summary.to_json())
    else:
        typer.echo("\n".join(summary_lines(summary)))


def _follow_up(
    summary: ImportSummary, record: Archive, *, own: bool, repeat_window: float, days: rollup.Progress
) -> None:
    """The steps lent, for the installation's own record; a record elsewhere only gets its roll-up."""
    if own and Aftermath.steps is not None:
        Aftermath.steps(summary, record)
    else:
        window = round(repeat_window * DAY)
        rollup.refresh(record, days=summary.days or None, repeat_window_us=window, progress=days)


def summary_lines(summary: ImportSummary) -> list[str]:
    """What an import did, for a person at a terminal."""
    rate = round(summary.rows_read / summary.seconds) if summary.seconds else summary.rows_read
    lines = [f"{summary.mapping}: {summary.rows_read:,} rows read, {rate:,} rows/s"]
    if summary.dry_run:
        lines[0] += " (dry run: nothing was changed; new counts what the file holds)"
    for table, count in summary.tables.items():
        lines.append(f"  {table:<12}{count.new:>12,} new{count.known:>12,} known")
    if summary.corrected:
        lines.append(f"  {summary.corrected:,} known rows were corrected")
    lines += [f"  skipped   {reason:<24}{count:>10,}" for reason, count in summary.skipped.items()]
    lines += [f"  rejected  {reason:<24}{count:>10,}" for reason, count in summary.rejected.items()]
    if summary.rejects_path:
        lines.append(f"  rejects file: {summary.rejects_path}")
    if summary.days:
        lines.append(f"  days touched: {_days_text(summary)}")
    return lines


def _days_text(summary: ImportSummary) -> str:
    dated = sorted(day for day in summary.days if day is not None)
    parts = [f"{dated[0]} … {dated[-1]} ({len(dated)})"] if len(dated) > _DAYS_SHOWN else [str(day) for day in dated]
    return ", ".join(parts + (["undated"] if None in summary.days else []))


def _cutover() -> int:
    return int(getattr(settings, "CUTOVER_HOUR", 0))


def _list_sources(as_json: bool) -> None:
    ready = ready_mappings()
    if as_json:
        listed = [
            {
                "name": name,
                "title": m.document["title"],
                "about": m.document.get("about"),
                "columns": list(m.columns.names),
            }
            for name, m in ready.items()
        ]
        Console().print_json(data=listed)
        return
    language = "en" if (get_language() or "").startswith("en") else "zh"
    for name, ready_mapping in ready.items():
        typer.echo(f"{name:<20}{ready_mapping.document['title'][language]}")


@contextmanager
def _told(console: Console) -> Iterator[tuple[Callable[[Step], None], Callable[[int, int], None]]]:
    """A progress line on stderr: step, share, rows and their rate, time left."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=1.0, rows="")

        def steps(step: Step) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f", {step.rows / elapsed:,.0f} rows/s" if elapsed >= 1 else ""
            bar.update(task, completed=step.share, description=step.step, rows=f"{step.rows:,} rows{rate}")

        def days(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description="roll-up", rows=f"{done}/{total} days")

        yield steps, days
