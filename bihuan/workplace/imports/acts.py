"""The acts of an import: hand in (and check), carry out, try again, discard; and the work behind them, which resumes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django import app

from bihuan.archive.sources.importer import ImportSummary, Progress, TableCount, import_file
from bihuan.archive.sources.mapping import Mapping, load_mapping
from bihuan.archive.store import open_archive
from bihuan.kit.clock import now
from bihuan.kit.errors import DefinitionError, InputError, Refusal
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.imports import files as import_files
from bihuan.workplace.imports.models import DISCARDABLE, RUNNING, Import, ImportState
from bihuan.workplace.imports.progress import IMPORT_SHARE, Teller
from bihuan.workplace.imports.sources import source_titles
from bihuan.workplace.imports.steps import Aftermath, after_import

TASK: Final = "workplace.carry_out_import"
QUEUE: Final = "imports"


class NotAtThisPoint(Refusal):
    """The import has moved on meanwhile."""

    message = _("This import has moved on meanwhile; look again.")


def hand_in(
    actor: User, *, name: str, content: Iterable[bytes], source: str = "", mapping: bytes | None = None,
    mapping_name: str = "", at_once: bool = False,
) -> Import:  # fmt: skip
    """Keep a file with a ready source or an own mapping; it is checked in the background and changes nothing yet.

    `at_once` carries it out without a look at the check. Raises InputError or DefinitionError where the mapping is
    wrong or the file too large, keeping nothing.
    """
    require(actor, Permission.IMPORT_RECORD)
    if bool(source) == (mapping is not None):
        raise InputError(_("Choose a ready source, or hand in a mapping of your own."))
    if source and source not in source_titles():
        raise InputError(_("There is no such source."))
    mapping_stored = _kept_mapping(mapping) if mapping is not None else ""
    try:
        stored, size = import_files.keep(content)
    except BaseException:
        import_files.drop(mapping_stored)
        raise
    with transaction.atomic():
        row = Import.objects.create(
            name=import_files.plain_name(name),
            size=size,
            stored=stored,
            source=source,
            mapping_stored=mapping_stored,
            mapping_name=import_files.plain_name(mapping_name) if mapping_stored else "",
            state=ImportState.IMPORTING if at_once else ImportState.CHECKING,
            uploaded_by=actor,
            confirmed_by=actor if at_once else None,
            uploaded_at=now(),
        )
        _queue(row)
    return row


@transaction.atomic
def confirm(actor: User, *, row: Import) -> Import:
    """Carry out what was checked."""
    locked = _locked(actor, row, ImportState.CHECKED)
    return _start(locked, ImportState.IMPORTING, confirmed_by=actor)


@transaction.atomic
def try_again(actor: User, *, row: Import) -> Import:
    """Go on where a failure of ours stopped it."""
    locked = _locked(actor, row, ImportState.FAILED)
    return _start(locked, ImportState.IMPORTING if locked.confirmed_by_id else ImportState.CHECKING)


@transaction.atomic
def discard(actor: User, *, row: Import) -> Import:
    """Remove the file; what it has brought into the record stays."""
    locked = _locked(actor, row, *DISCARDABLE)
    locked.state, locked.finished_at = ImportState.DISCARDED, now()
    locked.save(update_fields=["state", "finished_at"])
    transaction.on_commit(lambda: _drop_files(locked))
    return locked


def carry_out(row: Import) -> Import:
    """Do what the import waits for: check it or bring it in. May be killed and called again at any point."""
    if row.state not in RUNNING:
        return row
    try:
        with_problem = _work(row)
    except Exception:
        _close(row, ImportState.FAILED)
        raise
    if with_problem is not None:
        problem, hint = with_problem
        _close(row, ImportState.REFUSED, problem=problem, hint=hint)
    row.refresh_from_db()
    return row


def _work(row: Import) -> tuple[str, str] | None:
    """The work itself; answers problem and hint where the file or its mapping cannot be used."""
    teller = Teller(row)
    try:
        if row.state == ImportState.CHECKING:
            _check(row, teller)
        else:
            _bring_in(row, teller)
    except InputError as error:
        return error.message, error.hint
    except DefinitionError as error:
        return "\n".join(f"{issue.place}: {issue.message}" for issue in error.issues), ""
    return None


def _check(row: Import, teller: Teller) -> None:
    summary = import_file(import_files.kept(row.stored), _mapping(row), open_archive(), progress=teller, dry_run=True)
    _close(row, ImportState.CHECKED, preview=summary.to_json())


def _bring_in(row: Import, teller: Teller) -> None:
    summary = _summary_of(row.summary) if row.summary else _imported(row, teller)
    actor = row.confirmed_by or row.uploaded_by

    def settle(aftermath: Aftermath) -> None:
        _close(row, ImportState.DONE, aftermath=aftermath.to_json())

    after_import(actor, summary, progress=teller.days, settle=settle)


def _imported(row: Import, teller: Teller) -> ImportSummary:
    """The import proper; its summary is kept at once, so that what follows can be repeated without reading again."""

    def told(step: Progress) -> None:
        teller(Progress(step.step, step.rows, step.share * IMPORT_SHARE))

    summary = import_file(import_files.kept(row.stored), _mapping(row), open_archive(), progress=told)
    Import.objects.filter(pk=row.pk).update(summary=summary.to_json(), rows=summary.rows_read)
    return summary


def _mapping(row: Import) -> Mapping:
    return load_mapping(import_files.kept(row.mapping_stored) if row.mapping_stored else row.source)


def _kept_mapping(text: bytes) -> str:
    """Keep a mapping that was read and found right."""
    name, _size = import_files.keep([text], largest=import_files.LARGEST_MAPPING)
    try:
        load_mapping(import_files.kept(name))
    except BaseException:
        import_files.drop(name)
        raise
    return name


def _locked(actor: User, row: Import, *states: ImportState) -> Import:
    require(actor, Permission.IMPORT_RECORD)
    found = Import.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state not in states:
        raise NotAtThisPoint
    return found


def _start(row: Import, state: ImportState, **changes: Any) -> Import:
    values = {"state": state, "started_at": None, "finished_at": None, "share": 0.0, "rows": 0, "step": "", **changes}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    _queue(row)
    return row


def _queue(row: Import) -> None:
    """Asked for by name: the task stands above the acts. It is queued with the row or not at all."""
    app.configure_task(TASK, queue=QUEUE, lock=f"import:{row.pk}").defer(import_id=str(row.pk))


def _close(row: Import, state: ImportState, **changes: Any) -> None:
    """Unless it was discarded meanwhile."""
    running = Import.objects.filter(pk=row.pk, state__in=RUNNING)
    running.update(state=state, finished_at=now(), share=1.0, **changes)


def _drop_files(row: Import) -> None:
    import_files.drop(row.stored)
    import_files.drop(row.mapping_stored)


def _summary_of(told: dict[str, Any]) -> ImportSummary:
    """A summary from its kept form."""
    days = tuple(None if day == "undated" else date.fromisoformat(day) for day in told["days"])
    tables = {name: TableCount(**counts) for name, counts in told["tables"].items()}
    return ImportSummary(**{**told, "days": days, "tables": tables})
