"""What was asked before is not written anew; what differs in anything but its moments is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine import asking
from bihuan.metrics.engine.asking import AS_OF_MARK, FIRST_MARK, LAST_MARK, Listing, Sums, query_of, spelled
from bihuan.metrics.engine.base import Request
from bihuan.metrics.figures import FigureTable
from bihuan.metrics.query import contacts_of, figures
from bihuan.metrics.tests.record import AS_OF, PARAMS, afterwards, engine, entry

NOW = clock.to_us(AS_OF)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
EARLY = (date(2026, 10, 5), date(2026, 10, 6))
NAMES = ("contacts", "customers_waiting", "customer_frt_p90")


def _written() -> int:
    return asking._template.cache_info().misses


def _told(period: tuple[date, date] | None = OCTOBER, *, as_of_us: int = NOW, **more: object) -> FigureTable:
    asked = {"by": ("team", "day"), "params": PARAMS} | more
    return figures(engine(), NAMES, period=period, as_of_us=as_of_us, **asked)  # type: ignore[arg-type]  # keywords


def test_another_period_and_moment_write_no_sql_anew_and_tell_their_own_figures() -> None:
    whole = _told()
    before = _written()
    early, back_then = _told(EARLY), _told(as_of_us=NOW - 10 * clock.DAY)
    assert _written() == before
    assert {key[1] for key in early.keys} == {"2026-10-05", "2026-10-06"}
    assert early.totals["contacts"].value < whole.totals["contacts"].value
    assert back_then.totals["contacts"].value == whole.totals["contacts"].value
    assert asking._template.cache_info().maxsize


@pytest.mark.parametrize(
    "more",
    [
        {"by": ("team",)},
        {"where": {"channel": "phone"}},
        {"where": {"channel": ("phone", "chat")}},
        {"where": {"channel": ("phone", None)}},
        {"params": replace(PARAMS, numbers={**PARAMS.numbers, "short_abandon": 1})},
        {"params": replace(PARAMS, edition="e2")},
    ],
)
def test_another_grouping_filter_or_edition_is_another_question(more: dict[str, object]) -> None:
    _told()
    before = _written()
    _told(**more)
    first = _written()
    _told(EARLY, **more)
    assert first > before
    assert _written() == first


def test_a_question_is_never_answered_with_what_somebody_else_may_see() -> None:
    asked = {"by": ("agent",), "period": OCTOBER, "params": PARAMS, "as_of_us": NOW}
    seen = [
        figures(engine(scope), ["served_contacts"], **asked)
        for scope in (Scope.all(), Scope(persons=frozenset({"A"})), Scope(persons=frozenset({"B"})), Scope())
    ]
    assert [{key[0] for key in table.keys} for table in seen][1:] == [{"A"}, {"B"}, set()]


def test_another_person_team_or_name_writes_no_sql_anew_and_sees_their_own_figures() -> None:
    asked = {"by": ("agent",), "period": OCTOBER, "params": PARAMS, "as_of_us": NOW}
    figures(engine(Scope(persons=frozenset({"A"}))), ["served_contacts"], where={"team": "north"}, **asked)
    before = _written()
    other = engine(Scope(persons=frozenset({"B"})))
    own = figures(other, ["served_contacts"], where={"team": "south"}, **asked)
    assert _written() == before
    assert own.keys == figures(other, ["served_contacts"], where={"team": ("south",)}, **asked).keys
    every = figures(engine(), ["served_contacts"], where={"agent": "B", "team": "south"}, **asked)
    assert own.totals["served_contacts"].value == every.totals["served_contacts"].value


@pytest.mark.parametrize(
    "name", ["O'Brien", "⟦0⟧", "'⟦1⟧'", "') OR TRUE --", "\\' OR TRUE --", str(AS_OF_MARK), "MAKE_DATE(1, 2, 3)"]
)
def test_a_name_is_only_ever_a_name(name: str) -> None:
    rows = [entry("mine", "complaint", person=name), entry("other", "complaint", person="somebody else")]
    source = engine(Scope(persons=frozenset({name})), afterwards=afterwards(*rows))
    asked = {"by": ("agent",), "period": None, "params": PARAMS, "as_of_us": NOW}
    told = figures(source, ["complaints"], where={"agent": (name, "'⟦0⟧'")}, **asked)
    assert told.keys == ((name,),)
    assert told.totals["complaints"].value == 1


def test_no_stand_in_is_left_in_what_is_asked() -> None:
    request = Request(PARAMS, NOW, OCTOBER, {"hour": ("2026-10-05T10:00+08:00",)})
    measures = CATALOG["customers_waiting"].kind.measures()
    questions = (
        Sums("contacts", measures, ("day", "hour")),
        Listing("customers_waiting", "numerator", ("team",), ("north",)),
    )
    for question in questions:
        sql = query_of(engine(), request, question).sql
        assert not any(mark in sql for mark in (str(AS_OF_MARK), spelled(FIRST_MARK), spelled(LAST_MARK)))
        assert str(NOW) in sql
        assert spelled(OCTOBER[0]) in sql


def test_verdicts_are_joined_with_the_roll_up_only_where_it_is_asked_for() -> None:
    measures = CATALOG["check_met_share"].kind.measures()
    request = Request(PARAMS, NOW, OCTOBER, {})
    of_team = engine(Scope(teams=frozenset({"north"})))
    assert query_of(engine(), request, Sums("verdicts", measures, ("agent", "day"))).tables == {"verdicts"}
    for source, by in ((engine(), ("team",)), (engine(), ("hour",)), (of_team, ("agent",))):
        assert query_of(source, request, Sums("verdicts", measures, by)).tables == {"verdicts", "rollup"}


def test_a_listing_of_another_day_lists_that_days_rows() -> None:
    rows = [contacts_of(engine(), told, told.row(0)["contacts"]) for told in (_told(EARLY), _told((EARLY[1],) * 2))]
    assert [set(one["day"].to_pylist()) for one in rows] == [{EARLY[0]}, {EARLY[1]}]


def test_waits_of_months_have_an_interval_though_their_squares_pass_64_bits() -> None:
    """Two of 60 days: one square alone is beyond a long in coarse microseconds, and so is their sum."""
    days = (60, 70, 80)
    begun = clock.to_us(AS_OF) - 90 * clock.DAY
    long = [entry(f"x{n}", "complaint", begun_us=begun, closed_us=begun + n * clock.DAY) for n in days]
    source = engine(afterwards=afterwards(*long))
    for by in ((), ("team",)):
        told = figures(source, ["complaint_resolution_time"], by=by, period=None, params=PARAMS, as_of_us=NOW)
        for figure in (told.totals["complaint_resolution_time"], told.row(0)["complaint_resolution_time"]):
            assert figure.value == 70 * clock.DAY // clock.SECOND
            # Student's t of 2 degrees of freedom at 95 % is 4.3027, the standard error 10 d ÷ √3
            assert figure.low is not None
            assert figure.high is not None
            assert abs(float(figure.high - figure.low) / 2 / 86_400 - 4.3027 * 10 / 3**0.5) < 0.01
