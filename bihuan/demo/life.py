"""A day of the demo department as rows of the service record, with the truth of every contact kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.demo.bank import Bank
from bihuan.demo.cast import COLUMN, TEAMS, Cast, Member
from bihuan.demo.plan import CHANNELS, TOPICS, Plan, Rules, plan_day
from bihuan.demo.script import Scene, Script, does_of, write_script
from bihuan.demo.slots import customer_surname, make_slots
from bihuan.demo.voice import spoken
from bihuan.kit.clock import HOUR, MINUTE, SECOND, to_us
from bihuan.people.naming import OWN_SOURCE

SOURCE: Final = OWN_SOURCE
BUSINESS_LINES: Final = ("商城", "到家服务")
CATEGORIES: Final = {
    "product": "enquiry", "coupon": "order", "invoice": "invoice", "account": "account", "refund": "refund",
    "logistics": "logistics", "quality": "quality", "install": "installation", "complaint": "complaint",
}  # fmt: skip
PREFIX: Final = {"phone": "PH", "chat": "CH", "email": "EM", "social": "SO"}
SPEECH_PER_SECOND: Final = 4.5
RING_US: Final = 4 * SECOND  # one ring cycle of the demo's switch

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class DayOfLife:
    """`tables` by name; `truth` maps a contact's id to {check: verdict}; `agents` to who served it."""

    tables: dict[str, pa.Table]
    truth: dict[str, dict[str, str]] = field(default_factory=dict)


def live(day: date, cast: Cast, rules: Rules, bank: Bank, zone: ZoneInfo, *, asides: bool = False) -> DayOfLife:
    """Everything that happened on one day, deterministic in all arguments."""
    plan = plan_day(day, cast, rules)
    pen = _Chronicler(day, cast, bank, zone, Random(f"{rules.seed}/{day}"), asides)  # noqa: S311 - a made world
    for index in range(len(plan)):
        pen.contact(index, plan)
    return DayOfLife({name: _table(name, columns) for name, columns in pen.columns.items()}, pen.truth)


class _Chronicler:
    """Writes contacts one after another into column lists."""

    def __init__(self, day: date, cast: Cast, bank: Bank, zone: ZoneInfo, rnd: Random, asides: bool) -> None:
        self.day, self.cast, self.bank, self.rnd, self.asides = day, cast, bank, rnd, asides
        self.midnight = to_us(datetime.combine(day, time(), tzinfo=zone))
        self.columns: dict[str, dict[str, list[Any]]] = {}
        self.truth: dict[str, dict[str, str]] = {}

    def contact(self, index: int, plan: Plan) -> None:
        at = _At(index, plan, self.midnight)
        member = self.cast.agents[at.agent]
        contact_id = f"{PREFIX[at.channel]}-{self.day:%Y%m%d}-{index + 1:05d}"
        if at.abandoned:
            self._abandoned(contact_id, at)
            return
        script = self._script(at, member)
        end = self._messages(contact_id, at, member, script)
        self._row_of_contact(contact_id, at, end)
        self._events(contact_id, at, member, end)
        self._aftermath(contact_id, at, member, end)
        if not at.test:
            self.truth[contact_id] = script.truth

    # ── words and times ────────────────────────────────────────────────────

    def _script(self, at: _At, member: Member) -> Script:
        does = does_of(at.acts)
        slots = make_slots(self.rnd, member, at.customer, address=does["surname"] and at.named)
        scene = Scene(
            at.channel, at.topic, at.negative, at.cross, at.account, at.named, at.vanished, at.solved, at.rounds, does
        )
        return write_script(scene, self.bank, slots, self.rnd, asides=self.asides)

    def _messages(self, contact_id: str, at: _At, member: Member, script: Script) -> int:
        """Append the turns with plausible times; returns the end of the talk."""
        clock, started, replied = at.opened, at.accepted, False
        before = ""
        for seq, (sender, text) in enumerate(script.turns, 1):
            if at.channel == "phone":
                text = spoken(text, self.rnd)
            if sender == "agent" and not replied:
                clock, replied = max(clock + SECOND, started + at.first_reply), True
            elif seq > 1:
                clock += self._pause(at, before, sender)
            length = int(len(text) / SPEECH_PER_SECOND * SECOND) if at.channel == "phone" else 0
            self._add_message(
                contact_id, seq, clock, sender, member.number if sender == "agent" else None, text, length
            )
            clock, before = clock + length, sender
        return clock

    def _pause(self, at: _At, before: str, sender: str) -> int:
        if at.channel == "phone":
            return int((0.3 + self.rnd.random()) * SECOND)
        if sender == "bot":
            return SECOND
        base = {"agent": 14.0 * at.pace, "customer": 18.0}[sender] * (0.45 if before == sender else 1.0)
        if at.channel == "email":
            base *= 120
        return int(self.rnd.lognormvariate(0, 0.6) * base * SECOND) + SECOND

    def _add_message(
        self, contact_id: str, seq: int, us: int, sender: str, who: str | None, text: str, length: int
    ) -> None:
        self._add(
            "messages",
            contact_id=contact_id, seq=seq, sent_us=us, sender_kind=sender, agent_key=who,
            kind="voice" if length else "text", text=text, automatic=sender == "bot",
            start_us=us if length else None, end_us=us + length if length else None, fact_id=f"{contact_id}/m{seq}",
        )  # fmt: skip

    # ── rows ───────────────────────────────────────────────────────────────

    def _row_of_contact(self, contact_id: str, at: _At, end: int | None, outcome: str | None = None) -> None:
        surname = customer_surname(at.customer) if at.named else None
        self._add(
            "contacts",
            contact_id=contact_id, external_id=contact_id, source=SOURCE, channel=at.channel, queue=TEAMS[at.team].key,
            business_line=BUSINESS_LINES[at.topic == "install"], category=CATEGORIES[at.topic], level=f"L{at.level}",
            customer_key=f"C{at.customer:07d}", customer_known=at.named, customer_surname=surname, opened_us=at.opened,
            closed_us=end, outcome=outcome or ("solved" if at.solved else "unsolved"),
            effective=not at.test and not at.repeat, fact_id=f"{contact_id}/c",
            ineffective_reason="test" if at.test else "repeat" if at.repeat else None,
        )  # fmt: skip

    def _abandoned(self, contact_id: str, at: _At) -> None:
        """The customer gave up in the queue (S2-1)."""
        left = at.opened + at.queue
        if at.channel != "phone":
            mood = "negative" if at.negative else "neutral"
            slots = make_slots(self.rnd, self.cast.agents[at.agent], at.customer, address=False)
            line = self.rnd.choice(self.bank.topics[at.topic][mood]).format_map(slots)
            self._add_message(contact_id, 1, at.opened, "customer", None, line, 0)
        self._row_of_contact(contact_id, at, left, "abandoned")
        for seq, (kind, us) in enumerate((("opened", at.opened), ("queued", at.opened), ("abandoned", left)), 1):
            self._add_event(contact_id, seq, kind, us, "customer", None)

    def _events(self, contact_id: str, at: _At, member: Member, end: int) -> None:
        happened: list[tuple[str, int, str]] = [("opened", at.opened, "customer")]
        if at.channel != "email":
            happened.append(("queued", at.opened, "system"))
        if at.channel == "phone":
            happened.append(("rang", at.accepted - at.rings * RING_US, "system"))
        happened += [("assigned", at.accepted, "system"), ("accepted", at.accepted, "agent")]
        if at.cross:
            handed = end + int(self.rnd.lognormvariate(5.6 if at.does("progress") else 6.4, 0.8) * SECOND)
            happened += [("escalated", end, "agent"), ("handed_over", handed, "agent")]
        if at.solved:
            happened.append(("resolved", end, "agent"))
        if at.channel == "phone":
            wrap = end + int(self.rnd.lognormvariate(3.2, 0.5) * SECOND)
            happened += [
                ("closed", end, "customer"),
                ("wrap_up_started", end, "agent"),
                ("wrap_up_ended", wrap, "agent"),
            ]
        else:
            happened.append(("closed", end + 20 * SECOND, "system"))
        happened.sort(key=lambda item: item[1])
        for seq, (kind, us, actor) in enumerate(happened, 1):
            self._add_event(contact_id, seq, kind, us, actor, member, rings=at.rings if kind == "rang" else None)

    def _add_event(
        self, contact_id: str, seq: int, kind: str, us: int, actor: str, member: Member | None, rings: int | None = None
    ) -> None:
        mine = member is not None and (actor == "agent" or kind in ("assigned", "rang"))
        self._add(
            "events",
            contact_id=contact_id, seq=seq, kind=kind, happened_us=us, actor_kind=actor, rings=rings,
            agent_key=member.number if mine and member else None, fact_id=f"{contact_id}/e{seq}",
        )  # fmt: skip

    def _aftermath(self, contact_id: str, at: _At, member: Member, end: int) -> None:
        who = member.number
        mode = "ivr" if at.channel == "phone" else "chat"
        for kind, value in (("csat", at.rating or None), ("nps", at.nps if at.nps >= 0 else None)):
            if value is not None:
                given = end + int(self.rnd.lognormvariate(4.5, 1.0) * SECOND)
                self._add(
                    "ratings", rating_id=f"{contact_id}/{kind}", contact_id=contact_id, agent_key=who, kind=kind, mode=mode,
                    value=value, given_us=given, fact_id=f"{contact_id}/{kind}",
                )  # fmt: skip
        if at.complains:
            self._complaint(contact_id, at, who, end)
        if at.cross:
            self._follow_up(contact_id, at, who, end)

    def _complaint(self, contact_id: str, at: _At, who: str, end: int) -> None:
        rnd = self.rnd
        opened = at.opened if at.topic == "complaint" else end
        classified = opened + int(rnd.lognormvariate(9.0, 0.9) * SECOND)
        first = classified + int(rnd.lognormvariate(9.2, 0.8) * SECOND)
        closed = first + int(rnd.lognormvariate(9.8, 0.9) * SECOND)
        decided = rnd.random() < 0.9
        self._add(
            "complaints",
            complaint_id=f"{contact_id}/p", contact_id=contact_id, agent_key=who, praise=False,
            grade=rnd.choice(("urgent", "important", "general", "general")), opened_us=opened, classified_us=classified,
            followed_up_us=first, closed_us=closed if rnd.random() < 0.96 else None,
            valid=rnd.random() < (0.25 if at.solved else 0.6) if decided else None, decided_by="7002" if decided else None,
            cause=rnd.choice(("process", "product", "delivery", "attitude", "knowledge")), fact_id=f"{contact_id}/p",
            responsibility=rnd.choice(("own", "third_party", "customer")),
        )  # fmt: skip

    def _follow_up(self, contact_id: str, at: _At, who: str, end: int) -> None:
        promised = end + self.rnd.randrange(2, 30) * HOUR
        kept = at.does("follow_up") and self.rnd.random() < 0.93
        first = promised - self.rnd.randrange(10, 100) * MINUTE if kept else promised + self.rnd.randrange(1, 40) * HOUR
        self._add(
            "follow_ups",
            follow_up_id=f"{contact_id}/f", contact_id=contact_id, agent_key=who, opened_us=end, promised_us=promised,
            first_us=max(first, end + MINUTE), closed_us=max(first, end) + self.rnd.randrange(1, 30) * HOUR,
            reason=None if kept else "waiting for another department", fact_id=f"{contact_id}/f",
        )  # fmt: skip

    def _add(self, table: str, **values: Any) -> None:
        columns = self.columns.setdefault(table, {name: [] for name in values})
        for name, value in values.items():
            columns[name].append(value)


class _At:
    """One row of the plan in plain Python values, times in microseconds."""

    def __init__(self, index: int, plan: Plan, midnight: int) -> None:
        self.agent = int(plan.agent[index])
        self.team = int(plan.team[index])
        self.channel = CHANNELS[plan.channel[index]]
        self.topic = TOPICS[plan.topic[index]]
        self.customer = int(plan.customer[index])
        self.level = int(plan.level[index])
        self.rounds = int(plan.rounds[index])
        self.rings = int(plan.rings[index])
        self.rating = int(plan.rating[index])
        self.nps = int(plan.nps[index])
        self.pace = float(plan.pace[index])
        self.acts = plan.acts[index].tolist()
        for name in (
            "named",
            "negative",
            "cross",
            "account",
            "abandoned",
            "solved",
            "vanished",
            "test",
            "repeat",
            "complains",
        ):
            setattr(self, name, bool(getattr(plan, name)[index]))
        self.opened = midnight + int(plan.opened_s[index]) * SECOND
        self.queue = int(plan.queue_s[index] * SECOND)
        self.accepted = self.opened + self.queue + self.rings * RING_US
        self.first_reply = int(plan.first_reply_s[index] * SECOND)

    named: bool
    negative: bool
    cross: bool
    account: bool
    abandoned: bool
    solved: bool
    vanished: bool
    test: bool
    repeat: bool
    complains: bool

    def does(self, act: str) -> bool:
        return bool(self.acts[COLUMN[act]])


def _table(name: str, columns: dict[str, list[Any]]) -> pa.Table:
    """Column lists as a table of the record: moments in both spellings, absent columns null."""
    schema = TABLES[name].schema
    arrays = {}
    length = len(next(iter(columns.values())))
    for column in schema:
        twin = f"{column.name[:-3]}_us" if column.name.endswith("_at") else None
        if twin and twin in columns:
            arrays[column.name] = pa.array(columns[twin], pa.int64()).cast(column.type)
        elif column.name in columns:
            arrays[column.name] = pa.array(columns[column.name], column.type)
        else:
            arrays[column.name] = pa.nulls(length, column.type)
    return pa.table(arrays, schema=schema)


def days_before(end: date, count: int) -> list[date]:
    """`count` days, the last of them `end`, in order."""
    return [end - timedelta(days=back) for back in range(count - 1, -1, -1)]


def shifts(day: date, cast: Cast, zone: ZoneInfo, seed: int) -> pa.Table:
    """Planned and actual duty of a day, with the few latenesses and absences that S4-11 counts."""
    rnd = Random(f"{seed}/shift/{day}")  # noqa: S311 - a made world
    columns: dict[str, list[Any]] = {}
    midnight = to_us(datetime.combine(day, time(), tzinfo=zone))
    for index, member in enumerate(cast.agents):
        if (index + day.toordinal()) % 7 >= 5:
            continue
        start = midnight + (8 if index % 2 else 14) * HOUR
        absent = rnd.random() < 0.01
        late = rnd.randrange(2, 40) * MINUTE if rnd.random() < 0.04 else -rnd.randrange(0, 12) * MINUTE
        row = {
            "shift_id": f"{member.number}/{day}",
            "agent_key": member.number,
            "planned_start_us": start,
            "planned_end_us": start + 9 * HOUR,
            "actual_start_us": None if absent else start + late,
            "actual_end_us": None if absent else start + 9 * HOUR + rnd.randrange(0, 20) * MINUTE,
            "absence": "sick" if absent else None,
            "prepared": None if absent else rnd.random() < 0.93,
            "fact_id": f"{member.number}/{day}/shift",
        }
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return _table("shifts", columns)
