"""A month under another edition, beside the one in use; computed and compared, never kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from bihuan.appraisal.actions import Line, compute_month
from bihuan.appraisal.decisions import decided_until
from bihuan.appraisal.inputs import Progress, days_of
from bihuan.appraisal.rules.comparison import Move, Placed, compare
from bihuan.appraisal.rules.policy import policy_of
from bihuan.appraisal.rules.ranking import order_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.known_editions import known_editions
from bihuan.kit.errors import InputError
from bihuan.standards.rules.applying import said_of
from bihuan.standards.rules.edition import AppliesTo, Edition, Scheme
from bihuan.standards.rules.schemes import inputs_of


@dataclass(frozen=True)
class Compared:
    """What a replay holds against each other: a scheme of either edition, on the part of the department both are for."""

    present: Edition
    other: Edition
    before: str
    after: str
    part: AppliesTo

    @property
    def is_same_scheme(self) -> bool:
        return self.before == self.after

    @property
    def sides(self) -> tuple[tuple[Edition, str], tuple[Edition, str]]:
        """Either edition with its scheme."""
        return (self.present, self.before), (self.other, self.after)

    @property
    def without_ranking(self) -> list[Edition]:
        """Those of the editions that have no rules of ranking: places under them are the order of their totals."""
        return [edition for edition in (self.present, self.other) if not policy_of(edition).given]

    @property
    def taken_by_both(self) -> list[str]:
        """The inputs that both totals take, in the order of the first."""
        theirs = _inputs(self.other.schemes[self.after])
        return [name for name in _inputs(self.present.schemes[self.before]) if name in theirs]


def replay_month(month: date, compared: Compared, *, progress: Progress | None = None) -> list[Move]:
    """Everybody's place under either edition, on the same contacts of the same record.

    Days that an edition has not judged yet are judged first; verdicts that are there stay as they are.
    """
    archive = open_archive()
    for edition in (compared.present, compared.other):
        ensure_judged(archive, edition, days_of(month), progress, like=lambda: known_editions(archive.head()))
    reader = Reader(archive)
    before, after = (
        _places(reader, edition, compared.part, month, scheme, progress) for edition, scheme in compared.sides
    )
    return compare(before, after)


def _places(
    reader: Reader, edition: Edition, part: AppliesTo, month: date, scheme: str, progress: Progress | None
) -> dict[str, Placed]:
    """The places under an edition among the people of a part it is for."""
    narrowed = replace(edition, applies_to=part)
    lines = compute_month(reader, narrowed, month, decided=decided_until(edition), progress=progress)
    of_scheme = {line.month.person: line for line in lines if line.scheme.id == scheme}
    if policy_of(edition).given:
        return {person: _placed(line, line.ranked.rank, line.ranked.standing) for person, line in of_scheme.items()}
    order = order_of({person: line.total for person, line in of_scheme.items()})
    return {person: _placed(line, order.get(person), "") for person, line in of_scheme.items()}


def _placed(line: Line, rank: int | None, standing: str) -> Placed:
    return Placed(line.month.name, line.month.team, line.total, rank, str(standing), line.tree)


def comparable(present: Edition, other: Edition, wanted: str = "") -> Compared:
    """What of the two editions can be compared: the scheme `wanted`, else the first that both have; where they have none in
    common, the two totals that share the most inputs. InputError where nothing can, with what each has."""
    part = present.applies_to.meet(other.applies_to)
    if part is None:
        parts = f"{present.id} is for {said_of(present.applies_to).en}, {other.id} for {said_of(other.applies_to).en}"
        raise InputError(
            "No contact is of both editions, so nobody's places can be compared.",
            hint=f"{parts}. Compare with an edition that is for the same part (--against).",
        )
    before, after = _schemes(present, other, wanted)
    return Compared(present, other, before, after, part)


def is_comparable(present: Edition, other: Edition) -> bool:
    """Is there anything that a replay could compare?"""
    try:
        comparable(present, other)
    except InputError:
        return False
    return True


def _schemes(present: Edition, other: Edition, wanted: str) -> tuple[str, str]:
    shared = [scheme for scheme in present.schemes if scheme in other.schemes]
    if wanted in shared:
        return wanted, wanted
    if shared and not wanted:
        return shared[0], shared[0]
    known = f"{_has(present)}; {_has(other)}."
    if shared:
        raise InputError(f"Not both editions have the scheme {wanted}.", hint=f"{known} Shared: {', '.join(shared)}.")
    pairs = [(one, other_one) for one in present.schemes for other_one in other.schemes]
    alike = {pair: _alike(present.schemes[pair[0]], other.schemes[pair[1]]) for pair in pairs}
    asked = [pair for pair, share in alike.items() if share and (not wanted or wanted in pair)]
    if asked:
        return max(asked, key=lambda pair: alike[pair])
    about = (
        f"no total takes what {wanted} takes"
        if wanted
        else "no total of one takes anything that a total of the other takes"
    )
    raise InputError(
        f"The two editions have no scheme in common and {about}, so nobody's places can be compared.",
        hint=f"{known} Compare with another edition (--against), or give the new one a scheme of the same id: "
        f"{', '.join(present.schemes) or 'one that both have'}.",
    )


def _alike(one: Scheme, other: Scheme) -> Fraction:
    """How much of what either total takes both take."""
    mine, theirs = _inputs(one), _inputs(other)
    return Fraction(sum(name in theirs for name in mine), len({*mine, *theirs}) or 1)


def _inputs(scheme: Scheme) -> list[str]:
    return list(dict.fromkeys(term.input for term in inputs_of(scheme).values() if term.input))


def _has(edition: Edition) -> str:
    return f"{edition.id} has {', '.join(edition.schemes) or 'no scheme'}"
