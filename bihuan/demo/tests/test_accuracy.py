"""The checks held against the generator's truth: a floor on a small sample; `make accuracy` measures the whole."""

from __future__ import annotations

import json
import subprocess
import sys

import polars as pl

from bihuan.demo.scoring import PROHIBITIONS, Score, compare, judge, make_sample

PRECISE = 0.8
FOUND = 0.65
LEAST = 30


def test_every_check_finds_most_of_what_the_generator_did() -> None:
    tables, truth = make_sample("seen", 1)
    scores, misses = compare(truth, judge(tables))
    assert len(scores) >= 15
    for score in scores:
        if score.n_class < LEAST:
            continue
        assert (score.precision or 0) >= PRECISE, score
        assert (score.recall or 0) >= FOUND, score
    wrong = sum(score.n_class - score.hits + score.false_alarms for score in scores)
    assert 0 <= wrong <= len(misses)


def test_prohibitions_count_faults_and_presence_counts_deeds() -> None:
    truth = {"a": {"greeting": "met", "impatience": "violated"}, "b": {"greeting": "violated", "impatience": "met"}}
    tables, _ = make_sample("seen", 1)
    verdicts = judge({name: table.slice(0, 0) for name, table in tables.items()})
    rows = [
        {"contact_id": contact, "item": check, "verdict": verdict, "reason": "r"}
        for contact, told in truth.items()
        for check, verdict in told.items()
    ]
    columns = verdicts.select("contact_id", "item", "verdict", "reason").schema
    scores = {score.check: score for score in compare(truth, pl.from_dicts(rows, schema=columns))[0]}
    assert scores["greeting"] == Score("greeting", "met", 2, 1, 1, 0, 0, 0)
    assert scores["impatience"] == Score("impatience", "violated", 2, 1, 1, 0, 0, 0)
    assert set(PROHIBITIONS) >= {"impatience", "forbidden_promise"}


def test_accuracy_prints_json_of_a_part_that_is_there() -> None:
    command = [sys.executable, "-m", "bihuan.demo.accuracy", "--json", "--days", "1", "--part", "seen"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    told = {row["check"]: row for row in json.loads(printed)["seen"]}
    assert told["greeting"]["recall"] > PRECISE
    assert told["impatience"]["counted"] == "violated"
