"""What is known about a contact beside its words: columns told by the record, or read from its events."""

from __future__ import annotations

import polars as pl

from bihuan.standards.checks.batch import CONTACT_COLUMNS, EVENT_COLUMNS, Batch

_READ_FROM_EVENTS = ("rings", "ring_us", "queue_us", "had_queue", "handed_over")


def contact_facts(batch: Batch) -> pl.DataFrame:
    """One row per contact with every column of `CONTACT_COLUMNS`; a told fact wins over one read from events."""
    contacts = batch.contacts
    lacking = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in CONTACT_COLUMNS.items() if name not in contacts.columns
    ]
    facts = contacts.with_columns(lacking).select(list(CONTACT_COLUMNS))
    if not batch.events.height:
        return facts
    told = facts.join(_from_events(batch.events), on="contact_id", how="left", suffix="_event", maintain_order="left")
    return told.with_columns([pl.coalesce(name, f"{name}_event").alias(name) for name in _READ_FROM_EVENTS]).select(
        list(CONTACT_COLUMNS)
    )


def _from_events(events: pl.DataFrame) -> pl.DataFrame:
    """Rings, ring time, queue time (entry → accepted, S3-6) and hand-over per contact."""
    lacking = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in EVENT_COLUMNS.items() if name not in events.columns
    ]
    known = events.with_columns(lacking)
    kind, at = pl.col("kind"), pl.col("happened_us")
    queued = at.filter(kind == "queued").min()
    accepted = at.filter(kind.is_in(["accepted", "assigned"]) & (at >= queued)).min()
    return known.group_by("contact_id").agg(
        rings=pl.col("rings").filter(kind == "rang").max(),
        ring_us=pl.col("duration_us").filter(kind == "rang").max(),
        queue_us=accepted - queued,
        had_queue=(kind == "queued").any(),
        handed_over=kind.is_in(["transferred", "escalated", "handed_over"]).any(),
    )
