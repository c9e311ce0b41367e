"""What counts after decisions: the decided answer replaces the first one, and nothing else moves. Pure.

Machine verdicts and decisions are stored side by side; they meet only here, when a score is taken (X19: a decision
replaces the item of its day, whose mean then enters the month).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from bihuan.standards.rules.verdict import Verdict

REASON: Final = "appeal"
"""The code of an answer that people decided."""


def verdicts_in_force(
    verdicts: Mapping[str, Verdict], decided: Mapping[str, str], suspended: Collection[str] = ()
) -> dict[str, Verdict]:
    """Verdicts of one contact by check with `decided` answers in the place of the first ones.

    `suspended` checks no longer count: what the machine said is left out (a verdict nobody gave lowers the coverage),
    what people decided stays.
    """
    machine = {check: verdict for check, verdict in verdicts.items() if check not in suspended}
    return machine | {check: Verdict(answer, REASON) for check, answer in decided.items()}


def frame_in_force(
    verdicts: pl.DataFrame, decided: Mapping[tuple[str, str], str], suspended: Collection[str] = ()
) -> pl.DataFrame:
    """The same for many contacts at once: `verdicts` has contact_id, item, verdict and whatever else tells about the
    contact, one row a verdict; `decided` maps (contact_id, item). Columns stay; rows of suspended checks go, and one comes
    at the end for what people decided of an item that the machine said nothing about."""
    answers = pl.DataFrame(
        [(contact, item, answer) for (contact, item), answer in decided.items()],
        schema={"contact_id": pl.String, "item": pl.String, "people_say": pl.String},
        orient="row",
    )
    told = verdicts.join(answers, on=["contact_id", "item"], how="left", maintain_order="left")
    kept = told.filter(pl.col("people_say").is_not_null() | ~pl.col("item").is_in(list(suspended)))
    untold = answers.join(verdicts, on=["contact_id", "item"], how="anti", maintain_order="left")
    contacts = verdicts.drop("item", "verdict").unique("contact_id", keep="first", maintain_order=True)
    added = untold.join(contacts, on="contact_id", how="inner", maintain_order="left")
    answer = pl.coalesce("people_say", pl.col("verdict").cast(pl.String)).cast(verdicts.schema["verdict"])
    full = pl.concat([kept, added.with_columns(verdict=pl.lit(None, verdicts.schema["verdict"])).select(kept.columns)])
    return full.with_columns(verdict=answer).drop("people_say")
