"""Forms as acts and pages need them: of an edition, by its hash, with the machine's verdicts beside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from bihuan.archive.reader import Reader
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.refusals import NoScorecard
from bihuan.inspection.rules.form import Section, form_of
from bihuan.kit.errors import InputError
from bihuan.standards.checks.declarations import hand_over, timing
from bihuan.standards.choosing import edition_by_hash, edition_in_use
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import Verdict

TIMED: Final = frozenset(check.id for check in (*timing.CHECKS, *hand_over.CHECKS))


@lru_cache(maxsize=32)
def edition_named(digest: str, ref: str) -> Edition:
    """The edition an evaluation names; editions never change, so one that was found is kept in memory."""
    return edition_by_hash(digest, ref)


def edition_for(work: Assignment) -> Edition:
    """The edition a drawn conversation is evaluated by: the one its draw and the machine judged it by.

    An edition that was never published may have changed its text since; then the one in use now.
    """
    try:
        return edition_named(work.draw.edition_hash, work.draw.edition_ref)
    except InputError:
        return edition_in_use(work.day)


def edition_of_evaluation(evaluation: Evaluation) -> Edition | None:
    """The edition an evaluation names; None where its text was never published and has changed since."""
    try:
        return edition_named(evaluation.edition_hash, evaluation.edition_ref)
    except InputError:
        return None


def form_for(edition: Edition) -> tuple[Section, ...]:
    """The form people fill in; refused where the edition scores no contacts."""
    if not edition.scorecards:
        raise NoScorecard(edition=edition.title.en or edition.id)
    return form_of(edition, timed=TIMED)


def machine_verdicts(reader: Reader, edition_hash: str, contact_id: str) -> Mapping[str, Verdict]:
    """The machine's verdicts on a contact by check; empty where it was not judged by this edition.

    A state of the record never changes, so what was read of one is remembered: each answer of the desk asks again.
    """
    key = (str(reader.archive.root), reader.manifest.hash, reader.scope, edition_hash, contact_id)
    found = _remembered.get(key)
    if found is None:
        rows = reader.verdicts(edition_hash, contact_ids=[contact_id]).to_pylist()
        found = {row["item"]: Verdict.from_row(row) for row in rows}
        while len(_remembered) >= REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[key] = found
    return found


REMEMBERED: Final = 256
_remembered: dict[tuple[object, ...], Mapping[str, Verdict]] = {}
