"""The definitions once more, in plain Python over lists of dicts, written to be read and not to be fast."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]
SERVING = ("accepted", "held", "resumed", "transferred", "escalated", "handed_over", "resolved", "wrap_up_started",
           "wrap_up_ended")  # fmt: skip


def of(rows: list[Row], contact_id: str) -> list[Row]:
    found = [row for row in rows if row["contact_id"] == contact_id]
    return sorted(found, key=lambda row: row.get("seq", 0))


def span(start: int | None, end: int | None) -> int | None:
    return end - start if start is not None and end is not None and end >= start else None


def earliest(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def times(events: list[Row], *kinds: str, since: int | None = None, key: str | None = None) -> int | None:
    return earliest(*(
        e["happened_us"] for e in events if e["kind"] in kinds and (key is None or e["agent_key"] == key)
        and (since is None or (e["happened_us"] is not None and e["happened_us"] >= since))
    ))  # fmt: skip


def counted(messages: list[Row], *kinds: str) -> list[Row]:
    """Messages that start or stop a wait."""
    return [m for m in messages if m["sender_kind"] in kinds and not m["automatic"] and m["withdrawn_us"] is None]


def customer_clock(contact: Row, events: list[Row], messages: list[Row]) -> tuple[int | None, int | None, int | None]:
    """(first response time, waiting since, start moved by a bot's conversation)."""
    if contact["channel"] == "phone":
        start, answer = times(events, "queued", "rang", "assigned"), times(events, "accepted")
        answered = any(e["kind"] == "accepted" for e in events)
        return span(start, answer), None if answered or not events else start, None
    people = times(events, "queued")
    people = times(events, "assigned") if people is None else people
    first = next(iter(counted(messages, "customer")), None)
    said = first["sent_us"] if first else None
    bot = people is not None and said is not None and any(
        m["sent_us"] is not None and said < m["sent_us"] <= people for m in counted(messages, "bot")
    )  # fmt: skip
    by_hand_off = people is not None and (first is None or bot or (said is not None and people < said))
    start = people if by_hand_off else said
    humans = counted(messages, "agent")
    if by_hand_off:
        replies = [m for m in humans if m["sent_us"] is None or m["sent_us"] >= start]
    else:
        replies = [m for m in humans if first and m["seq"] > first["seq"]]
    moved = start if bot and by_hand_off else None
    return (span(start, replies[0]["sent_us"]), None, moved) if replies else (None, start, moved)


def waits(contact: Row, messages: list[Row], moved: int | None) -> list[Row]:
    if contact["channel"] == "phone":
        return []
    found: list[Row] = []
    asked: Row | None = None
    for m in counted(messages, "customer", "agent"):
        if m["sender_kind"] == "customer":
            if asked is None:
                at = m["sent_us"]
                if moved is not None and at is not None and at < moved:
                    at = moved
                asked = {"seq": m["seq"], "asked_us": at, "first": not found, "reply_seq": None, "agent_key": None,
                         "replied_us": None, "wait_us": None}  # fmt: skip
                found.append(asked)
        elif asked is not None:
            asked |= {"reply_seq": m["seq"], "agent_key": m["agent_key"], "replied_us": m["sent_us"],
                      "wait_us": span(asked["asked_us"], m["sent_us"])}  # fmt: skip
            asked = None
    return found


def stints(contact: Row, events: list[Row]) -> dict[str, int | None]:
    """Time from opening a stint to its end, per key; None where one end is unknown."""
    accepted = any(e["kind"] == "accepted" for e in events)
    opener = "accepted" if accepted else "assigned"
    holder, marks = None, []
    for e in events:
        if e["kind"] == opener:
            holder = e["agent_key"] or holder
            marks.append((e, True))
        elif e["kind"] in ("closed", "abandoned") or (
            e["kind"] in ("transferred", "wrap_up_started")
            and (e["agent_key"] is None or (holder is not None and e["agent_key"] == holder))
        ):
            marks.append((e, False))
    found: dict[str, int | None] = {}
    for place, (e, opens) in enumerate(marks):
        if not opens or e["agent_key"] is None:
            continue
        end = marks[place + 1][0]["happened_us"] if place + 1 < len(marks) else contact["closed_us"]
        length, so_far = span(e["happened_us"], end), found.get(e["agent_key"], 0)
        found[e["agent_key"]] = None if length is None or so_far is None else so_far + length
    return found


def held(events: list[Row]) -> dict[str, list[int | None]]:
    accepted = any(e["kind"] == "accepted" for e in events)
    opener = "accepted" if accepted else "assigned"
    ends = ("held", "resumed", "transferred", "closed", "abandoned")
    holder, found = None, {}
    for place, e in enumerate(events):
        if e["kind"] == opener:
            holder = e["agent_key"] or holder
        key = e["agent_key"] or holder
        if e["kind"] == "held" and key is not None:
            until = next((later["happened_us"] for later in events[place + 1 :] if later["kind"] in ends), None)
            length = span(e["happened_us"], until) if e["duration_us"] is None else e["duration_us"]
            found.setdefault(key, []).append(length)
    return found


def wrapped(events: list[Row]) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for place, e in enumerate(events):
        if e["kind"] == "wrap_up_started" and e["agent_key"] is not None:
            until = next(
                (later["happened_us"] for later in events[place + 1 :]
                 if later["kind"] in ("wrap_up_started", "wrap_up_ended") and later["agent_key"] == e["agent_key"]), None
            )  # fmt: skip
            length = span(e["happened_us"], until) if e["duration_us"] is None else e["duration_us"]
            found.setdefault(e["agent_key"], []).append(length)
    return found


def total(values: list[int | None] | None) -> int | None:
    known = [value for value in values or [] if value is not None]
    return sum(known) if known else None


def stays(events: list[Row]) -> list[Row]:
    """From when until when each person had the contact."""
    taker, has, found = None, None, []
    for e in events:
        if e["kind"] in ("assigned", "accepted") and e["agent_key"] is not None:
            taker = now = e["agent_key"]
        elif e["kind"] == "queued" or (e["kind"] == "transferred" and e["agent_key"] in (None, taker)):
            now = None
        else:
            continue
        if now != has and has is not None:
            found[-1] |= {"until_us": e["happened_us"], "released": True}
        if now not in (has, None):
            found.append({"agent_key": now, "from_us": e["happened_us"], "until_us": None, "released": False})
        has = now
    return found


def passer(events: list[Row], messages: list[Row]) -> str | None:
    """Who first passed an answered contact on."""
    taker = None
    answered = any(e["kind"] == "accepted" for e in events) or bool(counted(messages, "agent"))
    for e in events if answered else ():
        if e["kind"] in ("assigned", "accepted"):
            taker = e["agent_key"] or taker
        if e["kind"] == "transferred" and (e["agent_key"] or taker):
            return e["agent_key"] or taker
    return None


def assignment(mine: list[Row], said: list[Row], since: int | None) -> tuple[int | None, int | None]:
    """(since when, until when) somebody had it in the stay that led to the first reply, else in the last one."""
    replies = [m for m in counted(said, "agent") if None in (m["sent_us"], since) or m["sent_us"] >= since]
    reply = replies[0]["sent_us"] if replies else None
    led = [s for s in mine if reply is None or (s["from_us"] is not None and s["from_us"] <= reply)]
    if not led:
        return since, None
    last = led[-1]
    unknown_end = last["released"] and last["until_us"] is None
    return None if unknown_end and not replies else last["from_us"], last["until_us"]


def shares(
    contact: Row, events: list[Row], messages: list[Row], exchanges: list[Row], *, wrap_up_told: bool
) -> list[Row]:
    """The columns about each person's share; primary first."""
    own = [e for e in events if e["agent_key"] is not None and e["kind"] in (*SERVING, "assigned")]
    typed = [m for m in messages if m["sender_kind"] == "agent" and not m["automatic"] and m["agent_key"] is not None]
    keys = {row["agent_key"] for row in (*own, *typed)}
    spans, holds, wraps = stints(contact, events), held(events), wrapped(events)
    moved = len(keys) > 1 or any(e["kind"] == "transferred" for e in events)
    passed_by = passer(events, messages)
    found = []
    for key in keys:
        mine, said = [e for e in own if e["agent_key"] == key], [m for m in typed if m["agent_key"] == key]
        assigned = times(mine, "assigned")
        since = times(mine, "accepted") if assigned is None else assigned
        answered = [x for x in exchanges if x["agent_key"] == key and x["reply_seq"] is not None]
        lasting = [m["sent_us"] for m in said]
        lasting += [e["happened_us"] for e in mine if e["kind"] in ("accepted", "held", "resumed", "resolved")]
        known = [value for value in lasting if value is not None]
        seqs = [m["seq"] for m in said]
        holding, wrapping = holds.get(key), wraps.get(key)
        hold = sum(holding) if holding and None not in holding else None
        wrap = sum(wrapping) if wrapping and None not in wrapping else None
        whole = spans.get(key)
        in_hand = whole if whole is not None and whole >= (hold or 0) else None
        active = None if in_hand is None or (holding and hold is None) else in_hand - (hold or 0)
        text = contact["channel"] != "phone"
        had = [s for s in stays(events) if s["agent_key"] == key] if moved and text else []
        given, released = assignment(had, said, since) if had else (since, None)
        served = bool(said) or any(e["kind"] != "assigned" for e in mine)
        rank = (served, bool(known), max(known, default=0), bool(seqs), max(seqs, default=0), key)
        found.append({
            "rank": rank, "agent_key": key, "served": int(served), "assigned_us": given, "released_us": released,
            "agent_frt_us": agent_clock(contact, events, said, answered, key, assigned, since, given),
            "agent_messages": len(counted(said, "agent")) if messages else None,
            "exchanges": sum(x["wait_us"] is not None for x in answered) if messages and text else None,
            "exchange_wait_us": total([x["wait_us"] for x in answered]),
            "active_us": active, "hold_us": hold, "wrap_up_us": wrap,
            "handle_us": None if in_hand is None or (wrap is None if wrapping else not wrap_up_told)
            else in_hand + (wrap or 0),
        })  # fmt: skip
    found.sort(key=lambda share: share["rank"], reverse=True)
    transfers = sum(e["kind"] == "transferred" for e in events)
    for place, share in enumerate(found):
        share["first_hand"] = place == 0 if passed_by is None else share["agent_key"] == passed_by
        unknown = passed_by is None and (transfers > 0 or not events)
        share["passed_on"] = None if unknown or not share["first_hand"] else int(passed_by is not None)
    return found


def agent_clock(
    contact: Row, events: list[Row], said: list[Row], answered: list[Row], key: str, assigned: int | None,
    since: int | None, given: int | None,
) -> int | None:  # fmt: skip
    if contact["channel"] == "phone":
        rang = times(events, "rang", key=key) if assigned is None else assigned
        return span(rang, times(events, "accepted", key=key))
    if since is None:
        return answered[0]["wait_us"] if answered else None
    replies = [m for m in counted(said, "agent") if m["sent_us"] is None or m["sent_us"] >= since]
    return span(given, replies[0]["sent_us"]) if replies else None


def kept_on(day: date | None, record: dict[str, list[Row]], days: dict[str, date | None]) -> set[str]:
    """What the one source of the record tells of on a day: from the first to the last month in which it does."""
    entries = [(e["contact_id"], e["kind"]) for e in record["events"]]
    entries += [(c["contact_id"], "reopened") for c in record["contacts"] if c["parent_id"]]
    found = set()
    for kind in {kind for _, kind in entries}:
        told = [days[contact_id] for contact_id, one in entries if one == kind]
        months = sorted((at.year, at.month) for at in told if at)
        if None in told if day is None else months and months[0] <= (day.year, day.month) <= months[-1]:
            found.add(kind)
    return found


def whole(
    contact: Row, events: list[Row], messages: list[Row], contacts: list[Row], window_us: int, kept: set[str]
) -> Row:
    """The columns about the contact that come from its course and from what followed; `kept` is what its source tells of."""
    kinds = [e["kind"] for e in events]
    human, asked = counted(messages, "agent"), counted(messages, "customer")
    bots = [m for m in messages if m["sender_kind"] == "bot" and m["withdrawn_us"] is None]
    recorded = bool(events or messages)
    offered = bool({"queued", "rang", "assigned", "accepted"} & set(kinds)) or bool(human) or bool(asked and not bots)
    answered = "accepted" in kinds or bool(human)
    left = "abandoned" in kinds or contact["outcome"] == "abandoned"
    queued, rang = times(events, "queued"), times(events, "rang")
    ends = (times(events, kind, since=queued) for kind in ("accepted", "assigned", "abandoned"))
    ringing = total([e["duration_us"] for e in events if e["kind"] == "rang"])
    children = [
        c for c in contacts if c["parent_id"] == contact["contact_id"] and None not in (c["opened_us"], contact["opened_us"])
        and c["opened_us"] >= contact["opened_us"]
        and c["opened_us"] - (contact["closed_us"] or contact["opened_us"]) <= window_us
    ]  # fmt: skip
    solved = {"solved": 1, "unsolved": 0}.get(contact["outcome"])
    frt, since, _ = customer_clock(contact, events, messages)
    return {
        "offered": int(offered) if recorded else None, "answered": int(answered) if recorded else None,
        "abandoned": int(offered and left and not answered) if recorded else None,
        "queue_us": None if queued is None else span(queued, next((end for end in ends if end is not None), None)),
        "ring_us": (None if rang is None else span(rang, times(events, "accepted", since=rang))) if ringing is None else ringing,
        "rings": total([e["rings"] for e in events if e["kind"] == "rang"]),
        "customer_frt_us": frt, "customer_waiting_since_us": since if offered else None,
        "duration_us": span(contact["opened_us"], contact["closed_us"]),
        "solved": 1 if contact["outcome"] is None and "resolved" in kinds else solved,
        "reopened": max(kinds.count("reopened"), len(children)) if (events and "reopened" in kept) or children else None,
        "transferred": kinds.count("transferred") if events and "transferred" in kept else None,
        "escalated": kinds.count("escalated") if events and "escalated" in kept else None,
        "handed_over": kinds.count("handed_over") if events else None,
        "hand_over_us": span(contact["opened_us"], times(events, "handed_over")),
        **next_contacts(contact, contacts, window_us),
        "customer_messages": len(asked) if messages else None, "bot_messages": len(bots) if messages else None,
    }  # fmt: skip


def next_contacts(contact: Row, contacts: list[Row], window_us: int) -> Row:
    """Until the same customer's next contact of the same category, and until the next one without a category."""

    def known(c: Row) -> bool:
        return c["customer_key"] is not None and c["customer_known"] is not False and c["opened_us"] is not None

    def until(later: list[int]) -> int | None:
        end = contact["opened_us"] if contact["closed_us"] is None else contact["closed_us"]
        return max(min(later) - end, 0) if later and min(later) - end <= window_us else None

    if not known(contact) or contact["category"] is None:
        return {"next_contact_us": None, "next_unsorted_us": None}
    mine = (contact["opened_us"], contact["contact_id"])
    own = [c for c in contacts if known(c) and c["customer_key"] == contact["customer_key"]]
    same = [c["opened_us"] for c in own
            if c["category"] == contact["category"] and (c["opened_us"], c["contact_id"]) > mine]  # fmt: skip
    unsorted = [c["opened_us"] for c in own if c["category"] is None and c["opened_us"] > mine[0]]
    return {"next_contact_us": until(same), "next_unsorted_us": until(unsorted)}
