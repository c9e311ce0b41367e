"""Decisions about appeals: until when, by whom, what follows, and when a check stops counting. Pure.

No source gives appeal rules; what is decided here is the reading of `traps.md`: the adjudicator is neither the first
rater nor somebody who gains, a blind second view comes first, deadlines go by the working calendar, reasons are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bihuan.clocks.rules.calendar import Calendar
from bihuan.clocks.rules.reckoning import NoWorkingTime
from bihuan.kit.clock import business_day, day_bounds


class State(StrEnum):
    """Where an appeal stands. The last three are final."""

    SUBMITTED = "submitted"
    VIEWED = "viewed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """What becomes of an appealed answer: the appellant's holds, another one holds, or the first one stays."""

    UPHOLD = "uphold"
    AMEND = "amend"
    DISMISS = "dismiss"


class Stage(StrEnum):
    """What a reminder says."""

    NEAR = "near"
    OVERDUE = "overdue"


OPEN: Final = (State.SUBMITTED, State.VIEWED)
CLOSED: Final = (State.DECIDED, State.WITHDRAWN, State.LAPSED)
OVERTURNED: Final = (Outcome.UPHOLD, Outcome.AMEND)
_LONGEST_REST: Final = 400
_ONE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """An edition's figures of appeals: working days, and the share of rightful accusations a check needs (0 to 1)."""

    window: int
    decided_within: int
    remind_before: int
    precision_floor: Decimal
    least_reviewed: int
    confidence: float


@dataclass(frozen=True)
class WorkingDays:
    """Which days are working days, and when a day begins."""

    calendar: Calendar
    cutover_hour: int = 0

    def day_of(self, moment: datetime) -> date:
        return business_day(moment, self.calendar.zone, self.cutover_hour)

    def is_working(self, day: date) -> bool:
        return bool(self.calendar.spans_on(day))

    def walk(self, start: date, step: timedelta) -> Iterable[date]:
        """Working days from `start` on, `start` itself included where it is one."""
        day, rest = start, 0
        while rest <= _LONGEST_REST:
            if self.is_working(day):
                rest = 0
                yield day
            rest += 1
            day += step
        raise NoWorkingTime(f"no working day near {start}")


def closes_at(since: datetime, days: int, working: WorkingDays) -> datetime:
    """The end (UTC) of the `days`-th working day after the day of `since`; that day itself never counts."""
    after = working.walk(working.day_of(since) + _ONE, _ONE)
    last = next(day for count, day in enumerate(after, 1) if count == days)
    return day_bounds(last, working.calendar.zone, working.cutover_hour)[1]


def reminded_from(due: datetime, days: int, working: WorkingDays) -> datetime:
    """The beginning (UTC) of the working day from which `days` working days are left until `due`, itself included."""
    before = working.walk(working.day_of(due - timedelta(microseconds=1)), -_ONE)
    first = next(day for count, day in enumerate(before, 1) if count == days)
    return day_bounds(first, working.calendar.zone, working.cutover_hour)[0]


def stage_at(at: datetime, due: datetime, reminder: datetime) -> Stage | None:
    """Which reminder is in place at a moment; the due moment itself is overdue."""
    if at >= due:
        return Stage.OVERDUE
    return Stage.NEAR if at >= reminder else None


@dataclass(frozen=True)
class Candidate:
    """Somebody who may decide appeals: how many wait for them, which teams they lead, whether they also oversee."""

    number: str
    waiting: int = 0
    leads: frozenset[str] = frozenset()
    oversees: bool = False


@dataclass(frozen=True)
class Parties:
    """Whom an appeal touches: the appellant, whoever gave the first answers, and the appellant's teams."""

    appellant: str
    first_raters: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


def objection(candidate: Candidate, parties: Parties) -> str:
    """Why this person may not decide: `appellant`, `first_rater`, `superior` (gains with the team); "" if nothing."""
    if candidate.number == parties.appellant:
        return "appellant"
    if candidate.number in parties.first_raters:
        return "first_rater"
    if candidate.leads & parties.teams:
        return "superior"
    return ""


def choose(candidates: Iterable[Candidate], parties: Parties) -> Candidate | None:
    """The independent one with the least work, ties by number.

    Leaders of other teams are asked where no inspector is left (their people compete with the appellant), overseers last.
    """
    free = [one for one in candidates if not objection(one, parties)]
    return min(free, key=lambda one: (one.oversees, bool(one.leads), one.waiting, one.number), default=None)


@dataclass(frozen=True)
class Ruling:
    """What an adjudicator says about one item; `answer` only where it is amended."""

    outcome: Outcome
    reason: str
    answer: str = ""


def ruling_issue(ruling: Ruling, *, first: str, claimed: str, answers: Iterable[str]) -> str:
    """What is wrong with a ruling by code; "" if it can stand."""
    if not ruling.reason.strip():
        return "reason_missing"
    if ruling.outcome != Outcome.AMEND:
        return ""
    if ruling.answer not in answers:
        return "answer_missing"
    return {first: "amended_to_first", claimed: "amended_to_claimed"}.get(ruling.answer, "")


def answer_after(ruling: Ruling, *, first: str, claimed: str) -> str:
    """The answer that holds from now on."""
    return {Outcome.UPHOLD: claimed, Outcome.DISMISS: first, Outcome.AMEND: ruling.answer}[ruling.outcome]


def best_precision(accusations: int, overturned: int) -> Decimal | None:
    """The share of rightful accusations if all that nobody overturned were rightful; None without accusations.

    Appealed verdicts are no random sample, so their own share would condemn sound checks; this bound never does.
    """
    return Decimal(accusations - overturned) / accusations if accusations > 0 else None


def stops_counting(precision: Decimal | None, reviewed: int, terms: Terms) -> bool:
    """Is a check's precision below the floor, on enough reviews to say so?"""
    return precision is not None and reviewed >= terms.least_reviewed and precision < terms.precision_floor
