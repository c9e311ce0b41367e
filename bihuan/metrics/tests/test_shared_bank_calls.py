"""A bank's calls as imported: the figures people see per server are what a count of the file by hand gives."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.archive import rollup
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.kit import clock
from bihuan.metrics.figures import FigureTable
from bihuan.metrics.query import figures
from bihuan.metrics.tests.record import AS_OF, PARAMS

CALLS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "bank_calls.tsv"
NOBODY = "NO_SERVER"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CALLS.is_file(), reason="the real records in ../shared/data are not here"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> FigureTable:
    archive = Archive(tmp_path_factory.mktemp("bank"), ZoneInfo("Asia/Shanghai"))
    import_file(CALLS, "bank-calls", archive)
    rollup.refresh(archive, repeat_window_us=clock.DAY)
    reader = Reader(archive, scope=Scope.all())
    names = ("answer_rate", "queue_time_mean", "active_time")
    return figures(reader, names, by=("agent",), period=None, params=PARAMS, as_of_us=clock.to_us(AS_OF))


def by_hand() -> dict[str, dict[str, list[int]]]:
    """Per server the queue times of the calls answered, and their service times where the file has one."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: {"queue": [], "service": []})
    with CALLS.open(encoding="utf-8", newline="") as file:
        for call in csv.DictReader(file, delimiter="\t"):
            if call["outcome"] == "AGENT":
                found[call["server"]]["queue"].append(int(call["q_time"]))
                if (call["ser_start"], call["ser_time"]) != ("0:00:00", "0"):
                    found[call["server"]]["service"].append(int(call["ser_time"]))
    return found


def test_S0_13_X20_answered_calls_queue_and_service_times_of_each_server_are_figures_to_see(told: FigureTable) -> None:
    expected = by_hand()
    assert {key[0] or NOBODY for key in told.keys} == set(expected)
    for server, mine in expected.items():
        key = None if server == NOBODY else server
        answered, queue, service = (told.get(name, agent=key) for name in told.columns)
        assert answered.numerator == len(mine["queue"]), server
        assert (queue.numerator, queue.n) == (sum(mine["queue"]) * clock.SECOND, len(mine["queue"])), server
        if key is not None:  # service by nobody has no person to be booked to
            assert (service.numerator, service.n) == (sum(mine["service"]) * clock.SECOND, len(mine["service"])), server


def test_S0_13_calls_abandoned_in_the_queue_are_nobodys_and_short_ones_stand_apart(told: FigureTable) -> None:
    with CALLS.open(encoding="utf-8", newline="") as file:
        hung_up = [call for call in csv.DictReader(file, delimiter="\t") if call["outcome"] == "HANG"]
    waits = [int(call["q_time"]) for call in hung_up if (call["q_start"], call["q_exit"]) != ("0:00:00", "0:00:00")]
    short = PARAMS.numbers["short_abandon"] // clock.SECOND
    rate = told.totals["answer_rate"]
    assert rate.denominator - rate.numerator == sum(wait >= short for wait in waits)
