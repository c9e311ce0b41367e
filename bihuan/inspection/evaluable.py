"""Which contacts people may be asked to evaluate: an agent served them, in words or in a call, and they were no test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

COLUMNS: Final = (
    "is_primary", "person", "agent_messages", "channel", "answered", "served", "ineffective_reason",
)  # fmt: skip
"""Columns of the roll-up that tell it."""

_TEST: Final = "test"
_CALL: Final = "phone"

EVALUABLE: Final = (
    pl.col("is_primary") & pl.col("person").is_not_null()
    # nobody need have written a call down: an inspector listens to it
    & ((pl.col("agent_messages") > 0) | ((pl.col("channel") == _CALL) & (pl.col("answered") == 1) & (pl.col("served") == 1)))
    & (pl.col("ineffective_reason").fill_null("") != _TEST)
)  # fmt: skip


def is_evaluable(row: Mapping[str, Any]) -> bool:
    """The same of one row."""
    spoken = row["agent_messages"] or (row["channel"] == _CALL and row["answered"] and row["served"])
    return bool(row["is_primary"] and row["person"] and spoken and row["ineffective_reason"] != _TEST)
