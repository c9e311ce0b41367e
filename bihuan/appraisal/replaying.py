"""A month under another edition, beside the one in use; computed and compared, never kept."""

from __future__ import annotations

from datetime import date

from bihuan.appraisal.actions import Line, compute_month
from bihuan.appraisal.decisions import decided_until
from bihuan.appraisal.inputs import Progress, days_of
from bihuan.appraisal.rules.comparison import Move, Placed, compare
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.known_editions import known_editions
from bihuan.kit.errors import InputError
from bihuan.standards.rules.edition import Edition


def replay_month(
    month: date, other: Edition, present: Edition, scheme: str = "", *, progress: Progress | None = None
) -> list[Move]:
    """Everybody's place under `present` and under `other`, on the same record.

    Days that `other` has not judged yet are judged first; verdicts of `present` stay as they are. `scheme` defaults to
    the first scheme that both editions have.
    """
    chosen = shared_scheme(present, other, scheme)
    archive = open_archive()
    for edition in (present, other):
        ensure_judged(archive, edition, days_of(month), progress, like=lambda: known_editions(archive.head()))
    reader = Reader(archive)
    before = compute_month(reader, present, month, decided=decided_until(present), progress=progress)
    after = compute_month(reader, other, month, decided=decided_until(other), progress=progress)
    return compare(_placed(before, chosen), _placed(after, chosen))


def _placed(lines: list[Line], scheme: str) -> dict[str, Placed]:
    return {
        line.month.person: Placed(
            line.month.name, line.month.team, line.total, line.ranked.rank, str(line.ranked.standing), line.tree
        )
        for line in lines
        if line.scheme.id == scheme
    }


def shared_scheme(present: Edition, other: Edition, wanted: str = "") -> str:
    """The scheme to compare: the one wanted, else the first of both editions. InputError where they share none."""
    shared = [scheme for scheme in present.schemes if scheme in other.schemes]
    if wanted in shared:
        return wanted
    if shared and not wanted:
        return shared[0]
    known = f"{_has(present)}; {_has(other)}."
    if shared:
        raise InputError(f"Not both editions have the scheme {wanted}.", hint=f"{known} Shared: {', '.join(shared)}.")
    raise InputError(
        "The two editions have no scheme in common, so nobody's places can be compared.",
        hint=f"{known} Compare with another edition (--against), or give the new one a scheme of the same id: "
        f"{', '.join(present.schemes) or 'one that both have'}.",
    )


def _has(edition: Edition) -> str:
    return f"{edition.id} has {', '.join(edition.schemes) or 'no scheme'}"
