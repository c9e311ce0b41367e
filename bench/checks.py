"""All checks with evidence over every message of the record, a plain loop of `re` over a slice, and batches of one."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from bench import world
from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

_SLICE: Final = 5_000
_AT_ONCE: Final = 300_000
_LIVE: Final = 300
_P95: Final = 0.95


def main() -> None:
    reader = Reader(Archive(Path(os.environ["BIHUAN_HOME"]) / "archive", world.ZONE))
    judge = Engine.for_edition(load_edition(world.EDITION))
    messages = verdicts = 0
    reading = judging = 0.0
    for days in _portions(reader):
        start = time.perf_counter()
        batch = _batch(reader, days)
        read = time.perf_counter()
        verdicts += judge.judge(batch).height
        reading, judging = reading + read - start, judging + time.perf_counter() - read
        messages += batch.messages.height
    plain = _plain_rate(judge, batch.messages["text"].head(_SLICE).to_list())
    found = {
        "seconds": round(reading + judging, 1), "reading_s": round(reading, 1), "messages": messages,
        "verdicts": verdicts, "times_plain_re": round(messages / judging / plain, 1),
        "live_p95_ms": round(_live_p95(judge, batch) * 1_000, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found) + "\n")


def _portions(reader: Reader) -> Iterator[tuple[date, date]]:
    """Neighbouring days that hold about as many messages as one batch should."""
    first, held = None, 0
    for key, file in reader.manifest.files("messages").items():
        day = date.fromisoformat(key)
        first, held = first or day, held + file.rows
        if held >= _AT_ONCE or day == world.END:
            yield first, day
            first, held = None, 0


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
    took = []
    for contact in batch.contacts["contact_id"].head(_LIVE):
        mine = pl.col("contact_id") == contact
        one = Batch(batch.contacts.filter(mine), batch.messages.filter(mine), batch.events.filter(mine))
        start = time.perf_counter()
        judge.judge(one)
        took.append(time.perf_counter() - start)
    return sorted(took)[int(len(took) * _P95)]


if __name__ == "__main__":
    main()
