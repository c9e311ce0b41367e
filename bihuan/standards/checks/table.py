"""Answers as rows of the verdict table, built from whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from bihuan.standards.checks.answer import Answer
from bihuan.standards.checks.lexicon import SMALL
from bihuan.standards.checks.scan import Ints, Scan

_ROLES: Final = ("hit", "looked")
_PLACES: Final = ("contacts", "messages", "starts", "ends", "events")
_MISSING: Final = np.iinfo(np.int64).min


def verdict_table(scan: Scan, answers: Sequence[Answer]) -> pl.DataFrame:
    """contact_id, item, verdict, reason, evidence for every contact (outer) and check (inner)."""
    for answer in answers:
        if answer.open.any():
            raise AssertionError(f"{answer.check.id} left a contact without a reason")
    contact = np.repeat(np.arange(scan.n), len(answers))
    offsets = np.cumsum([0] + [len(answer.codes) for answer in answers])
    chosen = np.stack(
        [answer.reason + offset for answer, offset in zip(answers, offsets, strict=False)], axis=1
    ).ravel()
    codes = [code for answer in answers for code in answer.codes]
    verdicts = [str(reason.verdict) for answer in answers for reason in answer.check.reasons.values()]
    items = [answer.check.id for answer in answers]
    return pl.DataFrame(
        {
            "contact_id": _taken(scan.facts.ids, contact),
            "item": _taken(items, np.tile(np.arange(len(answers)), scan.n)),
            "verdict": _taken(verdicts, chosen),
            "reason": _with_values(_taken(codes, chosen), answers),
            "evidence": _evidence(scan, answers),
        }
    )


def _taken(values: list[str], places: Ints) -> pl.Series:
    """The values at the places."""
    if len(places) <= SMALL:
        return pl.Series([values[place] for place in places.tolist()], dtype=pl.String)
    return pl.Series(values, dtype=pl.String).gather(places)


def _with_values(reasons: pl.Series, answers: Sequence[Answer]) -> pl.Series:
    """Reasons with their numbers, as `code?target=30&took=42`; a number that is not known is left out."""
    rows, told = [], []
    for position, answer in enumerate(answers):
        places = np.flatnonzero(answer.has_values)
        if len(places):
            rows.append(places * len(answers) + position)
            told.append(_values(answer, places))
    if not rows:
        return reasons
    numbered = np.concatenate(rows)
    return reasons.scatter(numbered, reasons.gather(numbered) + pl.concat(told))


def _values(answer: Answer, places: Ints) -> pl.Series:
    """`?name=value&…` for each of the contacts."""
    columns = [(name, numbers[places]) for name, numbers in sorted(answer.values.items())]
    if len(places) <= SMALL:
        rows = [
            [f"{name}={numbers[row]}" for name, numbers in columns if numbers[row] != _MISSING]
            for row in range(len(places))
        ]
        return pl.Series(["?" + "&".join(row) for row in rows], dtype=pl.String)
    frame = pl.DataFrame(dict(columns))
    parts = [
        pl.when(pl.col(name) != _MISSING).then(pl.concat_str(pl.lit(f"{name}="), pl.col(name).cast(pl.String)))
        for name, _ in columns
    ]
    return frame.select(pl.lit("?") + pl.concat_str(parts, separator="&", ignore_nulls=True)).to_series()


def _evidence(scan: Scan, answers: Sequence[Answer]) -> pl.Series:
    """One list of spans per contact and check, in the order of messages and positions."""
    spans = [part for answer in answers for part in answer.spans]
    columns = {name: _joined([getattr(part, name) for part in spans]) for name in _PLACES}
    roles = _joined([np.full(len(part.contacts), _ROLES.index(part.role)) for part in spans])
    owners = [np.full(len(part.contacts), place) for place, answer in enumerate(answers) for part in answer.spans]
    slot = columns["contacts"] * len(answers) + _joined(owners)
    order = np.lexsort((columns["starts"], columns["messages"], slot))
    counts = np.bincount(slot, minlength=scan.n * len(answers))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    fields = {
        "message": _places(columns["messages"][order]),
        "start": _places(columns["starts"][order]),
        "end": _places(columns["ends"][order]),
        "event": _places(columns["events"][order]),
        "role": pl.Series(_ROLES, dtype=pl.String).gather(roles[order]).to_arrow().cast(pa.large_string()),
    }
    values = pa.StructArray.from_arrays(list(fields.values()), names=list(fields))
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(offsets, values)))


def _places(numbers: Ints) -> pa.Array:
    """Whole numbers with null for −1."""
    return pa.array(numbers, pa.int32(), mask=numbers < 0)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)
