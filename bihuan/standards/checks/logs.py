"""What the complaint ledger and the log of follow-ups know about contacts: facts beside their words (S2-7)."""

from __future__ import annotations

from typing import Final

import polars as pl

COMPLAINTS: Final = ("contact_id", "praise", "opened_us", "followed_up_us")
FOLLOW_UPS: Final = ("contact_id", "first_us", "closed_us")
"""The columns of both tables of the record that are read."""


def with_logs(contacts: pl.DataFrame, complaints: pl.DataFrame, follow_ups: pl.DataFrame) -> pl.DataFrame:
    """The contacts in their order, with `complained`: the ledger has a complaint raised in the contact or before it;
    `complained_later`: one raised when the contact was over; `followed_up`: a log tells that somebody did.

    Null where no row tells: a record without ledgers denies nothing. A complaint whose moment is not known counts as
    raised in the contact.
    """
    told = complaints.filter(~pl.col("praise").fill_null(False))
    ends = contacts.select("contact_id", "closed_us")
    later = (pl.col("opened_us") >= pl.col("closed_us")).fill_null(False)
    raised = (
        told.join(ends, on="contact_id", how="inner")
        .group_by("contact_id")
        .agg(
            complained=(~later).any(),
            complained_later=later.any(),
            followed_up=pl.col("followed_up_us").is_not_null().any(),
        )
    )
    kept = follow_ups.group_by("contact_id").agg(
        promise_kept=(pl.col("first_us").is_not_null() | pl.col("closed_us").is_not_null()).any()
    )
    known = contacts.join(raised, on="contact_id", how="left", maintain_order="left")
    both = known.join(kept, on="contact_id", how="left", maintain_order="left")
    return both.with_columns(followed_up=pl.any_horizontal("followed_up", "promise_kept")).drop("promise_kept")
