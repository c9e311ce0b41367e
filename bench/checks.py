"""All checks with evidence over every message of the record, a plain loop of `re` over a slice, and batches of one."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from bench import world
from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.inspection.judging import judge_days
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

_SLICE: Final = 5_000
_LIVE: Final = 300
_P95: Final = 0.95


def main() -> None:
    archive = Archive(Path(os.environ["BIHUAN_HOME"]) / "archive", world.ZONE)
    edition = load_edition(world.EDITION)
    files = archive.head().files("messages")
    days = [date.fromisoformat(key) for key in files]
    start = time.perf_counter()
    contacts = sum(count for _, count in judge_days(archive, edition, days))
    seconds, peak = time.perf_counter() - start, _peak_mb()
    messages = sum(file.rows for file in files.values())
    judge, batch = Engine.for_edition(edition), _batch(Reader(archive), (days[-1], days[-1]))
    plain = _plain_rate(judge, batch.messages["text"].head(_SLICE).to_list())
    found = {
        "seconds": round(seconds, 1), "messages": messages, "verdicts": contacts * len(judge.checks),
        "times_plain_re": round(messages / seconds / plain, 1),
        "peak_mb": peak, "live_p95_ms": round(_live_p95(judge, batch) * 1_000, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found) + "\n")


def _peak_mb() -> int:
    """At most so much at one time: this process and one of its greatest size on each core."""
    own, judging = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + judging * (os.cpu_count() or 1)) // 1024


def _batch(reader: Reader, days: tuple[date, date]) -> Batch:
    tables = [pl.DataFrame(reader.table(name, days=days)) for name in ("contacts", "messages", "events")]
    return Batch(*tables)


def _plain_rate(judge: Engine, texts: list[str]) -> float:
    expressions = [re.compile(pattern.guarded) for pattern in judge.lexicon.patterns.values()]
    start = time.perf_counter()
    for text in texts:
        for expression in expressions:
            expression.search(text)
    return len(texts) / (time.perf_counter() - start)


def _live_p95(judge: Engine, batch: Batch) -> float:
    """Of a service that has been running: as many contacts before have had the expressions compiled."""
    took = []
    for contact in batch.contacts["contact_id"].head(_LIVE * 2):
        mine = pl.col("contact_id") == contact
        one = Batch(batch.contacts.filter(mine), batch.messages.filter(mine), batch.events.filter(mine))
        start = time.perf_counter()
        judge.judge(one)
        took.append(time.perf_counter() - start)
    return sorted(took[-_LIVE:])[int(_LIVE * _P95)]


if __name__ == "__main__":
    main()
