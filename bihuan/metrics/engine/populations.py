"""The rows figures are counted over, cut by scope, period and filters, with the columns the catalogue's words need."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import ibis

from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.metrics import buckets
from bihuan.metrics.engine.base import Engine, Request
from bihuan.metrics.engine.base import table as record
from bihuan.metrics.engine.expressions import scoped

DAILY_VOLUME: Final = "daily_volume"
"""The target that `agent_days` are held against."""

_PLACE: Final = ("channel", "queue", "business_line", "category", "level")
_WHO: Final = ("team", "post", "agent_class")


def population(engine: Engine, name: str, request: Request) -> ibis.Table:
    """The rows of a population that may be seen and were asked for. Contact-level rows are a contact's primary ones."""
    return _MADE[name](engine, request)


def bucket(engine: Engine, table: ibis.Table, dimension: str, request: Request) -> Any:
    """The expression of a group's raw key."""
    if dimension in buckets.COLUMN_OF:
        return table[buckets.COLUMN_OF[dimension]]
    if dimension == "hour":
        return _hour(engine, table, request)
    return table["day"].truncate(buckets.truncation(dimension)) if dimension != "day" else table["day"]


def filtered(engine: Engine, table: ibis.Table, request: Request, *, ignoring: tuple[str, ...] = ()) -> ibis.Table:
    """Rows of the period that match every filter."""
    wanted = [_matches(engine, table, request, name) for name in sorted(request.where) if name not in ignoring]
    if request.period is not None:
        first, last = request.period
        wanted += [table["day"] >= first, table["day"] <= last]
    return table.filter(*wanted) if wanted else table


def _matches(engine: Engine, table: ibis.Table, request: Request, name: str) -> Any:
    asked = request.where[name]
    keys = asked if isinstance(asked, tuple | list) else (asked,)
    column = bucket(engine, table, name, request)
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


def _contacts(engine: Engine, request: Request) -> ibis.Table:
    table = visible(record("rollup"), engine.scope)
    table = filtered(engine, table.filter(table["is_primary"]), request)
    return _with_contact_words(table, request)


def _with_contact_words(table: ibis.Table, request: Request) -> ibis.Table:
    as_of = request.as_of_us
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


def _customers(engine: Engine, request: Request) -> ibis.Table:
    table = _contacts(engine, request)
    earlier = ibis.window(group_by=table["customer_key"], order_by=[table["opened_us"], table["contact_id"]])
    return table.mutate(new_matter=table["category"].lag().over(earlier) != table["category"])


def _served(engine: Engine, request: Request) -> ibis.Table:
    table = visible(record("rollup"), engine.scope)
    table = filtered(engine, table.filter(table["person"].notnull()), request)
    as_of = request.as_of_us
    left = ((table["outcome"] == "abandoned") | (table["closed_us"] <= as_of)).fill_null(False)
    until = ibis.least(table["closed_us"].fill_null(as_of), as_of)
    # a call has no reply to wait for: its rings judge it; a reply whose time is unknown is no missing reply
    unknown = table["agent_frt_us"].isnull() & (table["channel"] != "phone")
    unanswered = unknown & (table["agent_messages"] == 0)
    return table.mutate(
        left=left,
        agent_open_us=unanswered.ifelse(until - table["assigned_us"], ibis.null("int64")),
        agent_untold=unknown & (table["agent_messages"] > 0).fill_null(True),
        threshold=ibis.literal(0, "int64") + scoped(table, request.params.target(DAILY_VOLUME)),
    )


def _agent_days(engine: Engine, request: Request) -> ibis.Table:
    served = _served(engine, request)
    served = served.filter(served["day"].notnull())
    return served.group_by("person", *_WHO, "day").aggregate(served=served.count(), threshold=served["threshold"].max())


def _exchanges(engine: Engine, request: Request) -> ibis.Table:
    table = record("exchanges")
    table = table.mutate(opened_us=table["asked_us"])
    return filtered(engine, visible(table, engine.scope), request)


def _verdicts(engine: Engine, request: Request) -> ibis.Table:
    judged = record("verdicts")
    judged = _placed(judged.filter(judged["edition"] == (request.params.edition or "")))
    return filtered(engine, visible(judged, engine.scope), request)


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


def _hour(engine: Engine, table: ibis.Table, request: Request) -> Any:
    """Start of the local hour in microseconds of UTC."""
    moment = table["opened_us"]
    first, last = request.period or buckets.ALL_TIME
    steps = buckets.offsets(engine.zone, first, last)
    branches = [(moment < until, ibis.literal(offset, "int64")) for until, offset in steps if until is not None]
    final = ibis.literal(steps[-1][1], "int64")
    offset = ibis.cases(*branches, else_=final) if branches else final
    return moment - (moment + offset) % clock.HOUR


_MADE: Final[Mapping[str, Callable[[Engine, Request], ibis.Table]]] = {
    "contacts": _contacts,
    "customers": _customers,
    "served": _served,
    "agent_days": _agent_days,
    "exchanges": _exchanges,
    "verdicts": _verdicts,
}
