"""`bihuan import`: files of other help desks into the service record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bihuan.archive import rollup
from bihuan.archive.sources.importer import ImportSummary, import_file
from bihuan.archive.sources.importer import Progress as Step
from bihuan.archive.sources.mapping import load_mapping, ready_mappings
from bihuan.archive.sources.printing import source_json, source_lines, summary_lines
from bihuan.archive.sources.words import STEPS, Language, Words, sentence_said
from bihuan.archive.store import Archive, open_archive
from bihuan.kit.clock import DAY
from bihuan.kit.errors import DefinitionError, InputError

AfterImport = Callable[[ImportSummary, Archive], object]


class Aftermath:
    """What follows an import beyond the record (people, journal, judging), and the window in which a return counts as a
    repeat, in microseconds; whoever knows the higher parts sets them."""

    steps: AfterImport | None = None
    repeat_window_us: Callable[[], int] | None = None


def lend_after_import(steps: AfterImport, repeat_window_us: Callable[[], int]) -> None:
    """Let an import into the installation's own record be followed by these steps, roll-up included; a record elsewhere
    takes the window alone."""
    Aftermath.steps, Aftermath.repeat_window_us = staticmethod(steps), staticmethod(repeat_window_us)


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
        float | None,
        typer.Option(
            help="With --archive: days in which a return counts as a repeat; else as the edition in use.", min=0.0
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    list_sources: Annotated[
        bool, typer.Option("--list-sources", help="List the ready mappings with their columns and stop.")
    ] = False,
    lang: Annotated[Language, typer.Option(help="Language of the summary, the reasons and refusals.")] = "zh",
) -> None:
    """Bring a file into the record.

    The same file twice adds nothing. Bad rows never stop an import: they go
    to a rejects file with line, column and reason, and are counted.

    Examples:

      bihuan import --list-sources

      bihuan import calls.tsv --source bank-calls

      bihuan import 会话.xlsx --source generic-contacts --dry-run

      bihuan import export.csv.gz --mapping my-desk.yaml --json
    """
    if list_sources:
        _list_sources(as_json, lang)
        return
    if file is None or (mapping is None) == (source is None):
        raise InputError(
            "Say which file, and either --mapping FILE or --source NAME.", hint="See bihuan import --help."
        )
    if repeat_window is not None and archive is None:
        raise InputError(
            "The installation's own record takes the window of the edition in use.",
            hint="Leave --repeat-window out, or name another record with --archive.",
        )
    with _in_words(lang):
        chosen = load_mapping(mapping if mapping is not None else str(source))
        record = open_archive() if archive is None else Archive(archive, ZoneInfo(settings.TIME_ZONE), _cutover())
        with _told(Console(stderr=True), lang) as (steps, days):
            summary = import_file(file, chosen, record, progress=steps, dry_run=dry_run)
            if not dry_run:
                _follow_up(summary, record, own=archive is None, repeat_window=repeat_window, days=days)
    if as_json:
        Console().print_json(data=summary.to_json())
    else:
        typer.echo("\n".join(summary_lines(summary, lang)))


@contextmanager
def _in_words(lang: Language) -> Iterator[None]:
    """Why a file or a mapping cannot be used, said in a language."""
    try:
        yield
    except InputError as error:
        raise InputError(sentence_said(error.message, lang), hint=sentence_said(error.hint, lang)) from error
    except DefinitionError as error:
        raise DefinitionError(
            [replace(issue, message=sentence_said(issue.message, lang)) for issue in error.issues]
        ) from error


def _follow_up(
    summary: ImportSummary, record: Archive, *, own: bool, repeat_window: float | None, days: rollup.Progress
) -> None:
    """The steps lent, for the installation's own record; a record elsewhere only gets its roll-up."""
    if own and Aftermath.steps is not None:
        Aftermath.steps(summary, record)
    else:
        rollup.refresh(record, days=summary.days or None, repeat_window_us=_window(repeat_window), progress=days)


def _window(days: float | None) -> int:
    if days is not None:
        return round(days * DAY)
    if Aftermath.repeat_window_us is None:
        raise InputError("No edition can be read here.", hint="Say --repeat-window DAYS.")
    return Aftermath.repeat_window_us()


def _cutover() -> int:
    return int(getattr(settings, "CUTOVER_HOUR", 0))


def _list_sources(as_json: bool, lang: Language) -> None:
    ready = ready_mappings()
    if as_json:
        Console().print_json(data=[source_json(name, mapping) for name, mapping in ready.items()])
    else:
        typer.echo("\n\n".join("\n".join(source_lines(name, mapping, lang)) for name, mapping in ready.items()))


@contextmanager
def _told(console: Console, lang: Language) -> Iterator[tuple[Callable[[Step], None], Callable[[int, int], None]]]:
    """A progress line on stderr: step, share, rows and their rate, time left."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    rows_said, days_said = Words("行", "rows").said(lang), Words("天", "days").said(lang)
    # where nobody watches, a bar that vanishes would leave an empty line
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(STEPS["reading"].said(lang), total=1.0, rows="")

        def steps(step: Step) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f", {step.rows / elapsed:,.0f} {rows_said}/s" if elapsed >= 1 else ""
            bar.update(
                task, completed=step.share, description=_step(step.step, lang), rows=f"{step.rows:,} {rows_said}{rate}"
            )

        def days(done: int, total: int) -> None:
            bar.update(
                task,
                completed=done,
                total=total,
                description=_step("figures", lang),
                rows=f"{done}/{total} {days_said}",
            )

        yield steps, days


def _step(step: str, lang: Language) -> str:
    return STEPS[step].said(lang) if step in STEPS else step
