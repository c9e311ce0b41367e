"""The counterfactual suite asked for and carried out; what it found is kept and decides which checks may count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import connection, transaction

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.fairness.suite import drawn_talks, limits_of, suite_of, told
from bihuan.inspection.model_judge.endpoint import read_endpoint
from bihuan.inspection.model_judge.refusals import ModelJudgeOff, ModelStopped
from bihuan.inspection.model_judge.talks import cast_of
from bihuan.inspection.model_judge.trying import ModelVerdicts
from bihuan.inspection.models import FairnessRun
from bihuan.inspection.rules.fairness import unfair_items
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import Actor, account, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.choosing import edition_by_hash
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition

PROCESS = "system:fairness"

Progress = Callable[[int, int], None]


@transaction.atomic
def request_fairness(
    actor: Actor, *, edition: Edition, ref: str, first: date | None = None, last: date | None = None,
    contacts: int | None = None,
) -> FairnessRun:  # fmt: skip
    """Ask for a run over an edition: of `contacts` conversations or as many as it asks for; without days over the newest
    ones. One that is under way is answered again, so that a second click tries nothing twice."""
    require(actor, Permission.JUDGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.fairness'))")
    waiting = FairnessRun.objects.filter(edition=edition.hash, finished_at=None).first()
    if waiting:
        return waiting
    wanted = contacts or number_of(edition, "fairness.contacts").whole
    run = FairnessRun.objects.create(
        standard=edition.id, edition=edition.hash, edition_ref=ref, engine=ENGINE_VERSION, wanted=wanted,
        first_day=first, last_day=last, requested_by=account(actor), requested_at=now(),
    )  # fmt: skip
    record(actor=actor, verb="fairness.requested", subject=f"fairness_run:{run.pk}", data={"edition": edition.hash})
    return run


def carry_out_fairness(
    run: FairnessRun, *, progress: Progress | None = None, edition: Edition | None = None, model: bool = False
) -> FairnessRun:
    """Try every exchange and keep what came of it; killed, it begins anew. What cannot be tried is kept as a refusal.

    `model`: put the edition's questions to the model too. `ModelStopped` where the budget or the service ends that early;
    the run stays unfinished, and the answers that came are not asked for again.
    """
    if run.is_finished:
        return run
    edition = edition or edition_by_hash(run.edition, run.edition_ref)
    reader = Reader(open_archive())
    try:
        talks = drawn_talks(reader, (run.first_day, run.last_day), run.wanted, edition.applies_to)
    except InputError as error:
        _finish(run, refusal=str(error))
        raise

    def tell(done: int, total: int) -> None:
        FairnessRun.objects.filter(pk=run.pk).update(done=done, total=total)
        if progress:
            progress(done, total)

    asked = model_verdicts(edition, reader) if model else None
    found = suite_of(edition, talks, limits_of(edition), tell, model=asked)
    if asked is not None and asked.told.stopped:
        raise ModelStopped(reason=asked.told.stopped)
    unfair = sorted(unfair_items(found))
    return _finish(
        run, contacts=talks.contacts.height, manifest=reader.manifest.hash, found=told(edition, found), unfair=unfair
    )


def model_verdicts(edition: Edition, reader: Reader) -> ModelVerdicts:
    """The model judge of this installation over conversations of a record. `ModelJudgeOff` where there is none."""
    endpoint = read_endpoint()
    if endpoint is None:
        raise ModelJudgeOff
    return ModelVerdicts(edition, endpoint, cast_of(reader))


@transaction.atomic
def _finish(run: FairnessRun, *, unfair: list[str] | None = None, **outcome: object) -> FairnessRun:
    row = FairnessRun.objects.select_for_update().get(pk=run.pk)
    if row.is_finished:  # another worker was first
        return row
    for name, value in outcome.items():
        setattr(row, name, value)
    row.finished_at = now()
    row.save()
    data = {"edition": row.edition, "conversations": row.contacts, "unfair": unfair or []}
    record(actor=row.requested_by or PROCESS, verb="fairness.finished", subject=f"fairness_run:{row.pk}", data=data)
    return row
