"""A month under another edition, beside the one in use; computed and compared, never kept."""

from __future__ import annotations

from datetime import date

from bihuan.appraisal.actions import Line, compute_month
from bihuan.appraisal.inputs import days_of
from bihuan.appraisal.rules.comparison import Move, Placed, compare
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.judging import ensure_judged
from bihuan.kit.clock import now, to_us
from bihuan.kit.errors import InputError
from bihuan.standards.rules.edition import Edition


def replay_month(month: date, other: Edition, present: Edition, scheme: str = "") -> list[Move]:
    """Everybody's place under `present` and under `other`, on the same record at the same moment.

    Days that `other` has not judged yet are judged first; verdicts of `present` stay as they are. `scheme` defaults to
    the first scheme that both editions have.
    """
    chosen = scheme or _shared_scheme(present, other)
    archive = open_archive()
    for edition in (present, other):
        ensure_judged(archive, edition, days_of(month))
    reader, at = Reader(archive), to_us(now())
    return compare(
        _placed(compute_month(reader, present, month, as_of_us=at), chosen),
        _placed(compute_month(reader, other, month, as_of_us=at), chosen),
    )


def _placed(lines: list[Line], scheme: str) -> dict[str, Placed]:
    return {
        line.month.person: Placed(
            line.month.name, line.month.team, line.total, line.ranked.rank, str(line.ranked.standing), line.tree
        )
        for line in lines
        if line.scheme.id == scheme
    }


def _shared_scheme(present: Edition, other: Edition) -> str:
    shared = [scheme for scheme in present.schemes if scheme in other.schemes]
    if not shared:
        raise InputError(
            "The two editions have no scheme in common.",
            hint=f"One has {', '.join(present.schemes)}, the other {', '.join(other.schemes)}.",
        )
    return shared[0]
