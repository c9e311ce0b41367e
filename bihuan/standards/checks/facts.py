"""What is known about a contact beside its words: columns told by the record, or read from its events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from bihuan.standards.checks.batch import CONTACT_COLUMNS, EVENT_COLUMNS, Batch

_FROM_EVENTS: Final = ("rings", "ring_us", "queue_us", "had_queue", "handed_over", "hand_over_us")
_MOMENTS: Final = ("assigned_us", "resolved_us", "rang_seq", "queued_seq", "opened_seq", "hand_over_seq")
# How a contact changes hands, the weightiest first: to another department, to a higher level, to a colleague.
_PASSED_ON: Final = ("handed_over", "escalated", "transferred")


def contact_facts(batch: Batch) -> pl.DataFrame:
    """One row per contact with every column of `CONTACT_COLUMNS` and moments from events; told facts win over read ones.

    `assigned_us` when a person took over, `resolved_us`; `rang_seq`, `queued_seq`, `opened_seq`, `hand_over_seq` name the
    event that tells a moment or a duration; `only_transferred` where a contact went to a colleague and no further.
    """
    facts = completed(batch.contacts, CONTACT_COLUMNS)
    if not batch.events.height:
        unknown = [pl.lit(None, dtype=pl.Int64).alias(name) for name in _MOMENTS]
        return facts.with_columns(*unknown, only_transferred=pl.lit(None, dtype=pl.Boolean)).collect()
    told = facts
    for found in (_from_events(batch.events), _from_hand_overs(batch)):
        told = told.join(found, on="contact_id", how="left", suffix="_event", maintain_order="left")
    merged = [pl.coalesce(name, f"{name}_event").alias(name) for name in _FROM_EVENTS]
    return told.with_columns(merged).select([*CONTACT_COLUMNS, *_MOMENTS, "only_transferred"]).collect()


def completed(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.LazyFrame:
    """The named columns of `frame`, null where it has none."""
    known = frame.columns
    return frame.lazy().select(
        [pl.col(name) if name in known else pl.lit(None, dtype=kind).alias(name) for name, kind in columns.items()]
    )


def _from_events(events: pl.DataFrame) -> pl.LazyFrame:
    """Rings, ring time, queue time (entry → accepted, S3-6), hand-over and moments per contact."""
    kind, at, seq = pl.col("kind"), pl.col("happened_us"), pl.col("seq").cast(pl.Int64)
    queued = at.filter(kind == "queued").min()
    taken = kind.is_in(["accepted", "assigned"])
    return (
        completed(events, EVENT_COLUMNS)
        .group_by("contact_id")
        .agg(
            rings=pl.col("rings").filter(kind == "rang").max(),
            ring_us=pl.col("duration_us").filter(kind == "rang").max(),
            queue_us=at.filter((kind == "accepted") & (at >= queued)).min() - queued,
            had_queue=(kind == "queued").any(),
            handed_over=kind.is_in(["transferred", "escalated", "handed_over"]).any(),
            assigned_us=at.filter(taken).min(),
            resolved_us=at.filter(kind == "resolved").max(),
            rang_seq=seq.filter(kind == "rang").first(),
            queued_seq=seq.filter(kind == "queued").first(),
        )
    )


def _from_hand_overs(batch: Batch) -> pl.LazyFrame:
    """Of the contacts that changed hands, few of all: when, from the opening (S4-7, X11), and which events tell it.

    `hand_over_us` is that of the weightiest way; negative where the events contradict the opening.
    """
    passed = completed(batch.events, EVENT_COLUMNS).filter(pl.col("kind").is_in(_PASSED_ON))
    opened = completed(batch.contacts, CONTACT_COLUMNS).select("contact_id", "opened_us")
    begun = completed(batch.events, EVENT_COLUMNS).filter(pl.col("kind") == "opened")
    ways = passed.with_columns(way=pl.col("kind").replace_strict(_PASSED_ON, [0, 1, 2], return_dtype=pl.Int8))
    first = ways.sort("contact_id", "way", "happened_us", "seq", nulls_last=True).unique(
        "contact_id", keep="first", maintain_order=True
    )
    start = begun.group_by("contact_id").agg(
        opened_seq=pl.col("seq").cast(pl.Int64).min(), begun_us=pl.col("happened_us").min()
    )
    since = pl.coalesce("opened_us", "begun_us")
    return (
        first.join(opened, on="contact_id", how="left")
        .join(start, on="contact_id", how="left")
        .select(
            "contact_id",
            "opened_seq",
            hand_over_us=pl.col("happened_us") - since,
            hand_over_seq=pl.col("seq").cast(pl.Int64),
            only_transferred=pl.col("kind") == "transferred",
        )
    )
