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
FOLLOW_UP_FIRST: Final = "follow_up_first"
FOLLOW_UP_CLOSED: Final = "follow_up_closed"
"""The targets that follow-ups are held against, beside what was promised."""

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


def _first_hands(frame: Frame) -> ibis.Table:
    table = visible(record("rollup"), frame.scope)
    table = filtered(frame, table.filter(table["first_hand"]))
    return table.mutate(since_end_us=frame.as_of_us - table["closed_us"].fill_null(table["opened_us"]))


def _with_contact_words(table: ibis.Table, as_of: int) -> ibis.Table:
    ended = (table["closed_us"] <= as_of).fill_null(False)
    left = (table["outcome"] == "abandoned").fill_null(False) | ended
    # a wait ends with the contact; without an end the clock still runs
    until = ibis.least(table["closed_us"].fill_null(as_of), as_of)
    unanswered = table["customer_frt_us"].isnull()
    return _with_losses(table, ended).mutate(
        left=left, customer_open_us=unanswered.ifelse(until - table["customer_waiting_since_us"], ibis.null("int64"))
    )


def _with_losses(table: ibis.Table, ended: Any) -> ibis.Table:
    """Of offers nobody took: which were `lost`, after how long, and of which nobody can tell (`unsettled`).

    A call that ended is lost where nobody is known to have spoken; elsewhere an end does not say that the customer left.
    """
    unanswered = ((table["offered"] == 1) & (table["answered"] == 0)).fill_null(False)
    spoken = ((table["served"] == 1) | table["outcome"].isin(("solved", "unsolved"))).fill_null(False)
    silent = (table["channel"] == "phone").fill_null(False) & ended & ~spoken
    lost = unanswered & ((table["abandoned"] == 1).fill_null(False) | silent)
    until_end = table["closed_us"] - table["customer_waiting_since_us"]
    after = table["queue_us"].coalesce((until_end >= 0).ifelse(until_end, ibis.null("int64")))
    return table.mutate(lost=lost, unsettled=unanswered & ~lost, lost_after_us=after)


def _customers(frame: Frame) -> ibis.Table:
    table = _contacts(frame)
    earlier = ibis.window(group_by=table["customer_key"], order_by=[table["opened_us"], table["contact_id"]])
    asked = table["csat"].notnull() | (table["surveyed"] > 0).fill_null(False)
    return table.mutate(
        new_matter=table["category"].lag().over(earlier) != table["category"],
        rated=asked.any().over(
            ibis.window(group_by=table["source"])
        ),  # where nobody rates, nobody is dissatisfied either
    )


def _served(frame: Frame) -> ibis.Table:
    table = visible(record("rollup"), frame.scope)
    table = filtered(frame, table.filter(table["person"].notnull()))
    as_of = frame.as_of_us
    # a wait belongs to whoever held the contact: it ends where the contact went to another, or ended
    until = ibis.least(table["released_us"].fill_null(as_of), table["closed_us"].fill_null(as_of), as_of)
    gone = (table["released_us"] <= as_of).fill_null(False) | (table["closed_us"] <= as_of).fill_null(False)
    left = gone | (table["outcome"] == "abandoned").fill_null(False)
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
    served = served.filter(served["day"].notnull(), served["served"] == 1)
    return served.group_by("person", *_WHO, "day").aggregate(served=served.count(), threshold=served["threshold"].max())


def _exchanges(frame: Frame) -> ibis.Table:
    table = record("exchanges")
    table = table.mutate(opened_us=table["asked_us"])
    return filtered(frame, visible(table, frame.scope))


def _afterwards(frame: Frame) -> ibis.Table:
    table = filtered(frame, visible(record("afterwards"), frame.scope))
    took = table["closed_us"] - table["begun_us"]
    table = table.mutate(
        took_us=(took >= 0).ifelse(took, ibis.null("int64")), age_us=frame.as_of_us - table["begun_us"]
    )
    return _with_promises(frame, table)


def _with_promises(frame: Frame, table: ibis.Table) -> ibis.Table:
    """Whether a follow-up was `kept`, `missed`, or is `untold`: none of these, and it still runs (S2-10).

    The first word is due by the promise or the limit, whichever is earlier; without a limit the promise alone binds.
    """
    first, closed = (_limit(frame, table, name) for name in (FOLLOW_UP_FIRST, FOLLOW_UP_CLOSED))
    due = table["promised_us"] if first is None else ibis.least(table["promised_us"], first)
    word, end = table["first_us"].coalesce(table["closed_us"]), table["closed_us"]
    in_time, late = word <= due, word.coalesce(frame.as_of_us) > due
    known = due.notnull()
    if closed is not None:
        in_time &= end <= closed
        late = late.fill_null(False) | (end.coalesce(frame.as_of_us) > closed).fill_null(False)
        known &= closed.notnull()
    missed = late.fill_null(False)
    return table.mutate(kept=in_time.fill_null(False) & ~missed, missed=missed, untold=~missed & ~known)


def _limit(frame: Frame, table: ibis.Table, target: str) -> Any:
    """The moment a limit runs out; None where the edition sets none."""
    targets = frame.params.target(target)
    return table["begun_us"] + scoped(table, targets) if targets else None


_SAID: Final = ("contact_id", "person", *_WHO, *_PLACE, "opened_us", "day", "kind", "valid")


def _voiced(frame: Frame) -> ibis.Table:
    """Contacts (their primary rows), and each complaint and praise as a row beside them."""
    said, roll = record("afterwards"), record("rollup")
    nothing = dict.fromkeys(("effective", "recorded", "praise_recorded"), ibis.null("boolean"))
    entries = said.filter(said["kind"].isin(("complaint", "praise"))).select(*_SAID, **nothing)
    roll = roll.filter(roll["is_primary"]).mutate(
        kind=ibis.literal("contact"), valid=ibis.null("boolean"), recorded=roll["complaints"].notnull(),
        praise_recorded=roll["praises"].notnull(),
    )  # fmt: skip
    contacts = roll.select(*_SAID, *nothing)
    return filtered(frame, visible(contacts.union(entries), frame.scope))


def _verdicts(frame: Frame) -> ibis.Table:
    judged = record("verdicts")
    judged = _placed(judged.filter(judged["edition"] == (frame.params.edition or "")), frame)
    return filtered(frame, visible(judged, frame.scope))


def _placed(judged: ibis.Table, frame: Frame) -> ibis.Table:
    """Verdicts with what is asked of the contact's place, and of the team, post and class of the person judged as of the
    contact: a join that nothing asks for costs more than all the counting.

    Taken from whichever rows of the contact may be seen: a primary row may be somebody else's.
    """
    roll = record("rollup")
    if frame.dimensions.intersection((*_PLACE, *buckets.CLOCK_STEPS)):
        columns = {name: roll[name].max() for name in (*_PLACE, "opened_us")}
        places = roll.group_by(place_of="contact_id").aggregate(**columns)
        judged = judged.left_join(places, judged["contact_id"] == places["place_of"])
    if frame.dimensions.intersection(_WHO) or frame.scope.teams:
        columns = {name: roll[name].max() for name in _WHO}
        people = roll.group_by(share_of="contact_id", share_by="person").aggregate(**columns)
        by_person = (judged["contact_id"] == people["share_of"]) & (judged["person"] == people["share_by"])
        judged = judged.left_join(people, by_person)
    return judged


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
    "first_hands": _first_hands,
    "served": _served,
    "agent_days": _agent_days,
    "exchanges": _exchanges,
    "afterwards": _afterwards,
    "voiced": _voiced,
    "verdicts": _verdicts,
}
