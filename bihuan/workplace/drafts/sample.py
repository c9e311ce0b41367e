"""Conversations to try a draft on: a draw of the record that anybody with the same right to see can repeat."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Final

import polars as pl

from bihuan.archive.reader import Reader
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.logs import with_logs
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sampling import random_keys

FEWEST, USUAL_SIZE, MOST = 20, 500, 2_000
"""Conversations of one trial: what a person waits for at their desk bounds it (two cores judge 2,000 in under a second)."""
LONGEST_DAYS: Final = 92
"""Days of one trial: a quarter."""
ENOUGH_SECONDS: Final = 3.0
"""Reading stops here; the page says how many of the drawn conversations were reached."""
READ: Final = ("contacts", "messages", "events", "rollup", "complaints", "follow_ups")


@dataclass(frozen=True)
class Sample:
    """`drawn` of `population` conversations of the period; `batch` and `served` hold those that were `read` in time.

    `served` has one row per conversation: contact_id, person, team, day.
    """

    population: int
    drawn: int
    batch: Batch
    served: pl.DataFrame

    @property
    def read(self) -> int:
        return self.batch.contacts.height

    @property
    def is_cut(self) -> bool:
        """Was time up before all drawn conversations were read (and judged)?"""
        return self.read < self.drawn

    def of(self, contact_ids: pl.Series) -> Sample:
        """The same draw with no others read than these."""
        if len(contact_ids) == self.read:
            return self
        keys = contact_ids.to_frame("contact_id")
        parts = (self.batch.contacts, self.batch.messages, self.batch.events, self.served)
        contacts, messages, events, served = (
            one.join(keys, on="contact_id", how="semi", maintain_order="left") for one in parts
        )
        return Sample(self.population, self.drawn, Batch(contacts, messages, events), served)


def seed_of(edition: Edition) -> int:
    """The seed of the edition's draws; the shipped one's where it is silent."""
    return number_of(edition, "sampling.seed").whole


def draw_sample(
    reader: Reader, period: tuple[date, date], *, size: int, seed: int, without: Collection[str] = (),
    clock: Callable[[], float] = perf_counter,
) -> Sample:  # fmt: skip
    """Draw `size` conversations that `reader` may see, each as likely as any other, and read them day by day.

    `without` are those somebody is still to judge blind: a trial would tell them what a check finds there.

    The same record, right to see, period, size and seed give the same conversations.
    """
    started = clock()
    population = _frame(reader, "contacts", period, columns=("contact_id", "day")).sort("contact_id")
    luck = random_keys(population.height, seed, "check draft", *map(str, period))
    open_ones = population.with_columns(luck).filter(~pl.col("contact_id").is_in(list(without)))
    chosen = open_ones.sort("luck").head(size)
    read: dict[str, list[pl.DataFrame]] = {name: [] for name in READ}
    for day, rows in chosen.group_by("day", maintain_order=True):  # in the order of luck: whoever stops early is fair
        ids = rows["contact_id"].to_list()
        for name in READ:
            read[name].append(_frame(reader, name, (day[0], day[0]), ids=ids))
        if clock() - started > ENOUGH_SECONDS:
            break
    frames = {name: pl.concat(parts) if parts else _frame(reader, name, period, ids=[]) for name, parts in read.items()}
    return Sample(population.height, chosen.height, _batch(frames), _served(frames))


def _frame(
    reader: Reader, name: str, days: tuple[date, date], *, ids: list[str] | None = None,
    columns: tuple[str, ...] | None = None,
) -> pl.DataFrame:  # fmt: skip
    where = {"contact_id": ids} if ids else None
    table = reader.table(name, days=days, columns=columns, where=where)
    frame = pl.from_arrow(table if ids is None or ids else table.slice(0, 0))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _batch(frames: dict[str, pl.DataFrame]) -> Batch:
    """As the judging of a day lays it out."""
    rated = frames["rollup"].filter(pl.col("is_primary")).select("contact_id", rating=pl.col("csat").cast(pl.Int64))
    contacts = frames["contacts"].join(rated, on="contact_id", how="left", maintain_order="left")
    known = with_logs(contacts.unique("contact_id", maintain_order=True), frames["complaints"], frames["follow_ups"])
    return Batch(known, frames["messages"], frames["events"])


def _served(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Who served each conversation last, of those whom the reader may see."""
    shares = (
        frames["rollup"].sort("is_primary", descending=True).unique("contact_id", keep="first", maintain_order=True)
    )
    return frames["contacts"].select("contact_id", "day").join(
        shares.select("contact_id", "person", "team"), on="contact_id", how="left"
    )  # fmt: skip
