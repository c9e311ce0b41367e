"""One query per population for all measures asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bihuan.metrics import buckets
from bihuan.metrics.engine.asking import Listing, Sums, query_of
from bihuan.metrics.engine.base import Engine, Request
from bihuan.metrics.engine.kept_days import rows_of_sums
from bihuan.metrics.kinds import Measure, Metric, Part

Key = tuple[str | None, ...]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """Lists of whole numbers, one a group, each sorted: `values[offsets[g]:offsets[g + 1]]`."""

    values: Integers
    offsets: Integers


@dataclass(frozen=True)
class Measured:
    """The groups of one population and, per measure, a whole number or a list for each."""

    keys: tuple[Key, ...]
    numbers: Mapping[Measure, Integers]
    lists: Mapping[Measure, Lists]


def measured(engine: Engine, name: str, measures: Iterable[Measure], by: Sequence[str], request: Request) -> Measured:
    """Every measure of a population per group, by one query at most."""
    asked = Sums(name, tuple(dict.fromkeys(measures)), tuple(by))
    rows = rows_of_sums(engine, request, asked)
    named = {f"m{at}": wanted for at, wanted in enumerate(asked.measures)}
    numbers = {wanted: _integers(rows[column]) for column, wanted in named.items() if wanted.how != "values"}
    lists = {wanted: _lists(rows[column]) for column, wanted in named.items() if wanted.how == "values"}
    return Measured(_keys(engine, rows, by), numbers, lists)


def rows_of(engine: Engine, metric: Metric, part: Part, by: Sequence[str], key: Key, request: Request) -> pa.Table:
    """The rows behind one part of a figure: contact_id, person, day, amount; the amounts add up to that part.

    Sorted by contact and person. A count of different values lists a row for each value's contacts.
    """
    if metric.kind.part(part) is None:
        return _LISTED.empty_table()
    query = query_of(engine, request, Listing(metric.name, part, tuple(by), key))
    rows = engine.run(query, request).cast(_LISTED)
    rows = rows.filter(pc.not_equal(rows["amount"], 0))
    return rows.sort_by([(column, "ascending") for column in ("contact_id", "person", "amount")])


_LISTED = pa.schema(
    [("contact_id", pa.string()), ("person", pa.string()), ("day", pa.date32()), ("amount", pa.int64())]
)


def _keys(engine: Engine, rows: pa.Table, by: Sequence[str]) -> tuple[Key, ...]:
    if not by:
        return ((),)
    columns = []
    for at, dimension in enumerate(by):
        column = rows[f"k{at}"].combine_chunks().dictionary_encode()
        spelled = [buckets.key_of(dimension, raw, engine.zone) for raw in column.dictionary.to_pylist()]
        columns.append([None if place is None else spelled[place] for place in column.indices.to_pylist()])
    return tuple(zip(*columns, strict=True))


def _integers(column: pa.ChunkedArray) -> Integers:
    """Whole numbers, 0 for none; Python's own where one passes 64 bits, as sums of squares do."""
    filled = pc.fill_null(column, 0)
    try:
        narrow: Integers = filled.cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return np.array([int(value) for value in filled.to_pylist()], dtype=object)
    return narrow


def summed(values: Integers) -> Integers:
    """The exact sum, as an array of one."""
    if values.dtype != object and int(np.abs(values).max(initial=0)) < _LONG // max(values.size, 1):
        return np.array([values.sum()])
    whole = sum(values.tolist())
    return np.array([whole], dtype=np.int64 if abs(whole) < _LONG else object)


_LONG = 2**63


def _lists(column: pa.ChunkedArray) -> Lists:
    """Groups' lists, sorted here: the order an engine collects in differs from run to run."""
    array = column.combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy().astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = array.flatten().to_numpy().astype(np.int64)
    group = np.repeat(np.arange(len(lengths)), lengths)
    return Lists(_sorted(group, values), offsets)


def _sorted(group: Integers, values: Integers) -> Integers:
    """Values in order within their groups; one sort of packed integers where they fit, which is ten times faster."""
    bits = int(values.max(initial=0)).bit_length()
    if values.size and values.min() >= 0 and bits + int(group[-1]).bit_length() < _PACKED_BITS:
        return np.sort((group << bits) | values) & ((1 << bits) - 1)
    return values[np.lexsort((values, group))]


_PACKED_BITS = 63
