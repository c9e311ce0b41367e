"""Appeals about monthly results: what they are about, and what a decision leads to.

A result is what the record and its edition make of a month; nobody types a figure into it. So a decision that an input
does not hold is noted for good, and the month is computed again: whatever was corrected until then (a late import, an
appealed verdict, a complaint found invalid) makes the next version. Where nothing was, the result stands with the note.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import OVERTURNED
from bihuan.appraisal.computing import request_computation
from bihuan.appraisal.models import Computation, NotedAppeal, Result
from bihuan.appraisal.months import read_month
from bihuan.appraisal.queries import edition_of_set, official_sets
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import Actor

KIND: Final = "result"
"""The kind of appeal that is about monthly results."""
_BETWEEN: Final = "."
_PARTS: Final = 3


def subject_of(result: Result) -> str:
    """Month, scheme and person: every version of a result is the same matter."""
    return _BETWEEN.join((f"{result.set.month:%Y-%m}", result.scheme, result.person))


def versions_of(subject: str) -> list[Result]:
    """Every kept version of a result by the edition in use, what holds first; none for what names no result. What was
    computed under another edition to compare is no version of it."""
    parts = subject.split(_BETWEEN, _PARTS - 1)
    if len(parts) != _PARTS:
        return []
    month, scheme, person = parts
    try:
        first = read_month(month)
    except InputError:
        return []
    places = {kept.pk: at for at, kept in enumerate(official_sets(first))}
    found = Result.objects.filter(set__in=places, scheme=scheme, person=person).select_related("set").defer("days")
    return sorted(found, key=lambda one: places[one.set_id])


def unchanged_since(versions: Sequence[Result]) -> Result:
    """The oldest of the newest versions that say the same: what a person could read from then on."""
    same = versions[0]
    for one in versions[1:]:
        if one.tree != same.tree:
            break
        same = one
    return same


@transaction.atomic
def note_appeal(actor: Actor, *, appeal: Appeal) -> NotedAppeal | None:
    """Keep a decision beside the result and, where an input did not hold, ask for the month anew.

    None where no version of the result is kept. One that was noted stays as it is.
    """
    Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    known = NotedAppeal.objects.filter(appeal=appeal).select_related("computation").first()
    versions = versions_of(appeal.subject)
    if known is not None or not versions:
        return known
    result = versions[0]
    outcomes = appeal.items.values_list("decision__outcome", flat=True)
    is_upheld = any(outcome in OVERTURNED for outcome in outcomes)
    computation = _anew(actor, result) if is_upheld else None
    made = NotedAppeal.objects.create(
        appeal=appeal, subject=appeal.subject, result=result, is_upheld=is_upheld, computation=computation,
        noted_at=now(),
    )  # fmt: skip
    told = {"appeal": str(appeal.pk), "upheld": is_upheld, "computation": str(computation.pk) if computation else None}
    record(actor=actor, verb="result.appealed", subject=f"result:{result.pk}", data=told)
    return made


def notes_on(result: Result) -> list[NotedAppeal]:
    """What was decided about this result, in whatever version, oldest first."""
    found = NotedAppeal.objects.filter(subject=subject_of(result))
    return list(found.select_related("appeal", "result__set", "computation__result_set"))


def waiting_for_correction() -> list[NotedAppeal]:
    """Upheld appeals since which no version of the result has changed: an input is still to be put right."""
    upheld = NotedAppeal.objects.filter(is_upheld=True).select_related("appeal__person", "result__set")
    return [one for one in upheld if _same_as_then(one)]


def _same_as_then(one: NotedAppeal) -> bool:
    newest = versions_of(one.subject)[0]
    return newest.pk == one.result_id or newest.tree == one.result.tree


def _anew(actor: Actor, result: Result) -> Computation | None:
    """None where the text of the edition is gone: then nothing can be computed by it."""
    try:
        edition = edition_of_set(result.set)
    except InputError:
        return None
    return request_computation(actor, month=result.set.month, edition=edition)
