"""Conversations of the record as a model may see them, each with the questions of an edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from bihuan.archive.reader import Reader
from bihuan.inspection.rules.model_judging import Line, Question
from bihuan.inspection.rules.model_masking import Served, Staff, disguised
from bihuan.people.models import Person
from bihuan.standards.checks.authored.asking import Asked, asked_of
from bihuan.standards.rules.edition import Edition

Place = tuple[str, str]
"""A contact's id and an item."""

_TEXTS = ("text", "voice")


@dataclass(frozen=True)
class Cast:
    """Everybody whose name is hidden, and who is behind an agent's key: names and numbers."""

    staff: Staff
    names: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, tuple[str, ...]]

    def served(self, keys: Sequence[str], customer: str) -> Served:
        names = dict.fromkeys(name for key in keys for name in self.names.get(key, ()))
        numbers = dict.fromkeys(number for key in keys for number in (key, *self.numbers.get(key, ())))
        return Served(tuple(names), tuple(numbers), customer)


def questions_asked(edition: Edition, model: str = "") -> list[Asked]:
    """The edition's questions, in its order; with a model those that it may answer."""
    asked = [one for setting in edition.checks.values() if (one := asked_of(setting)) is not None]
    return [one for one in asked if not model or one.model in ("", model)]


def cast_of(reader: Reader) -> Cast:
    """Who works here, by the roster and by the record's list of keys."""
    people = dict(Person.objects.values_list("number", "name"))
    names, numbers = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for row in reader.table("staff", columns=["agent_key", "person", "name"]).to_pylist():
        key, person = row["agent_key"], row["person"] or ""
        names[key] += [name for name in (row["name"], people.get(person)) if name]
        numbers[key] += [person] if person else []
    for number, name in people.items():
        names[number].append(name)
    everybody = frozenset(name for listed in names.values() for name in listed)
    return Cast(
        Staff(everybody),
        {key: tuple(dict.fromkeys(listed)) for key, listed in names.items()},
        {key: tuple(dict.fromkeys(listed)) for key, listed in numbers.items()},
    )


def questions_of_day(reader: Reader, edition: Edition, day: date | None, model: str) -> dict[Place, Question]:
    """Every question of the edition about every conversation of a day (None: those without times)."""
    frames = {name: day_frame(reader, name, day) for name in ("contacts", "messages")}
    return questions_of(edition, frames["contacts"], frames["messages"], cast_of(reader), model)


def day_frame(reader: Reader, name: str, day: date | None) -> pl.DataFrame:
    rows = reader.table(name, where={"day": None}) if day is None else reader.table(name, days=(day, day))
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def questions_of(
    edition: Edition, contacts: pl.DataFrame, messages: pl.DataFrame, cast: Cast, model: str
) -> dict[Place, Question]:
    """The same for frames in the columns of the record. Where no agent said a word nothing is asked."""
    asked = questions_asked(edition, model)
    if not asked:
        return {}
    surnames = dict(contacts.select("contact_id", "customer_surname").iter_rows())
    found: dict[Place, Question] = {}
    for contact, lines in _talks(messages, surnames, cast):
        if any(line.speaker == "agent" for line in lines):
            found |= {(contact, one.item): Question(one, lines, model) for one in asked}
    return found


def _talks(
    messages: pl.DataFrame, surnames: Mapping[str, str | None], cast: Cast
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    columns = ("contact_id", "seq", "sender_kind", "agent_key", "kind", "text", "automatic", "withdrawn_us")
    rows = messages.select(columns).sort("contact_id", "seq")
    for (contact,), part in rows.group_by("contact_id", maintain_order=True):
        if contact not in surnames:
            continue
        keys = part["agent_key"].drop_nulls().unique(maintain_order=True).to_list()
        served = cast.served(keys, surnames[str(contact)] or "")
        lines = tuple(
            _line(row, served, cast.staff)
            for row in part.iter_rows(named=True)
            if row["withdrawn_us"] is None and (row["kind"] or "text") in _TEXTS and (row["text"] or "").strip()
        )
        yield str(contact), lines


def _line(row: Mapping[str, Any], served: Served, staff: Staff) -> Line:
    speaker = _speaker(row["sender_kind"], row["automatic"])
    return Line(row["seq"], speaker, disguised(row["text"], served, staff, by_system=speaker == "system"))


def _speaker(kind: str | None, automatic: bool | None) -> str:
    if kind == "customer":
        return "customer"
    if kind == "agent":
        return "bot" if automatic else "agent"
    return "bot" if kind == "bot" else "system"
