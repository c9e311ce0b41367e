"""The rows figures are counted over, cut by scope, period and filters, with the columns the catalogue's words need."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any, Final

import ibis

from bihuan.archive.schemas import TABLES
from bihuan.archive.scope import Scope
from bihuan.metrics import buckets
from bihuan.metrics.engine.asking import FIRST_MARK, LAST_MARK, Frame, Keys
from bihuan.metrics.engine.expressions import scoped

DAILY_VOLUME: Final = "daily_volume"
"""The target that `agent_days` are held against."""

_PLACE: Final = ("channel", "queue", "business_line", "category", "level")
_WHO: Final = ("team", "post", "agent_class")


@cache
def record(name: str) -> ibis.Table:
    """A table of the record as a name with columns, bound to no engine."""
    return ibis.table(ibis.Schema.from_pyarrow(TABLES[name].schema), name=name)


def population(frame: Frame, name: str) -> ibis.Table:
    """The rows of a population that may be seen and were asked for. Contact-level rows are a contact's primary ones."""
    return _MADE[name](frame)


def bucket(frame: Frame, table: ibis.Table, dimension: str) -> Any:
    """The expression of a group's raw key."""
    if dimension in buckets.COLUMN_OF:
        return table[buckets.COLUMN_OF[dimension]]
    if dimension in buckets.CLOCK_STEPS:
        return _step_of_the_clock(frame, table, buckets.CLOCK_STEPS[dimension])
    return table["day"].truncate(buckets.truncation(dimension)) if dimension != "day" else table["day"]


def filtered(frame: Frame, table: ibis.Table) -> ibis.Table:
    """Rows of the period that match every filter."""
    wanted = [_matches(frame, table, name, keys) for name, keys in frame.where]
    if frame.dated:
        wanted += [table["day"] >= FIRST_MARK, table["day"] <= LAST_MARK]
    return table.filter(*wanted) if wanted else table


def _matches(frame: Frame, table: ibis.Table, name: str, keys: Keys) -> Any:
    column = bucket(frame, table, name)
    known = [buckets.raw_of(name, key) for key in keys if key is not None]
    parts = [column.isin(known)] if known else []
    parts += [column.isnull()] if None in keys else []
    return reduce(operator.or_, parts) if parts else ibis.literal(False)


def visible(table: ibis.Table, scope: Scope) -> ibis.Table:
    """Rows about the persons or of the teams somebody may see."""
    if scope.everything:
        return table
    parts = [table["person"].isin(sorted(scope.persons))] if scope.persons else []
    parts += [table["team"].isin(sorted(scope.teams))] if scope.teams else []
    return table.filter(reduce(operator.or_, parts) if parts else ibis.literal(False))


def _contacts(frame: Frame) -> ibis.Table:
    table = visible(record("rollup"), frame.scope)
    table = filtered(frame, table.filter(table["is_primary"]))
    return _with_contact_words(table, frame.as_of_us)


def _with_contact_words(table: ibis.Table, as_of: int) -> ibis.Table:
    left = (table["outcome"] == "abandoned").fill_null(False)
    # a wait ends with the customer's leaving; without it the clock still runs
    until = left.ifelse(ibis.least(table["closed_us"].fill_null(as_of), as_of), as_of)
    unanswered = table["customer_frt_us"].isnull()
    end = table["closed_us"].fill_null(table["opened_us"])
    return table.mutate(
        left=left,
        customer_open_us=unanswered.ifelse(until - table["customer_waiting_since_us"], ibis.null("int64")),
        again_us=table["next_contact_us"],
        since_end_us=as_of - end,
        age_us=as_of - table["opened_us"],
        decided_complaints=table["complaints"] - table["undecided_complaints"].fill_null(0),
    )


def _customers(frame: Frame) -> ibis.Table:
    table = _contacts(frame)
    earlier = ibis.window(group_by=table["customer_key"], order_by=[table["opened_us"], table["contact_id"]])
    return table.mutate(new_matter=table["category"].lag().over(earlier) != table["category"])


def _served(frame: Frame) -> ibis.Table:
    table = visible(record("rollup"), frame.scope)
    table = filtered(frame, table.filter(table["person"].notnull()))
    as_of = frame.as_of_us
    left = ((table["outcome"] == "abandoned") | (table["closed_us"] <= as_of)).fill_null(False)
    until = ibis.least(table["closed_us"].fill_null(as_of), as_of)
    # a call has no reply to wait for: its rings judge it; a reply whose time is unknown is no missing reply
    unknown = table["agent_frt_us"].isnull() & (table["channel"] != "phone")
    unanswered = unknown & (table["agent_messages"] == 0)
    return table.mutate(
        left=left,
        agent_open_us=unanswered.ifelse(until - table["assigned_us"], ibis.null("int64")),
        agent_untold=unknown & (table["agent_messages"] > 0).fill_null(True),
        threshold=ibis.literal(0, "int64") + scoped(table, frame.params.target(DAILY_VOLUME)),
    )


def _agent_days(frame: Frame) -> ibis.Table:
    served = _served(frame)
    served = served.filter(served["day"].notnull())
    return served.group_by("person", *_WHO, "day").aggregate(served=served.count(), threshold=served["threshold"].max())


def _exchanges(frame: Frame) -> ibis.Table:
    table = record("exchanges")
    table = table.mutate(opened_us=table["asked_us"])
    return filtered(frame, visible(table, frame.scope))


def _verdicts(frame: Frame) -> ibis.Table:
    judged = record("verdicts")
    judged = _placed(judged.filter(judged["edition"] == (frame.params.edition or "")))
    return filtered(frame, visible(judged, frame.scope))


def _placed(judged: ibis.Table) -> ibis.Table:
    """Verdicts with the contact's place, and the team, post and class of the person judged as of the contact.

    Taken from whichever rows of the contact may be seen: a primary row may be somebody else's.
    """
    roll = record("rollup")
    places = roll.group_by(place_of="contact_id").aggregate(
        **{name: roll[name].max() for name in (*_PLACE, "opened_us")}
    )
    people = roll.group_by(share_of="contact_id", share_by="person").aggregate(
        **{name: roll[name].max() for name in _WHO}
    )
    placed = judged.left_join(places, judged["contact_id"] == places["place_of"])
    by_person = (placed["contact_id"] == people["share_of"]) & (placed["person"] == people["share_by"])
    return placed.left_join(people, by_person)


def _step_of_the_clock(frame: Frame, table: ibis.Table, step: int) -> Any:
    """Start of the local hour or half-hour in microseconds of UTC."""
    moment = table["opened_us"]
    branches = [(moment < until, ibis.literal(offset, "int64")) for until, offset in frame.offsets if until is not None]
    final = ibis.literal(frame.offsets[-1][1], "int64")
    offset = ibis.cases(*branches, else_=final) if branches else final
    return moment - (moment + offset) % step


_MADE: Final[Mapping[str, Callable[[Frame], ibis.Table]]] = {
    "contacts": _contacts,
    "customers": _customers,
    "served": _served,
    "agent_days": _agent_days,
    "exchanges": _exchanges,
    "verdicts": _verdicts,
}
