from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from bihuan.archive.definitions import Making
from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.kit.errors import InputError
from bihuan.metrics import buckets
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine.base import Request
from bihuan.metrics.engine.duckdb import TablesEngine
from bihuan.metrics.query import contacts_of, figures
from bihuan.metrics.tests.record import AS_OF, EXCHANGES, PARAMS, ROLLUP, TABLES_HERE, ZONE, contact, engine, rollup

NOW = clock.to_us(AS_OF)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
BERLIN = ZoneInfo("Europe/Berlin")
DIMENSIONS = ("agent", "team", "channel", "queue", "business_line", "category", "level", "post", "agent_class",
              "half_hour", "hour", "day", "week", "month", "quarter")  # fmt: skip


def test_a_period_holds_both_its_days_and_undated_records_need_no_period() -> None:
    told = figures(
        engine(), ["contacts"], by=(), period=(date(2026, 10, 6), date(2026, 10, 11)), params=PARAMS, as_of_us=NOW
    )
    assert told.totals["contacts"].value == 9
    whole = figures(engine(), ["contacts"], by=("day",), period=None, params=PARAMS, as_of_us=NOW)
    assert whole.totals["contacts"].value == 15
    assert whole.get("contacts", day=None).value == 1


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_groups_totals_csv_and_drill_down_agree(dimension: str) -> None:
    told = figures(
        engine(), ["contacts", "csat_top2", "transfers"], by=(dimension,), period=OCTOBER, params=PARAMS, as_of_us=NOW
    )
    for name in told.columns:
        parts = [told.row(at)[name] for at in range(len(told))]
        assert sum(one.numerator for one in parts) == told.totals[name].numerator
        assert sum(one.denominator for one in parts) == told.totals[name].denominator
        listed = contacts_of(engine(), told, parts[0], "denominator")
        assert sum(listed["amount"].to_pylist()) == parts[0].denominator
    lines = list(csv.DictReader(io.StringIO(told.to_csv())))
    assert sum(int(line["contacts"] or 0) for line in lines[:-1]) == int(lines[-1]["contacts"]) == 14


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_on_which_clocks_change_has_its_own_number_of_hours_and_loses_no_contact(day: date, hours: int) -> None:
    start, end = clock.day_bounds(day, BERLIN, 0)
    moments = range(clock.to_us(start) - clock.HOUR, clock.to_us(end) + clock.HOUR, 15 * clock.MINUTE)
    rows = [contact(str(moment), moment, zone=BERLIN, person="A") for moment in moments]
    source = TablesEngine({"rollup": rollup(*rows), "exchanges": EXCHANGES}, BERLIN, Scope.all())
    told = figures(source, ["contacts"], by=("hour",), period=(day, day), params=PARAMS, as_of_us=NOW)
    assert len(told) == hours
    assert {one.value for one in told} == {4}
    assert told.totals["contacts"].value == 4 * hours
    assert all(key[0].startswith(day.isoformat()) for key in told.keys)
    listed = [
        contacts_of(source, told, told.row(at)["contacts"])["contact_id"].to_pylist() for at in (0, 2, 3, hours - 1)
    ]
    assert len({one for ids in listed for one in ids}) == 16


def test_the_doubled_hour_is_two_hours_with_their_own_offsets() -> None:
    day = date(2026, 10, 25)
    rows = [
        contact(str(hour), clock.to_us(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)), zone=BERLIN) for hour in (0, 1)
    ]
    source = TablesEngine({"rollup": rollup(*rows)}, BERLIN, Scope.all())
    told = figures(source, ["contacts"], by=("hour",), period=(day, day), params=PARAMS, as_of_us=NOW)
    assert {key[0] for key in told.keys} == {"2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00"}


@pytest.mark.parametrize(("zone", "half"), [("Asia/Shanghai", "+08:00"), ("Asia/Kathmandu", "+05:45")])
def test_half_hours_are_cut_by_the_local_clock_and_add_up_to_their_hour(zone: str, half: str) -> None:
    local, day = ZoneInfo(zone), date(2026, 10, 6)
    moments = [datetime(2026, 10, 6, 9, minute, tzinfo=local) for minute in (0, 29, 30, 59)]
    rows = [contact(str(one.minute), clock.to_us(one), zone=local) for one in moments]
    source = TablesEngine({"rollup": rollup(*rows)}, local, Scope.all())
    told = figures(source, ["contacts"], by=("half_hour",), period=(day, day), params=PARAMS, as_of_us=NOW)
    assert {key[0]: int(one.value) for key, one in zip(told.keys, told, strict=True)} == {
        f"2026-10-06T09:00{half}": 2,
        f"2026-10-06T09:30{half}": 2,
    }
    hours = figures(source, ["contacts"], by=("hour",), period=(day, day), params=PARAMS, as_of_us=NOW)
    assert [int(one.value) for one in hours] == [4]


def test_weeks_are_iso_weeks_across_the_new_year() -> None:
    rows = [
        contact(str(day), clock.to_us(datetime(*day, 12, tzinfo=ZONE)))
        for day in ((2026, 12, 31), (2027, 1, 3), (2027, 1, 4))
    ]
    told = figures(engine(rollup=rollup(*rows)), ["contacts"], by=("week",), period=None, params=PARAMS, as_of_us=NOW)
    assert {key[0]: int(figure.value) for key, figure in zip(told.keys, told, strict=True)} == {
        "2026-W53": 2,
        "2027-W01": 1,
    }


def test_keys_of_times_filter_too() -> None:
    for name, key in (
        ("month", "2026-10"),
        ("quarter", "2026-Q4"),
        ("week", "2026-W41"),
        ("hour", "2026-10-05T10:00+08:00"),
        ("half_hour", "2026-10-05T10:00+08:00"),
    ):
        told = figures(engine(), ["contacts"], by=(name,), period=None, where={name: key}, params=PARAMS, as_of_us=NOW)
        assert [one[0] for one in told.keys] == [key]


def test_contact_level_figures_stand_on_the_primary_row_and_personal_ones_on_each_persons() -> None:
    told = figures(
        engine(), ["contacts", "served_contacts"], by=("agent",), period=OCTOBER, params=PARAMS, as_of_us=NOW
    )
    assert told.totals["contacts"].value == 14
    assert (
        told.totals["served_contacts"].value == 11
    )  # c05 has two people, c06 and c07 nobody, c08 and c09 are assigned alone
    shared = figures(
        engine(), ["served_contacts"], by=("agent",), period=None, where={"level": "L3"}, params=PARAMS, as_of_us=NOW
    )
    assert {key[0]: figure.value for key, figure in zip(shared.keys, shared, strict=True)} == {"A": 1, "B": 1}


def test_nobody_sees_figures_beyond_their_scope() -> None:
    for scope, people in (
        (Scope(persons=frozenset({"A"})), {"A"}),
        (Scope(teams=frozenset({"south"})), {"B"}),
        (Scope(), set()),
    ):
        seen = engine(scope)
        for population in ("contacts", "first_hands", "served", "exchanges", "afterwards", "voiced", "verdicts"):
            name = next(name for name, one in CATALOG.items() if one.population == population)
            told = figures(seen, [name], by=("agent",), period=None, params=PARAMS, as_of_us=NOW)
            assert {key[0] for key in told.keys} <= people
            listed = [contacts_of(seen, told, one) for one in list(told)[:1]]
            assert {person for rows in listed for person in rows["person"].to_pylist()} <= people


@pytest.mark.parametrize("names", [("by",), ("customer_key",), ("1); DROP TABLE rollup; --",)])
def test_only_declared_names_group_and_filter(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        figures(engine(), ["contacts"], by=names, period=None, params=PARAMS, as_of_us=NOW)
    with pytest.raises(InputError):
        figures(engine(), ["contacts"], by=(), where={names[0]: "x"}, period=None, params=PARAMS, as_of_us=NOW)


def test_a_hostile_key_is_only_a_key() -> None:
    told = figures(
        engine(), ["contacts"], by=(), where={"team": "x' OR '1'='1"}, period=None, params=PARAMS, as_of_us=NOW
    )
    assert told.totals["contacts"].value is None


def test_the_same_bytes_on_every_run_and_thread_count_and_order_of_rows() -> None:
    order = list(range(ROLLUP.num_rows))
    random.Random(4).shuffle(order)
    many = pa.concat_tables([ROLLUP] * 40)
    answers = set()
    for rows, threads in ((many, 1), (pa.concat_tables([ROLLUP.take(order)] * 40), 2)):
        source = TablesEngine(TABLES_HERE | {"rollup": rows}, ZONE, Scope.all(), threads)
        answers.add(figures(source, CATALOG, by=("agent", "day"), period=None, params=PARAMS, as_of_us=NOW).to_csv())
    assert len(answers) == 1


def test_a_team_is_taken_as_of_the_contact_for_verdicts_too() -> None:
    told = figures(engine(), ["check_met_share"], by=("team", "item"), period=OCTOBER, params=PARAMS, as_of_us=NOW)
    assert told.get("check_met_share", team="south", item="personal_data_leak").value == 0
    assert told.get("check_met_share", team="north", item="identity_first").unsure == 1


@pytest.mark.parametrize("dimension", [name for name in buckets.DIMENSIONS if name not in ("agent", "item")])
def test_verdicts_are_the_same_whatever_cuts_them(dimension: str) -> None:
    plain = figures(engine(), ["check_met_share"], by=("agent",), period=OCTOBER, params=PARAMS, as_of_us=NOW)
    cut = figures(engine(), ["check_met_share"], by=("agent", dimension), period=OCTOBER, params=PARAMS, as_of_us=NOW)
    assert plain.totals["check_met_share"].n > 1
    assert cut.totals["check_met_share"] == plain.totals["check_met_share"]


def test_a_spreadsheet_takes_no_key_for_a_formula() -> None:
    source = engine(rollup=rollup(contact("a", NOW, category="=1+1")))
    told = figures(source, ["contacts"], by=("category",), period=None, params=PARAMS, as_of_us=NOW)
    assert told.to_csv().splitlines()[1].startswith("'=1+1,1")


class _Made(TablesEngine):
    """Rows of a record made in a certain way."""

    def __init__(self, made: Making) -> None:
        super().__init__(TABLES_HERE, ZONE, Scope.all())
        self._made = made

    def making(self, request: Request) -> Making:
        return self._made


def test_what_an_earlier_version_summed_up_is_told_as_such_and_not_taken_for_nothing() -> None:
    asked = {"by": (), "period": OCTOBER, "params": PARAMS, "as_of_us": NOW}
    told = figures(_Made(Making(current=False)), ["contacts", "served_contacts", "identity_verification"], **asked)
    assert {name: (one.value, one.reason) for name, one in told.totals.items() if name != "identity_verification"} == {
        "contacts": (None, "made_by_earlier_version"), "served_contacts": (None, "made_by_earlier_version"),
    }  # fmt: skip
    assert told.totals["identity_verification"].value is not None


def test_S2_8_a_window_longer_than_the_record_looks_for_returns_tells_nothing() -> None:
    asked = {"by": (), "period": OCTOBER, "params": PARAMS, "as_of_us": NOW}
    names = ["first_contact_resolution", "first_contact_resolution_72h", "contacts"]
    kept = figures(_Made(Making(window_us=7 * clock.DAY)), names, **asked).totals
    assert all(one.value is not None for one in kept.values())
    cut = figures(_Made(Making(window_us=7 * clock.DAY - 1)), names, **asked).totals
    assert [cut[name].reason for name in names] == ["window_beyond_record", None, None]
