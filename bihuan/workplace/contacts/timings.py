"""The strip above a conversation: each duration with the target of its scope and whether it was met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.archive.reader import ContactRecord
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Edition
from bihuan.standards.rules.edition import Target as Goal
from bihuan.ui import values
from bihuan.ui.figures import Target, Timing


def timings(record: ContactRecord, edition: Edition) -> list[Timing]:
    """The durations that the record knows. Queue and customer's wait are judged on the team, the reply on the person (X2)."""
    share = primary_share(record)
    if share is None:
        return []
    return [
        *_queue(share, _goal(record, edition, "queue_time")),
        *_rings(share, _goal(record, edition, "rings")),
        *_first_response(record, share, edition),
        *_longest(record, _goal(record, edition, "response_time")),
        *_handling(share),
        *_hand_over(share, _goal(record, edition, "hand_over_time")),
    ]


def primary_share(record: ContactRecord) -> dict[str, Any] | None:
    """The roll-up row of the person who served last, or of nobody; None where nothing was rolled up yet."""
    return next((row for row in record.rollup if row["is_primary"]), None)


def longest_gap(edition: Edition, record: ContactRecord) -> int | None:
    """Silences beyond this are drawn (S2-1: after two minutes of waiting most turn negative); None without a target."""
    goal = _goal(record, edition, "response_time")
    return goal.limit.micros if goal else None


def _goal(record: ContactRecord, edition: Edition, metric: str) -> Goal | None:
    return edition.target(metric, channel=record.contact["channel"], level=record.contact["level"])


def _queue(share: dict[str, Any], goal: Goal | None) -> Iterator[Timing]:
    if share["queue_us"] is not None:
        # somebody who left the queue is an abandoned contact, not a short queue
        met = None if share["abandoned"] else _met(goal, share["queue_us"])
        note = _("left unanswered") if share["abandoned"] else _("team figure")
        yield Timing(_("Queue"), values.duration(share["queue_us"]), _target(goal, met), note, _tone(met))


def _rings(share: dict[str, Any], goal: Goal | None) -> Iterator[Timing]:
    if share["rings"] is not None:
        met = None if goal is None else goal.is_met_by(share["rings"])
        text = _("target ≤ %(limit)s rings") % {"limit": values.number(goal.limit.value)} if goal else ""
        yield Timing(
            _("Ringing"), _("%(rings)s rings") % {"rings": share["rings"]}, Target(text, met), values.duration(share["ring_us"])
            if share["ring_us"] is not None else "", _tone(met),
        )  # fmt: skip


def _first_response(record: ContactRecord, share: dict[str, Any], edition: Edition) -> Iterator[Timing]:
    goal = _goal(record, edition, "first_response_time")
    mine = next((row["agent_frt_us"] for row in _served(record) if row["agent_frt_us"] is not None), None)
    if mine is not None and record.contact["channel"] != "phone":  # a call is judged by its rings
        met = _met(goal, mine)
        yield Timing(_("Agent's first response"), values.duration(mine), _target(goal, met), "", _tone(met))
    if share["customer_frt_us"] is not None:
        goal = _goal(record, edition, "customer_first_response_time")
        met = _met(goal, share["customer_frt_us"])
        took = values.duration(share["customer_frt_us"])
        yield Timing(_("Customer's wait for a person"), took, _target(goal, met), _("team figure"), _tone(met))


def _served(record: ContactRecord) -> Sequence[dict[str, Any]]:
    """Shares in the order in which people took the contact over."""
    known = [row for row in record.rollup if row["assigned_us"] is not None]
    return sorted(known, key=lambda row: row["assigned_us"]) or record.rollup


def _longest(record: ContactRecord, goal: Goal | None) -> Iterator[Timing]:
    waits = [row for row in record.exchanges if row["wait_us"] is not None]
    if not waits:
        return
    worst = max(waits, key=lambda row: row["wait_us"])
    late = _met(goal, worst["wait_us"]) is False
    note = _("messages %(first)s–%(last)s") % {"first": worst["seq"], "last": worst["reply_seq"]}
    line = _("line %(limit)s") % {"limit": values.duration(goal.limit.micros)} if goal else ""
    yield Timing(_("Longest wait"), values.duration(worst["wait_us"]), Target(line), note, "warn" if late else "")


def _handling(share: dict[str, Any]) -> Iterator[Timing]:
    """Two lengths of different ends, either may be the longer one: each says from when to when it counts (X20)."""
    if share["handle_us"] is not None:
        wrap = values.duration(share["wrap_up_us"]) if share["wrap_up_us"] else ""
        note = _("taking over to letting go, without the queue")
        after = _("%(wrap)s of after-call work included") % {"wrap": wrap}
        yield Timing(_("Handle time"), values.duration(share["handle_us"]), None, f"{note} · {after}" if wrap else note)
    if share["duration_us"] is not None:
        note = _("the customer's access to the end, with the queue")
        yield Timing(_("Contact duration"), values.duration(share["duration_us"]), None, note)


def _hand_over(share: dict[str, Any], goal: Goal | None) -> Iterator[Timing]:
    if share["hand_over_us"] is not None:
        met = _met(goal, share["hand_over_us"])
        yield Timing(_("Hand-over"), values.duration(share["hand_over_us"]), _target(goal, met), "", _tone(met))


def _met(goal: Goal | None, micros: int) -> bool | None:
    return None if goal is None or goal.limit.unit not in MICROS_OF_UNIT else goal.is_met_by_micros(micros)


def _target(goal: Goal | None, met: bool | None) -> Target | None:
    if goal is None or met is None:
        return None
    return Target(_("target ≤ %(limit)s") % {"limit": values.duration(goal.limit.micros)}, met)


def _tone(met: bool | None) -> str:
    return "bad" if met is False else ""
