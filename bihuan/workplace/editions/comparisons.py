"""Comparing two editions on a repeatable draw of the record: asked for on a page, carried out in the background."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.queries import blind_contacts
from bihuan.inspection.sampling.plans import confidence_of
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.queries import scope_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_by_hash
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.drafts.sample import Sample, draw_sample, seed_of
from bihuan.workplace.editions.effects import effects
from bihuan.workplace.editions.models import EditionComparison


@transaction.atomic
def request_comparison(
    actor: User, *, before: Edition, after: Edition, period: tuple[date, date], size: int
) -> EditionComparison:
    """Ask what changes for whom from one edition to another; one that still runs is answered again."""
    require(actor, Permission.EDIT_STANDARDS)
    asked = {
        "before_hash": before.hash, "after_hash": after.hash, "first_day": period[0], "last_day": period[1], "size": size,
    }  # fmt: skip
    waiting = EditionComparison.objects.filter(owner=actor, **asked, finished_at=None).first()
    if waiting:
        return waiting
    made = EditionComparison.objects.create(
        owner=actor, before_ref=before.id, after_ref=after.id, seed=seed_of(after), requested_at=now(), **asked
    )
    data = {"before": before.hash, "after": after.hash, "from": str(period[0]), "to": str(period[1]), "size": size}
    record(actor=actor, verb="edition_comparison.requested", subject=f"edition_comparison:{made.pk}", data=data)
    return made


def latest_comparison(owner: User, *, before: Edition, after: Edition) -> EditionComparison | None:
    """The newest one this account asked for."""
    rows = EditionComparison.objects.filter(owner=owner, before_hash=before.hash, after_hash=after.hash)
    return rows.order_by("-requested_at").first()


def carry_out_comparison(comparison: EditionComparison) -> EditionComparison:
    """Judge the draw by both editions; safe to start again after a kill. A refusal is kept as the answer."""
    if comparison.is_finished:
        return comparison
    outcome: dict[str, Any]
    try:
        outcome = _found(comparison)
    except InputError as error:
        outcome = {"refusal": str(error)}
    EditionComparison.objects.filter(pk=comparison.pk).update(**outcome, finished_at=now())
    comparison.refresh_from_db()
    return comparison


def _found(comparison: EditionComparison) -> dict[str, Any]:
    before = edition_by_hash(comparison.before_hash, comparison.before_ref)
    after = edition_by_hash(comparison.after_hash, comparison.after_ref)
    archive = open_archive()
    manifest = archive.head()
    sample = _sample(comparison, Reader(archive, manifest, scope_of(comparison.owner)))

    def told(done: int, total: int) -> None:
        EditionComparison.objects.filter(pk=comparison.pk).update(done=done, total=total)

    found = effects(before, after, sample, confidence=float(confidence_of(after)), told=told)
    return {"found": found, "manifest": manifest.hash}


def _sample(comparison: EditionComparison, reader: Reader) -> Sample:
    period = (comparison.first_day, comparison.last_day)
    return draw_sample(
        reader, period, size=comparison.size, seed=comparison.seed, without=blind_contacts(comparison.owner),
        clock=lambda: 0.0,  # nobody waits for it at a desk: all that was drawn is read
    )  # fmt: skip
