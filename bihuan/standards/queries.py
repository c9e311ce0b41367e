"""Which edition holds, and finding editions by id or hash, published or shipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from bihuan.kit.errors import InputError
from bihuan.standards import models
from bihuan.standards.editions import load_edition, shipped
from bihuan.standards.rules.edition import Edition

State = Literal["shipped", "coming", "in_force", "past", "withdrawn"]
HASH = re.compile("[0-9a-f]{8,64}")


@dataclass(frozen=True)
class Listed:
    """An edition with where it stands; `row` is None for one that is only shipped."""

    edition: Edition
    state: State
    row: models.Edition | None = None

    @property
    def address(self) -> str:
        return self.edition.hash if self.row else self.edition.id


def edition_in_force(on: date) -> Edition | None:
    """The published edition that holds on a day, of several the latest in effect; None where none is published."""
    row = models.Edition.objects.in_force_on(on).for_everybody().first()
    return row.content() if row else None


def hashes_in_force(days: Iterable[date]) -> dict[date, str | None]:
    """The hash of the edition that holds on each of these days, as `edition_in_force` finds it; one query for all."""
    found = models.Edition.objects.values_list(
        "pk", "hash", "effective_from", "supersedes", "withdrawal__effective_on", "business_lines", "teams", "channels"
    )
    rows = [_Row(*row) for row in found]
    return {day: _hash_on(day, rows) for day in days}


class _Row(NamedTuple):
    pk: int
    hash: str
    since: date
    supersedes: int | None
    until: date | None
    business_lines: Sequence[str]
    teams: Sequence[str]
    channels: Sequence[str]


def _hash_on(day: date, rows: Sequence[_Row]) -> str | None:
    standing = [row for row in rows if row.since <= day and (row.until is None or row.until > day)]
    replaced = {row.supersedes for row in standing}
    left = [row for row in standing if row.pk not in replaced and not (row.business_lines or row.teams or row.channels)]
    last = max(left, key=lambda row: (row.since, row.pk), default=None)
    return last.hash if last else None


def find_edition(ref: str) -> Edition:
    """By hash (eight digits or more) or id: a published one first (the latest of its id), else a shipped one.

    Raises InputError where there is none, or where a shortened hash fits several.
    """
    return find_listed(ref).edition


def find_listed(ref: str, *, on: date | None = None) -> Listed:
    """As `find_edition`, with where the edition stands on a day."""
    rows = models.Edition.objects.select_related("withdrawal")
    if HASH.fullmatch(ref):
        found = list(rows.filter(hash__startswith=ref)[:2])
        if len(found) == 1:
            return _listed(found[0], on)
        for name in shipped():
            if load_edition(name).hash.startswith(ref):
                return Listed(load_edition(name), "shipped")
    row = rows.filter(slug=ref).first()
    if row is not None:
        return _listed(row, on)
    if ref not in shipped():  # never a path: this reference comes from an address
        raise InputError(f"There is no edition '{ref}'.")
    return Listed(load_edition(ref), "shipped")


def listed(on: date) -> list[Listed]:
    """Every edition with where it stands on a day: published ones first, the latest on top, then the shipped ones."""
    rows = list(models.Edition.objects.select_related("withdrawal"))
    published = {row.hash for row in rows}
    return [*_standing(rows, on), *(Listed(e, "shipped") for e in _shipped() if e.hash not in published)]


def _standing(rows: list[models.Edition], on: date) -> Iterator[Listed]:
    in_force = set(models.Edition.objects.in_force_on(on).values_list("pk", flat=True))
    for row in rows:
        yield Listed(row.content(), _state(row, on, in_force=row.pk in in_force), row)


def _listed(row: models.Edition, on: date | None) -> Listed:
    if on is None:
        return Listed(row.content(), "past", row)
    in_force = models.Edition.objects.in_force_on(on).filter(pk=row.pk).exists()
    return Listed(row.content(), _state(row, on, in_force=in_force), row)


def _state(row: models.Edition, on: date, *, in_force: bool) -> State:
    if in_force:
        return "in_force"
    withdrawal = getattr(row, "withdrawal", None)
    if withdrawal is not None and withdrawal.effective_on <= on:
        return "withdrawn"
    return "coming" if row.effective_from > on else "past"


def _shipped() -> Iterator[Edition]:
    return (load_edition(name) for name in shipped())
