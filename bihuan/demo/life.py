"""A day of the demo department as rows of the service record, with the truth of every contact kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import exp
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.demo.aftermath import after
from bihuan.demo.bank import Bank
from bihuan.demo.cast import COLUMN, TEAMS, Cast, Member
from bihuan.demo.moment import At, lived
from bihuan.demo.plan import Plan, Rules, plan_day
from bihuan.demo.rows import Row, table_of
from bihuan.demo.script import MET, VIOLATED, Scene, Script, does_of, matters_of, write_script
from bihuan.demo.slots import Slots, customer_surname
from bihuan.demo.voice import spoken
from bihuan.kit.clock import HOUR, MINUTE, SECOND, to_us
from bihuan.people.naming import OWN_SOURCE

BUSINESS_LINES: Final = ("商城", "到家服务")
CATEGORIES: Final = {
    "product": "enquiry", "coupon": "order", "invoice": "invoice", "account": "account", "refund": "refund",
    "logistics": "logistics", "quality": "quality", "install": "installation", "complaint": "complaint",
    "fault": "technical", "price": "price", "member": "account", "compare": "enquiry",
}  # fmt: skip
SPEECH_PER_SECOND: Final = 4.5
RING_US: Final = 4 * SECOND  # one ring cycle of the demo's switch
RINGS_TARGET: Final = 3  # S0-3: the truth that comes with a call
HAND_OVER_TARGET: Final = 10 * MINUTE  # S4-7: the truth that comes with a matter for another department
HANDED_MEDIAN_LOG: Final = {True: 4.6, False: 6.0}  # log seconds until the hand-over, by whether it is done with care
PAUSE_SPREAD: Final = 0.6
HELD_SHARE: Final = 0.12  # of calls
HOLD_PART: Final = 0.2  # of a held call at most
FIRST_PART: Final = 0.55  # of a talk lies before it is passed on


@dataclass
class DayOfLife:
    """`tables` by name; `truth` maps a contact's id to {check: verdict}."""

    tables: dict[str, pa.Table]
    truth: dict[str, dict[str, str]] = field(default_factory=dict)


def live(day: date, cast: Cast, rules: Rules, bank: Bank, zone: ZoneInfo, *, asides: bool = False) -> DayOfLife:
    """Everything that happened on one day, deterministic in all arguments."""
    plan = plan_day(day, cast, rules)
    pen = _Chronicler(day, cast, bank, zone, Random(f"{rules.seed}/{day}"), asides)  # noqa: S311 - a made world
    pen.whole_day(plan)
    tables = {name: table_of(name, rows) for name, rows in pen.rows.items() if name != "contacts"}
    tables["contacts"] = table_of("contacts", pen.rows["contacts"], source=OWN_SOURCE)
    tables["contacts"] = _external(tables["contacts"])
    return DayOfLife(tables, pen.truth)


def _external(contacts: pa.Table) -> pa.Table:
    """The own source's ids are the outside ids as well."""
    place = contacts.schema.get_field_index("external_id")
    return contacts.set_column(place, contacts.schema.field(place), contacts["contact_id"])


class _Chronicler:
    """Writes contacts one after another as rows."""

    def __init__(self, day: date, cast: Cast, bank: Bank, zone: ZoneInfo, rnd: Random, asides: bool) -> None:
        self.day, self.cast, self.bank, self.rnd, self.asides = day, cast, bank, rnd, asides
        self.midnight = to_us(datetime.combine(day, time(), tzinfo=zone))
        self.rows: dict[str, list[Row]] = {
            name: [] for name in ("contacts", "messages", "events", "ratings", "complaints", "follow_ups")
        }
        self.truth: dict[str, dict[str, str]] = {}

    def whole_day(self, plan: Plan) -> None:
        for at in lived(plan, self.day, self.midnight, RING_US):
            if at.abandoned:
                self._abandoned(at)
            else:
                self._served(at)

    def _served(self, at: At) -> None:
        member = self.cast.agents[at.agent]
        script = self._script(at, member)
        second = self._second(at, member)
        end, passed = self._messages(at, member, second, script)
        self._contact(at, end)
        handed = self._events(at, member, second, end, passed)
        after(at, (second or member).number, end, self.rnd, self.rows)
        if not at.test:
            self.truth[at.contact_id] = script.truth | _timing_truth(at, handed)

    def _second(self, at: At, member: Member) -> Member | None:
        """The colleague a transferred contact goes to."""
        if not at.transferred:
            return None
        colleagues = self.cast.of_team[member.team]
        chosen = self.cast.agents[colleagues[int(self.rnd.random() * len(colleagues))]]
        return chosen if chosen is not member else None

    # ── words and times ────────────────────────────────────────────────────

    def _script(self, at: At, member: Member) -> Script:
        does = does_of(at.acts)
        slots = Slots(self.rnd, member, at.customer, self.day, address=does["surname"] and at.named)
        scene = Scene(
            at.channel, at.topic, at.negative, at.cross, at.account, at.named, at.vanished, at.solved, at.rounds, does,
            at.level,
        )  # fmt: skip
        return write_script(scene, self.bank, slots, self.rnd, asides=self.asides)

    def _messages(self, at: At, member: Member, second: Member | None, script: Script) -> tuple[int, int]:
        """Append the turns with plausible times; returns the end of the talk and the moment it was passed on."""
        rnd, rows, phone = self.rnd, self.rows["messages"], at.channel == "phone"
        clock, replied, before, passed = at.opened, False, "", 0
        change = max(2, int(len(script.turns) * FIRST_PART)) if second else len(script.turns) + 1
        who = member.number
        for seq, (sender, text) in enumerate(script.turns, 1):
            if phone:
                text = spoken(text, rnd)
            if sender == "agent" and not replied:
                clock, replied = max(clock + SECOND, at.accepted + at.first_reply), True
            elif seq > 1:
                clock += _pause(at, before, sender, rnd)
            if second and replied and not passed and seq > change:
                passed, who = clock, second.number
            length = int(len(text) / SPEECH_PER_SECOND * SECOND) if phone else 0
            rows.append((at.contact_id, seq, clock, sender, who if sender == "agent" else None, text, length))
            clock, before = clock + length, sender
        return clock, passed

    # ── rows ───────────────────────────────────────────────────────────────

    def _contact(self, at: At, end: int, outcome: str | None = None) -> None:
        self.rows["contacts"].append(
            (
                at.contact_id, at.parent_id, at.channel, TEAMS[at.team].key, BUSINESS_LINES[at.topic == "install"],
                CATEGORIES[at.topic], f"L{at.level}", f"C{at.customer:07d}", at.named,
                customer_surname(at.customer) if at.named else None, at.opened, end,
                outcome or ("solved" if at.solved else "unsolved"), not at.test and not at.repeat,
                "test" if at.test else "repeat" if at.repeat else None,
            )
        )  # fmt: skip

    def _abandoned(self, at: At) -> None:
        """The customer gave up in the queue (S2-1)."""
        left = at.opened + at.queue
        if at.channel != "phone":
            slots = Slots(self.rnd, self.cast.agents[at.agent], at.customer, self.day, address=False)
            matters = matters_of(self.bank.written, at.topic)
            matter = matters[int(self.rnd.random() * len(matters))]
            line = self.rnd.choice(matter.negative if at.negative else matter.neutral).format_map(slots)
            self.rows["messages"].append((at.contact_id, 1, at.opened, "customer", None, line, 0))
        self._contact(at, left, "abandoned")
        happened = (("opened", at.opened), ("queued", at.opened), ("abandoned", left))
        for seq, (kind, us) in enumerate(happened, 1):
            self.rows["events"].append((at.contact_id, seq, kind, us, "customer", None, None))

    def _events(self, at: At, member: Member, second: Member | None, end: int, passed: int) -> int:
        """Append what happened; returns when the matter was handed over, 0 if it was not."""
        handed, last = 0, second if second and passed else member
        happened = _reception(at, member)
        if second and passed:
            happened += [
                (passed - 3, "transferred", "agent", member.number), (passed - 2, "assigned", "system", second.number),
                (passed - 1, "accepted", "agent", second.number),
            ]  # fmt: skip
        if at.cross:
            asked = at.accepted + int((end - at.accepted) * FIRST_PART)
            handed = asked + int(self.rnd.lognormvariate(HANDED_MEDIAN_LOG[at.does("progress")], 0.8) * SECOND)
            happened += [(asked, "escalated", "agent", last.number), (handed, "handed_over", "agent", last.number)]
        if at.channel == "phone" and self.rnd.random() < HELD_SHARE:
            happened += self._hold(at, last, end)
        happened += self._ending(at, last, end)
        happened.sort(key=lambda item: item[0])
        append = self.rows["events"].append
        for seq, (us, kind, actor, who) in enumerate(happened, 1):
            append((at.contact_id, seq, kind, us, actor, who, at.rings if kind == "rang" else None))
        return handed

    def _hold(self, at: At, last: Member, end: int) -> list[tuple[int, str, str, str | None]]:
        start = at.accepted + int((end - at.accepted) * (1 - HOLD_PART))
        until = start + int((end - start) * self.rnd.random())
        return [(start, "held", "agent", last.number), (until, "resumed", "agent", last.number)]

    def _ending(self, at: At, last: Member, end: int) -> list[tuple[int, str, str, str | None]]:
        told: list[tuple[int, str, str, str | None]] = []
        if at.solved:
            told.append((end, "resolved", "agent", last.number))
        if at.channel != "phone":
            return [*told, (end + 20 * SECOND, "closed", "system", None)]
        wrap = end + int(self.rnd.lognormvariate(3.2, 0.5) * SECOND)
        return [
            *told, (end, "closed", "customer", None),
            (end, "wrap_up_started", "agent", last.number), (wrap, "wrap_up_ended", "agent", last.number),
        ]  # fmt: skip


def _reception(at: At, member: Member) -> list[tuple[int, str, str, str | None]]:
    told: list[tuple[int, str, str, str | None]] = [(at.opened, "opened", "customer", None)]
    if at.parent_id:
        told.append((at.opened, "reopened", "customer", None))
    if at.channel != "email":
        told.append((at.opened, "queued", "system", None))
    if at.channel == "phone":
        told.append((at.accepted - at.rings * RING_US, "rang", "system", member.number))
    told += [(at.accepted, "assigned", "system", member.number), (at.accepted, "accepted", "agent", member.number)]
    return told


def _pause(at: At, before: str, sender: str, rnd: Random) -> int:
    if at.channel == "phone":
        return int((0.3 + rnd.random()) * SECOND)
    if sender == "bot":
        return SECOND
    base = (14.0 * at.pace if sender == "agent" else 18.0) * (0.45 if before == sender else 1.0)
    if at.channel == "email":
        base *= 120
    return int(exp(PAUSE_SPREAD * rnd.gauss(0.0, 1.0)) * base * SECOND) + SECOND


def _timing_truth(at: At, handed: int) -> dict[str, str]:
    """What the made times say; where more than one reading is possible, nothing."""
    truth = {"rings": MET if at.rings <= RINGS_TARGET else VIOLATED} if at.channel == "phone" else {}
    if handed:
        truth["hand_over"] = MET if handed - at.opened <= HAND_OVER_TARGET else VIOLATED
    return truth


def days_before(end: date, count: int) -> list[date]:
    """`count` days, the last of them `end`, in order."""
    return [end - timedelta(days=back) for back in range(count - 1, -1, -1)]


def shifts(day: date, cast: Cast, zone: ZoneInfo, seed: int) -> pa.Table:
    """Planned and actual duty of a day, with the few latenesses and absences that S4-11 counts; `prepared` is S0-2."""
    rnd = Random(f"{seed}/shift/{day}")  # noqa: S311 - a made world
    midnight = to_us(datetime.combine(day, time(), tzinfo=zone))
    rows: list[Row] = []
    for index, member in enumerate(cast.agents):
        if (index + day.toordinal()) % 7 >= 5:
            continue
        start = midnight + (8 if index % 2 else 14) * HOUR
        absent = rnd.random() < 0.01
        late = rnd.randrange(2, 40) * MINUTE if rnd.random() < 0.04 else -rnd.randrange(0, 12) * MINUTE
        ended = start + 9 * HOUR + rnd.randrange(0, 20) * MINUTE
        prepared = rnd.random() < 0.7 + 0.3 * float(cast.skill[index, COLUMN["record"]])
        row = (f"{member.number}/{day}", member.number, start, start + 9 * HOUR, start + late, ended, None, prepared)
        rows.append((*row[:4], None, None, "sick", None) if absent else row)
    return table_of("shifts", rows)
