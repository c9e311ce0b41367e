"""Makes the record: days lived on all cores, each written into the archive by the process that lived it."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from bench import world
from bihuan.archive.store import Archive
from bihuan.archive.writer import append
from bihuan.demo.bank import load_bank
from bihuan.demo.life import live, shifts
from bihuan.demo.plan import Rules


@dataclass(frozen=True)
class _Job:
    root: Path
    day: date
    rules: Rules


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=world.FULL)
    root = Path(os.environ["BIHUAN_HOME"]) / "archive"
    rules = world.rules_for(parser.parse_args().contacts)
    jobs = [_Job(root, day, rules) for day in world.all_days()]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        counts = list(pool.map(_live, jobs))
    files = Archive(root, world.ZONE).head().files("messages").values()
    contacts, messages = (sum(count) for count in zip(*counts, strict=True))
    found = {
        "contacts": contacts, "messages": messages, "messages_per_contact": round(messages / contacts, 2),
        "distinct_agent_messages": round(_distinct(str(root / file.path) for file in files), 3),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found) + "\n")


def _live(job: _Job) -> tuple[int, int]:
    # Millions of rows of plain values and no cycles among them: the collector would only walk through them.
    gc.disable()
    people = world.cast()
    made = live(job.day, people, job.rules, load_bank(), world.ZONE, asides=True)
    tables = made.tables | {"shifts": shifts(job.day, people, world.ZONE, job.rules.seed)}
    append(Archive(job.root, world.ZONE), tables, import_id=f"bench-{job.day}", recorded_us=1)
    return tables["contacts"].num_rows, tables["messages"].num_rows


def _distinct(files: Iterable[str]) -> float:
    """The share of different texts among agents' messages."""
    listed = ", ".join(f"'{file}'" for file in files)
    query = f"""
        SELECT count(DISTINCT hash(text)) / count(*) FROM read_parquet([{listed}], hive_partitioning = false)
        WHERE sender_kind = 'agent'
    """  # noqa: S608 - the archive's own file names
    ((share,),) = duckdb.connect().execute(query).fetchall()
    return float(share)


if __name__ == "__main__":
    main()
