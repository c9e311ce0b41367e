"""What the checks say of real chats whose truth nobody wrote down: hit rates and examples, for reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

EDITION: Final = "recommended"
CHECKS: Final = (
    "greeting", "self_introduction", "polite_wording", "empathy", "restate", "ask_satisfied", "closing_thanks",
    "contact_promise", "forbidden_promise", "impatience", "personal_data_leak", "identity_first", "complaint_steps",
    "progress_told", "service_stages",
)  # fmt: skip


@dataclass
class HitRate:
    """Verdicts of one check over the chats; `examples` are (verdict, the words that decided)."""

    check: str
    verdicts: dict[str, int]
    examples: list[tuple[str, str]] = field(default_factory=list)


def hit_rates(path: Path, examples: int) -> list[HitRate]:
    """Judge the chats of a tab-separated file (session_id, from_agent, text, … ) and count verdicts by check."""
    rows = pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
    chats = [
        {"channel": "chat", "messages": _messages(chat)} for _, chat in rows.group_by("session_id", maintain_order=True)
    ]
    verdicts = Engine.for_edition(load_edition(EDITION), only=CHECKS).judge(Batch.of_many(chats))
    return [_rate(check, verdicts.filter(pl.col("item") == check), chats, examples) for check in CHECKS]


def _messages(chat: pl.DataFrame) -> list[dict[str, str]]:
    senders = {"0": "customer", "1": "agent"}
    told = zip(chat["from_agent"].to_list(), chat["text"].to_list(), strict=True)
    return [{"sender": senders.get(who, "system"), "text": text or ""} for who, text in told]


def _rate(check: str, mine: pl.DataFrame, chats: list[dict[str, Any]], examples: int) -> HitRate:
    rate = HitRate(check, dict(Counter(mine["verdict"].to_list())))
    for verdict in ("met", "violated"):
        for row in mine.filter(pl.col("verdict") == verdict).head(examples).iter_rows(named=True):
            spans = [span for span in row["evidence"] if span["message"] is not None]
            said = [chats[int(row["contact_id"])]["messages"][span["message"]]["text"] for span in spans[:2]]
            rate.examples.append((verdict, " | ".join(said)))
    return rate
