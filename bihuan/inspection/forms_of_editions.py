"""Forms as acts and pages need them: of an edition, by its hash, with the machine's verdicts beside."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from bihuan.archive.reader import Reader
from bihuan.inspection.refusals import NoScorecard
from bihuan.inspection.rules.form import Section, form_of
from bihuan.standards.checks.declarations import timing
from bihuan.standards.choosing import edition_by_hash
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import Verdict

TIMED: Final = frozenset(check.id for check in timing.CHECKS)


@lru_cache(maxsize=32)
def edition_named(digest: str, ref: str) -> Edition:
    """The edition an evaluation names; editions never change, so one that was found is kept in memory."""
    return edition_by_hash(digest, ref)


def form_for(edition: Edition) -> tuple[Section, ...]:
    """The form people fill in; refused where the edition scores no contacts."""
    if not edition.scorecards:
        raise NoScorecard(edition=edition.title.en or edition.id)
    return form_of(edition, timed=TIMED)


def machine_verdicts(reader: Reader, edition: Edition, contact_id: str) -> dict[str, Verdict]:
    """The machine's verdicts on a contact by check; empty where it was not judged by this edition."""
    rows = reader.verdicts(edition.hash, contact_ids=[contact_id]).to_pylist()
    return {row["item"]: Verdict.from_row(row) for row in rows}
