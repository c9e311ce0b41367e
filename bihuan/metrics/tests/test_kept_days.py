"""Days counted once are not counted again, and what is told from memory equals what is told anew."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine import kept_days
from bihuan.metrics.engine.base import Period, Query, Request
from bihuan.metrics.engine.duckdb import TablesEngine
from bihuan.metrics.query import figures
from bihuan.metrics.tests.record import AS_OF, PARAMS, ROLLUP, TABLES_HERE, ZONE, contact, engine, rollup

NOW = clock.to_us(AS_OF)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
BEGINNING = (date(2026, 10, 1), date(2026, 10, 9))
NAMES = (
    "contacts",
    "served_contacts",
    "csat_top2",
    "first_contact_resolution",
    "response_time_within",
    "complaint_rate",
)


class _Named(TablesEngine):
    """A record whose days have names, and that notes which periods it was asked for."""

    def __init__(self, state: str = "first", scope: Scope | None = None, **tables: pa.Table) -> None:
        super().__init__(TABLES_HERE | tables, ZONE, scope or Scope.all())
        self.state = state
        self.asked: list[tuple[date, date] | None] = []

    def states_of(self, period: Period, tables: Iterable[str]) -> dict[date, list[str]]:  # type: ignore[override]  # the base names nothing
        return {
            first + timedelta(days=at): [self.state]
            for first, last in (period,)
            for at in range((last - first).days + 1)
        }

    def run(self, query: Query, request: Request) -> pa.Table:
        self.asked.append(request.period)
        return super().run(query, request)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept_days.forget()
    yield
    kept_days.forget()


def _told(source: TablesEngine, period: tuple[date, date] = OCTOBER, names: Iterable[str] = NAMES, **more: Any) -> str:
    asked = {"by": ("team", "day"), "params": PARAMS, "as_of_us": NOW} | more
    return figures(source, names, period=period, **asked).to_csv()


@pytest.mark.parametrize("by", [("team", "day"), ("agent", "day", "hour"), ("day", "channel"), ("day",)])
@pytest.mark.parametrize(
    "where", [{}, {"team": ("north",)}, {"channel": ("phone", None)}, {"level": "L1"}, {"team": ()}]
)
def test_days_from_memory_tell_what_is_told_anew(by: tuple[str, ...], where: dict[str, Any]) -> None:
    names = [name for name in CATALOG if CATALOG[name].population != "verdicts"]
    source, asked = _Named(), {"by": by, "where": where, "names": names}
    _told(source, BEGINNING, **asked)  # type: ignore[arg-type]  # keywords of several kinds
    assert _told(source, **asked) == _told(engine(), **asked)  # type: ignore[arg-type]
    assert _told(source, BEGINNING, **asked) == _told(engine(), BEGINNING, **asked)  # type: ignore[arg-type]


def test_only_days_nobody_asked_for_are_counted() -> None:
    source = _Named()
    _told(source, BEGINNING, ["contacts"])
    _told(source, names=["contacts"])
    _told(source, names=["contacts"], where={"team": "north"})
    assert source.asked == [BEGINNING, (date(2026, 10, 10), date(2026, 10, 31))]


@pytest.mark.parametrize(
    "more", [{"as_of_us": NOW - 10 * clock.DAY}, {"where": {"level": "L1"}}, {"by": ("agent", "day")}], ids=str
)
def test_another_moment_filter_or_grouping_is_counted_anew(more: dict[str, Any]) -> None:
    source = _Named()
    _told(source)
    before = len(source.asked)
    assert _told(source, **more) == _told(engine(), **more)
    assert len(source.asked) > before


def test_a_day_whose_files_changed_is_counted_anew() -> None:
    _told(_Named())
    more = pa.concat_tables([ROLLUP, rollup(contact("new", NOW, team="north"))])
    changed = _Named("second", rollup=more)
    assert _told(changed) == _told(engine(rollup=more)) != _told(engine())
    assert changed.asked


def test_who_may_see_less_is_told_less() -> None:
    _told(_Named(scope=Scope.all()))
    narrow = Scope(teams=frozenset({"north"}))
    assert _told(_Named(scope=narrow)) == _told(engine(narrow)) != _told(engine())


def test_what_leans_on_other_days_or_lists_values_is_always_counted_anew() -> None:
    source = _Named()
    for asked in ({"names": ["customer_frt_p90"]}, {"names": ["check_met_share"]}, {"by": ("team",)}):
        before = len(source.asked)
        _told(source, **asked)  # type: ignore[arg-type]  # keywords of several kinds
        once = source.asked[before:]
        _told(source, **asked)  # type: ignore[arg-type]
        assert once
        assert source.asked[before:] == [*once, *once]


def test_a_source_that_names_no_state_is_never_remembered() -> None:
    _told(engine())
    more = pa.concat_tables([ROLLUP, rollup(contact("new", NOW, team="north"))])
    assert _told(engine(rollup=more)) != _told(engine())


def test_memory_holds_no_more_than_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_days, "MOST_BYTES", 20_000)
    source = _Named()
    assert _told(source) == _told(source) == _told(engine())
    assert 0 < kept_days._kept._bytes <= 20_000


def test_the_room_is_counted_as_it_is_taken_even_by_days_of_one_row() -> None:
    _told(_Named(), where={"level": "L1"})
    tables = kept_days._kept._tables.values()
    assert kept_days._kept._bytes >= sum(table.nbytes + sys.getsizeof(table) for table in tables) + 1_000 * len(tables)


def test_days_that_the_record_does_not_hold_are_neither_asked_for_nor_kept() -> None:
    class _Short(_Named):
        def states_of(self, period: Period, tables: Iterable[str]) -> dict[date, list[str]]:  # type: ignore[override]
            return super().states_of((max(period[0], OCTOBER[0]), min(period[1], OCTOBER[1])), tables)

    source, ever = _Short(), (date.min, date.max)
    assert _told(source, ever, ["contacts"]) == _told(engine(), ever, ["contacts"])
    assert source.asked == [OCTOBER]
    assert len(kept_days._kept._tables) == 31
