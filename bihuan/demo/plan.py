"""What happens in each contact of a day, drawn for the whole day at once: who, when, how well, with what end.

A day is a function of (seed, date) alone, so days can be made in any order, on any number of processes, and again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from bihuan.demo.cast import ACTS, COLUMN, TEAMS, Cast
from bihuan.demo.pace import arrivals, load, volume

CHANNELS: Final = ("phone", "chat", "email", "social")
TOPICS: Final = (
    "product", "coupon", "invoice", "account", "refund", "logistics", "quality", "install", "complaint",
    "fault", "price", "member", "compare",
)  # fmt: skip
CUSTOMERS_PER_AGENT: Final = 600
REGULARS_SHARE: Final = 0.08  # of contacts come from a small circle of regulars
REGULARS: Final = 20  # they are one in so many customers
REPEAT_WITHIN: Final = 4  # days within which an unsolved matter comes back
QUEUE_SECONDS: Final = 7.0
PATIENCE_SECONDS: Final = 160.0
REOPENED_SHARE: Final = 0.2  # of the returning customers go on in the old contact
SURVEYED_SHARE: Final = 0.96  # of the contacts end with the question how it was
ANSWERING_SHARE: Final = 0.31  # of those who were asked answer
TRANSFERRED_SHARE: Final = 0.03

_NEGATIVE: Final = dict(
    zip(TOPICS, (0.04, 0.08, 0.10, 0.12, 0.30, 0.32, 0.36, 0.22, 0.96, 0.20, 0.24, 0.12, 0.02), strict=True)
)
_CROSS_DEPARTMENT: Final = dict(
    zip(TOPICS, (0.02, 0.03, 0.08, 0.10, 0.16, 0.16, 0.14, 0.16, 0.40, 0.18, 0.06, 0.05, 0.01), strict=True)
)
_ACCOUNT_DATA: Final = dict(
    zip(TOPICS, (0.0, 0.1, 0.3, 0.9, 0.4, 0.2, 0.15, 0.3, 0.2, 0.1, 0.3, 0.5, 0.0), strict=True)
)


@dataclass(frozen=True)
class Plan:
    """Columns over the contacts of one day, in order of arrival; `acts` is (contacts, ACTS)."""

    opened_s: npt.NDArray[np.int64]
    team: npt.NDArray[np.int64]
    agent: npt.NDArray[np.int64]
    channel: npt.NDArray[np.int64]
    topic: npt.NDArray[np.int64]
    customer: npt.NDArray[np.int64]
    named: npt.NDArray[np.bool_]
    negative: npt.NDArray[np.bool_]
    cross: npt.NDArray[np.bool_]
    account: npt.NDArray[np.bool_]
    level: npt.NDArray[np.int64]
    queue_s: npt.NDArray[np.float64]
    abandoned: npt.NDArray[np.bool_]
    rings: npt.NDArray[np.int64]
    first_reply_s: npt.NDArray[np.float64]
    pace: npt.NDArray[np.float64]
    rounds: npt.NDArray[np.int64]
    acts: npt.NDArray[np.bool_]
    solved: npt.NDArray[np.bool_]
    vanished: npt.NDArray[np.bool_]
    test: npt.NDArray[np.bool_]
    repeat: npt.NDArray[np.bool_]
    returns_after: npt.NDArray[np.int64]
    rating: npt.NDArray[np.int64]
    nps: npt.NDArray[np.int64]
    complains: npt.NDArray[np.bool_]
    surveyed: npt.NDArray[np.bool_]
    transferred: npt.NDArray[np.bool_]
    serial: npt.NDArray[np.int64]  # place among the day's fresh contacts, or among those that came back
    back: npt.NDArray[np.int64]  # days since the contact this one continues, 0 for a fresh one
    parent: npt.NDArray[np.int64]  # serial of that contact where it was opened again, −1 elsewhere

    def __len__(self) -> int:
        return len(self.opened_s)

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Plan:
        return Plan(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class _Arrived:
    """Who comes in with what, before anybody has served them."""

    opened: npt.NDArray[np.int64]
    team: npt.NDArray[np.int64]
    channel: npt.NDArray[np.int64]
    topic: npt.NDArray[np.int64]
    customer: npt.NDArray[np.int64]
    back: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """The size of the world and its seed; `more_rounds` lengthens every talk by so many questions and answers."""

    agents: int = 60
    scale: float = 1.0
    seed: int = 7
    more_rounds: int = 0


def plan_day(day: date, cast: Cast, rules: Rules) -> Plan:
    """Fresh contacts of the day and those that come back because an earlier day left them unsolved."""
    plans = [_fresh(day, cast, rules)]
    for back in range(1, REPEAT_WITHIN + 1):
        earlier = _fresh(day - timedelta(days=back), cast, rules)
        due = earlier.take(earlier.returns_after == back)
        plans.append(_again(due, np.random.default_rng((rules.seed, day.toordinal(), back)), cast, day, back))
    joined = Plan(
        **{field.name: np.concatenate([getattr(plan, field.name) for plan in plans]) for field in fields(Plan)}
    )
    longer = replace(joined, rounds=joined.rounds + rules.more_rounds)
    return longer.take(np.argsort(joined.opened_s, kind="stable"))


def _fresh(day: date, cast: Cast, rules: Rules) -> Plan:
    rng = np.random.default_rng((rules.seed, day.toordinal()))
    n = volume(day, rules.agents, rules.scale, rng)
    opened = arrivals(n, rng)
    weights = np.array([len(cast.of_team[team.key]) for team in TEAMS], dtype=float)
    team = rng.choice(len(TEAMS), n, p=weights / weights.sum())
    customers = rules.agents * CUSTOMERS_PER_AGENT
    customer = rng.integers(0, np.where(rng.random(n) < REGULARS_SHARE, customers // REGULARS, customers))
    topic = _choose(rng, team, [t.topics for t in TEAMS], TOPICS)
    channel = _choose(rng, team, [t.channels for t in TEAMS], CHANNELS)
    fresh = _Arrived(opened, team, channel, topic, customer, np.zeros(n, np.int64), np.full(n, -1))
    return _lived(rng, cast, day, fresh)


def _again(due: Plan, rng: np.random.Generator, cast: Cast, day: date, back: int) -> Plan:
    """What an earlier day left unsolved; some customers answer in the old contact, which opens it again."""
    n = len(due)
    opened = arrivals(n, rng)
    parent = np.where((rng.random(n) < REOPENED_SHARE) & ~due.abandoned, due.serial, -1)
    return _lived(
        rng, cast, day, _Arrived(opened, due.team, due.channel, due.topic, due.customer, np.full(n, back), parent)
    )


def _lived(rng: np.random.Generator, cast: Cast, day: date, arrived: _Arrived) -> Plan:
    """Draw how the contacts go. Order of the draws is part of the world: append new ones at the end."""
    opened, team, channel, topic = arrived.opened, arrived.team, arrived.channel, arrived.topic
    n, repeat = len(opened), arrived.back > 0
    agent = _on_duty(rng, cast, day, team)
    acts = rng.random((n, len(ACTS))) < cast.skill[agent]
    negative = rng.random(n) < np.minimum(0.98, _by_topic(_NEGATIVE, topic) * np.where(repeat, 1.8, 1.0))
    phone, mail = channel == 0, channel == 2
    cross = (rng.random(n) < _by_topic(_CROSS_DEPARTMENT, topic)) & ~mail
    pressure = load(day) * (1 + 0.5 * np.isin(opened // 3600, (10, 11, 14, 15)))
    queue = rng.exponential(QUEUE_SECONDS * pressure) * np.where(mail, 0, 1)
    abandoned = (queue > rng.exponential(PATIENCE_SECONDS, n)) & ~mail
    speed = cast.speed[agent]
    first = np.where(phone, 0.0, rng.lognormal(2.45, 0.5, n) * speed * (0.8 + 0.2 * pressure))
    first = np.where(mail, rng.lognormal(9.0, 0.7, n) * speed, first)
    level = np.where(cross, 3, np.where(negative & (rng.random(n) < 0.5), 2, 1))
    level = np.where(topic == TOPICS.index("complaint"), np.maximum(level, 2), level)
    solved = acts[:, COLUMN["solve"]] & (rng.random(n) > np.where(level == 1, 0.02, 0.12)) & ~abandoned
    vanished = (rng.random(n) < 0.07) & ~abandoned & ~mail
    rating = _ratings(rng, acts, solved, negative, repeat, queue)
    complaint = topic == TOPICS.index("complaint")
    return Plan(
        opened_s=opened,
        team=team,
        agent=agent,
        channel=channel,
        topic=topic,
        customer=arrived.customer,
        named=(arrived.customer % 10) < 8,
        negative=negative,
        cross=cross,
        account=rng.random(n) < _by_topic(_ACCOUNT_DATA, topic),
        level=level,
        queue_s=queue,
        abandoned=abandoned,
        rings=np.where(phone, 1 + rng.poisson(0.75 * np.sqrt(pressure)), 0),
        first_reply_s=first,
        pace=speed,
        rounds=rng.poisson(1.4, n),
        acts=acts,
        solved=solved,
        vanished=vanished,
        test=(rng.random(n) < 0.012) & ~complaint,
        repeat=repeat,
        returns_after=np.where(~solved & (rng.random(n) < 0.5), rng.integers(1, REPEAT_WITHIN + 1, n), 0),
        rating=np.where(abandoned, 0, rating),
        nps=np.where(
            (rating > 0) & (rng.random(n) < 0.3), np.clip(np.rint(rating * 2 + rng.normal(0, 0.8, n)), 0, 10), -1
        ),
        complains=(complaint | (negative & ~solved & (rng.random(n) < 0.035))) & ~abandoned,
        surveyed=(rng.random(n) < SURVEYED_SHARE) & ~abandoned,
        transferred=(rng.random(n) < TRANSFERRED_SHARE) & ~abandoned & ~mail,
        serial=np.arange(n),
        back=arrived.back,
        parent=arrived.parent,
    )


def _ratings(
    rng: np.random.Generator,
    acts: npt.NDArray[np.bool_],
    solved: npt.NDArray[np.bool_],
    negative: npt.NDArray[np.bool_],
    repeat: npt.NDArray[np.bool_],
    queue: npt.NDArray[np.float64],
) -> npt.NDArray[np.int64]:
    """Answers of the share that answers (S2-11), 0 for the others: the solution counts most, then the tone."""
    warm = acts[:, [COLUMN["empathy"], COLUMN["patient"], COLUMN["ask_satisfied"]]].sum(axis=1)
    mood = 3.2 + 1.3 * solved + 0.35 * warm - 1.1 * negative - 0.9 * repeat - (queue > 90) * 0.5
    answers = np.clip(np.rint(mood + rng.normal(0, 0.7, len(mood))), 1, 5)
    return np.where(rng.random(len(mood)) < ANSWERING_SHARE, answers, 0).astype(np.int64)


def _on_duty(rng: np.random.Generator, cast: Cast, day: date, team: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """An agent of the team who works that day (five days on, two off, shifted from person to person)."""
    agent = np.empty(len(team), np.int64)
    for index, one in enumerate(TEAMS):
        mine = cast.of_team[one.key]
        working = mine[(mine + day.toordinal()) % 7 < 5]
        rows = team == index
        agent[rows] = rng.choice(working if len(working) else mine, int(rows.sum()))
    return agent


def _choose(
    rng: np.random.Generator, team: npt.NDArray[np.int64], shares: list[dict[str, float]], names: tuple[str, ...]
) -> npt.NDArray[np.int64]:
    chosen = np.empty(len(team), np.int64)
    for index, share in enumerate(shares):
        rows = team == index
        weights = np.array(list(share.values()), dtype=float)
        codes = np.array([names.index(name) for name in share])
        chosen[rows] = rng.choice(codes, int(rows.sum()), p=weights / weights.sum())
    return chosen


def _by_topic(values: dict[str, float], topic: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.array([values[name] for name in TOPICS])[topic]
