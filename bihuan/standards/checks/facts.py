"""What is known about a contact beside its words: columns told by the record, or read from its events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from bihuan.standards.checks.batch import CONTACT_COLUMNS, EVENT_COLUMNS, Batch

_FROM_EVENTS: Final = ("rings", "ring_us", "queue_us", "had_queue", "handed_over")
_MOMENTS: Final = ("assigned_us", "resolved_us", "rang_seq", "queued_seq", "opened_seq", "hand_over_seq")
_HAND_OVER: Final = {
    "contact_id": pl.String, "passed_us": pl.Int64, "hand_over_seq": pl.Int64, "only_transferred": pl.Boolean,
}  # fmt: skip
# How a contact changes hands, the weightiest first: to another department, to a higher level, to a colleague.
_PASSED_ON: Final = ("handed_over", "escalated", "transferred")


def contact_facts(batch: Batch) -> pl.DataFrame:
    """One row per contact with every column of `CONTACT_COLUMNS` and moments from events; told facts win over read ones.

    `assigned_us` when a person took over, `resolved_us`; `rang_seq`, `queued_seq`, `opened_seq`, `hand_over_seq` name the
    event that tells a moment or a duration; `only_transferred` where a contact went to a colleague and no further.
    `hand_over_us` runs from the opening (S4-7, X11); it is negative where the events contradict it.
    """
    facts = completed(batch.contacts, CONTACT_COLUMNS)
    if not batch.events.height:
        unknown = [pl.lit(None, dtype=pl.Int64).alias(name) for name in _MOMENTS]
        return facts.with_columns(*unknown, only_transferred=pl.lit(None, dtype=pl.Boolean)).collect()
    events = completed(batch.events, EVENT_COLUMNS).collect()
    told = facts
    for found in (_from_events(events.lazy()), _hand_overs(events).lazy()):
        told = told.join(found, on="contact_id", how="left", suffix="_event", maintain_order="left")
    passed = pl.col("passed_us") - pl.coalesce("opened_us", "begun_us")
    merged = [pl.coalesce(name, f"{name}_event").alias(name) for name in _FROM_EVENTS]
    merged.append(pl.coalesce("hand_over_us", passed).alias("hand_over_us"))
    return told.with_columns(merged).select([*CONTACT_COLUMNS, *_MOMENTS, "only_transferred"]).collect()


def completed(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.LazyFrame:
    """The named columns of `frame`, null where it has none."""
    known = frame.columns
    return frame.lazy().select(
        [pl.col(name) if name in known else pl.lit(None, dtype=kind).alias(name) for name, kind in columns.items()]
    )


def _from_events(events: pl.LazyFrame) -> pl.LazyFrame:
    """Rings, ring time, queue time (entry → accepted, S3-6), hand-over and moments per contact."""
    kind, at, seq = pl.col("kind"), pl.col("happened_us"), pl.col("seq").cast(pl.Int64)
    queued = at.filter(kind == "queued").min()
    taken = kind.is_in(["accepted", "assigned"])
    return events.group_by("contact_id").agg(
        rings=pl.col("rings").filter(kind == "rang").max(),
        ring_us=pl.col("duration_us").filter(kind == "rang").max(),
        queue_us=at.filter((kind == "accepted") & (at >= queued)).min() - queued,
        had_queue=(kind == "queued").any(),
        handed_over=kind.is_in(_PASSED_ON).any(),
        assigned_us=at.filter(taken).min(),
        resolved_us=at.filter(kind == "resolved").max(),
        rang_seq=seq.filter(kind == "rang").first(),
        queued_seq=seq.filter(kind == "queued").first(),
        opened_seq=seq.filter(kind == "opened").min(),
        begun_us=at.filter(kind == "opened").min(),
    )


def _hand_overs(events: pl.DataFrame) -> pl.DataFrame:
    """Of the contacts that changed hands, few of all: when, and which event tells it; of several ways the weightiest, of
    that the first time."""
    first: dict[str, tuple[int, bool, int, int]] = {}
    passed = events.filter(pl.col("kind").is_in(_PASSED_ON))
    for contact, kind, at, seq in passed.select("contact_id", "kind", "happened_us", "seq").iter_rows():
        way = (_PASSED_ON.index(kind), at is None, at or 0, seq)
        first[contact] = min(first.get(contact, way), way)
    rows = [
        (contact, None if timeless else at, seq, _PASSED_ON[way] == "transferred")
        for contact, (way, timeless, at, seq) in first.items()
    ]
    return pl.DataFrame(rows, schema=_HAND_OVER, orient="row")
