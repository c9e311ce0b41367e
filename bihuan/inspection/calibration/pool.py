"""Which contacts a calibration may hold: served by people, seen by who makes it, new to everybody who will judge them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q

from bihuan.archive.reader import Reader
from bihuan.inspection import evaluable
from bihuan.inspection.calibration.refusals import ContactNotSeen, KnownToRater, NothingToCalibrate, ServedByRater
from bihuan.inspection.evaluable import EVALUABLE, is_evaluable
from bihuan.inspection.models import CalibrationContact, Evaluation, Opinion
from bihuan.inspection.rules.calibration import drawn
from bihuan.people.models import Person

COLUMNS = ("contact_id", "day", "category", "opened_at", *evaluable.COLUMNS)


@dataclass(frozen=True)
class Drawing:
    """A draw that was asked for: at most so many contacts of these days (both included), by this seed."""

    first: date
    last: date
    most: int
    seed: int


def drawn_contacts(reader: Reader, drawing: Drawing, seats: Sequence[Person]) -> list[Mapping[str, Any]]:
    """Rows of contacts drawn from what the reader may see and no seat served or judged before."""
    rows = pl.from_arrow(reader.table("rollup", days=(drawing.first, drawing.last), columns=list(COLUMNS)))
    assert isinstance(rows, pl.DataFrame)
    numbers = [person.number for person in seats]
    fitting = rows.filter(EVALUABLE & ~pl.col("person").is_in(numbers)).unique("contact_id")
    open_to = set(fitting["contact_id"]) - known_contacts(seats)
    places = {key: at for at, key in enumerate(drawn(open_to, drawing.most, seed=drawing.seed))}
    if not places:
        raise NothingToCalibrate
    found = fitting.filter(pl.col("contact_id").is_in(list(places))).to_dicts()
    return sorted(found, key=lambda row: places[row["contact_id"]])


def chosen_contacts(reader: Reader, contacts: Sequence[str], seats: Sequence[Person]) -> list[Mapping[str, Any]]:
    """Rows of the named contacts in their order; refused with the first that does not fit."""
    names = {person.number: person.name for person in seats}
    known = known_contacts(seats, among=contacts)
    found = []
    for contact in dict.fromkeys(contacts):
        row = _row_of(reader, contact)
        if row is None:
            raise ContactNotSeen(contact=contact)
        if row["person"] in names:
            raise ServedByRater(contact=contact, name=names[row["person"]])
        if contact in known:
            raise KnownToRater(contact=contact)
        found.append(row)
    return found


def known_contacts(seats: Sequence[Person], *, among: Collection[str] | None = None) -> set[str]:
    """Contacts that one of these people evaluated, looked at again, or that were calibrated before."""
    judged = Evaluation.objects.filter(evaluator__in=seats)
    opined = Opinion.objects.filter(rater__in=seats)
    calibrated = CalibrationContact.objects.all()
    if among is not None:
        wanted = list(among)
        judged = judged.filter(assignment__contact_id__in=wanted)
        opined = opined.filter(review__evaluation__assignment__contact_id__in=wanted)
        calibrated = calibrated.filter(Q(contact_id__in=wanted))
    return {
        *judged.values_list("assignment__contact_id", flat=True),
        *opined.values_list("review__evaluation__assignment__contact_id", flat=True),
        *calibrated.values_list("contact_id", flat=True),
    }


def _row_of(reader: Reader, contact: str) -> Mapping[str, Any] | None:
    record = reader.contact(contact)
    rows = [row for row in record.rollup if is_evaluable(row)] if record else []
    return rows[0] if rows else None
