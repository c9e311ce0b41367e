"""Rows of the conversation library as a page or file shows them: masked, named, with score and violations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from bihuan.appraisal.decisions import decided_until
from bihuan.archive.reader import Reader
from bihuan.kit.numbers import MILLI
from bihuan.standards.checks.personal_data import masked_key
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contacts
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.workplace.contacts.judged_by import editions_of
from bihuan.workplace.contacts.names import Names, names_of
from bihuan.workplace.contacts.wording import CATEGORIES, CHANNELS, OUTCOMES, customer_name, said
from bihuan.workplace.masking import found_at, masked

BEFORE_HIT: Final = 12
HIT_CHARS: Final = 64
"""A line of a list holds about this many Chinese characters."""


@dataclass(frozen=True)
class Hit:
    """The message that holds the words, cut around them, masked: what stands before, the words, what follows."""

    seq: int
    before: str
    words: str
    after: str

    @property
    def text(self) -> str:
        return f"{self.before}{self.words}{self.after}"


@dataclass(frozen=True)
class ContactRow:
    """One conversation of the list. `violations` is None where it was not judged, or `is_blind`: not for this reader
    yet; `is_nameless`: nor who served."""

    contact_id: str
    external_id: str
    opened_us: int | None
    customer: str
    customer_key: str
    channel: str
    team: str
    agent: str
    agent_number: str
    category: str
    level: str
    outcome: str
    duration_us: int | None
    rating: int | None
    complaints: int
    score: Decimal | None = None
    unfailed: Decimal | None = None
    coverage: Decimal | None = None
    violations: int | None = None
    fatal: bool = False
    hit: Hit | None = field(default=None)
    is_blind: bool = False
    is_nameless: bool = False

    @property
    def matter(self) -> str:
        return " · ".join(part for part in (self.category, self.level) if part)


def contact_rows(
    reader: Reader, edition: Edition, rows: Sequence[Mapping[str, Any]], words: str = "", *,
    blind: Collection[str] = (), nameless: Collection[str] = (),
) -> list[ContactRow]:  # fmt: skip
    """Rows of `archive.library` for reading; two queries of names, one read of verdicts for each edition that their days
    were judged by, however many rows. `edition` is the one in use now.

    Rows of `blind` contacts say why they have no score; a `BlindReader` has none for them. Those of `nameless` ones do not
    tell who served.
    """
    rows = [{**row, "person": None} if row["contact_id"] in nameless else row for row in rows]
    called = names_of((row["person"] for row in rows), (row["team"] or row["queue"] for row in rows))
    judged = _judged(reader, edition, rows)
    judged |= {
        key: {"is_blind": True, "is_nameless": key in nameless}
        for key in (row["contact_id"] for row in rows) if key in blind
    }  # fmt: skip
    hits = _hits(reader, rows, words) if words else {}
    return [_row(row, called, judged.get(row["contact_id"], {}), hits.get(row["contact_id"])) for row in rows]


def _row(row: Mapping[str, Any], called: Names, judged: Mapping[str, Any], hit: Hit | None) -> ContactRow:
    return ContactRow(
        contact_id=row["contact_id"],
        external_id=masked(row["external_id"]),
        opened_us=row["opened_us"],
        customer=customer_name(row["customer_surname"]),
        customer_key=masked_key(row["customer_key"]),
        channel=said(CHANNELS, row["channel"]),
        team=called.team(row["team"] or row["queue"]),
        agent=called.person(row["person"]),
        agent_number=row["person"] or "",
        category=said(CATEGORIES, row["category"]),
        level=row["level"] or "",
        outcome=said(OUTCOMES, row["outcome"]),
        duration_us=row["duration_us"],
        rating=row["csat"],
        complaints=row["complaints"] or 0,
        hit=hit,
        **judged,
    )


def _judged(reader: Reader, edition: Edition, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Score after appeals, the machine's violations and fatal mark by contact, each by the edition of its day; contacts
    nobody judged are missing."""
    of_day = editions_of(reader.manifest, {row["day"] for row in rows}, edition)
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[of_day[row["day"]].hash].append(row)
    known = {one.hash: one for one in of_day.values()}
    found: dict[str, dict[str, Any]] = {}
    for digest, part in parts.items():
        found |= _judged_by(reader, known[digest], part)
    return found


def _judged_by(reader: Reader, edition: Edition, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    ids = [row["contact_id"] for row in rows]
    table = reader.table(
        "verdicts", days=_span(rows), edition=edition.hash, where={"contact_id": ids},
        columns=["contact_id", "item", "verdict", "person", "day"],
    )  # fmt: skip
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    if frame.is_empty():
        return {}
    violated = frame.group_by("contact_id").agg(violations=(pl.col("verdict") == VIOLATED).sum())
    if not edition.scorecards:
        return {row["contact_id"]: {"violations": row["violations"]} for row in violated.iter_rows(named=True)}
    scores = score_contacts(edition, decided_until(edition).in_frame(frame)).join(violated, on="contact_id")
    return {row["contact_id"]: _scored(row) for row in scores.iter_rows(named=True)}


def _scored(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "score": _points(row["score_milli"]),
        "unfailed": _points(row["unfailed_milli"]),
        "coverage": _points(row["coverage_milli"]),
        "violations": row["violations"],
        "fatal": row["fatal"],
    }


def _points(milli: int | None) -> Decimal | None:
    return None if milli is None else Decimal(milli) / MILLI


def _span(rows: Sequence[Mapping[str, Any]]) -> tuple[date, date] | None:
    days = [row["day"] for row in rows]
    return None if not days or None in days else (min(days), max(days))


def _hits(reader: Reader, rows: Sequence[Mapping[str, Any]], words: str) -> dict[str, Hit]:
    """The first message of each contact in which the first of the words may be found."""
    wanted = words.split()
    table = reader.table(
        "messages", days=_span(rows), columns=["contact_id", "seq", "text"],
        where={"contact_id": [row["contact_id"] for row in rows]},
    )  # fmt: skip
    found: dict[str, Hit] = {}
    for message in sorted(table.to_pylist(), key=lambda one: one["seq"]):
        if message["contact_id"] in found:
            continue
        place = found_at(wanted[0], message["text"] or "")
        if place >= 0:
            found[message["contact_id"]] = _hit(message["seq"], message["text"], place, len(wanted[0]))
    return found


def _hit(seq: int, text: str, place: int, length: int) -> Hit:
    """Masked before it is cut: a number is never shown because its start was cut away."""
    around = max(place - HIT_CHARS * 4, 0)
    part = masked(text[around : place + length + HIT_CHARS * 4]).replace("\n", " ").replace("\r", " ")
    at = place - around
    start = max(at - BEFORE_HIT, 0)
    before = ("…" if start or around else "") + part[start:at]
    after = part[at + length : at + HIT_CHARS]
    return Hit(seq, before, part[at : at + length], after + ("…" if len(part) > at + HIT_CHARS else ""))
