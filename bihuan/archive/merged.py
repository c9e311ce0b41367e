"""All tellings of some days, sorted, on their way into files: of one row the later told holds, messages have no gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive.schemas import Table
from bihuan.kit.errors import InputError

_SHOWN: Final = 3


def is_in_order(table: Table) -> bool:
    """Do tellings of the same row lie beside each other in the table's order?"""
    return table.order == table.identity


class Merged:
    """Goes through sorted batches once and counts the `rows` that stay and how many of them are `fresh`.

    Of tellings that lie beside each other the first stays. Raises InputError where messages of a contact are not
    numbered 1, 2, 3 ….
    """

    def __init__(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = batches
        self._identity = table.identity if is_in_order(table) else ()
        self._numbered = table.name == "messages"
        self._last: tuple[Any, ...] = ()
        self.rows = self.fresh = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._batches:
            rows = self._without_earlier_tellings(batch)
            self.rows += rows.num_rows
            self.fresh += pc.sum(rows.column("fresh")).as_py() or 0
            if rows.num_rows:
                yield rows

    def _without_earlier_tellings(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if not self._identity or not batch.num_rows:
            return batch
        columns = [batch.column(name) for name in self._identity]
        differs = np.logical_or.reduce([_differs(column) for column in columns])
        first = tuple(column[0].as_py() for column in columns) != self._last
        kept = batch if first and differs.all() else batch.filter(pa.array(np.concatenate([[first], differs])))
        if self._numbered and kept.num_rows:
            self._refuse_gaps(kept)
        self._last = tuple(column[-1].as_py() for column in columns)
        return kept

    def _refuse_gaps(self, rows: pa.RecordBatch) -> None:
        contacts, numbers = rows.column("contact_id"), rows.column("seq").to_numpy()
        begins = np.concatenate([[contacts[0].as_py() != (self._last or (None,))[0]], _differs(contacts)])
        before = np.concatenate([[self._last[1] if self._last else 0], numbers[:-1]])
        broken = np.flatnonzero(numbers != np.where(begins, 1, before + 1))
        if broken.size:
            shown = ", ".join(dict.fromkeys(contacts[int(at)].as_py() for at in broken[:_SHOWN]))
            raise InputError(
                f"Messages of a contact are numbered 1, 2, 3 … without gaps; not so in {shown}.",
                hint="Number them after leaving out what is rejected.",
            )


def _differs(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Per row but the first: is the value another one than before?"""
    answer: npt.NDArray[np.bool_] = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1)).to_numpy(
        zero_copy_only=False
    )
    return answer
