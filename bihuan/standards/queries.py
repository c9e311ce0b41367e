"""Which edition holds, and finding editions by id or hash, published or shipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

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


def edition_in_force(
    on: date, *, business_line: str | None = None, team: str | None = None, channel: str | None = None
) -> Edition | None:
    """The published edition that holds on a day for this part of the department: the most specific one, of equals
    the latest in effect. None where none is published for it."""
    best: tuple[int, date, int] | None = None
    chosen: models.Edition | None = None
    for row in models.Edition.objects.in_force_on(on):
        rank = row.applies_to.specificity(business_line=business_line, team=team, channel=channel)
        if rank is not None and (best is None or (rank, row.effective_from, row.pk) > best):
            best, chosen = (rank, row.effective_from, row.pk), row
    return chosen.content() if chosen else None


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
