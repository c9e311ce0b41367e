"""Who works in the demo department: teams, agents with known strengths and weaknesses, and their leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from bihuan.demo.names import GIVEN, SURNAMES

# what an agent does or fails to do in a contact; the generator knows the truth of each
ACTS: Final = (
    "greeting", "intro", "surname", "empathy", "restate", "identity", "ask_satisfied", "thanks", "contact_promise",
    "polite", "patient", "no_promise", "no_leak", "progress", "soothe", "record", "feedback", "follow_up", "solve",
)  # fmt: skip
COLUMN: Final = {act: index for index, act in enumerate(ACTS)}

# how often a middling agent does each; a person's own level shifts all of them
_USUAL: Final = {
    "greeting": 0.95, "intro": 0.88, "surname": 0.72, "empathy": 0.80, "restate": 0.74, "identity": 0.90,
    "ask_satisfied": 0.82, "thanks": 0.92, "contact_promise": 0.70, "polite": 0.985, "patient": 0.985,
    "no_promise": 0.975, "no_leak": 0.992, "progress": 0.82, "soothe": 0.88, "record": 0.84, "feedback": 0.86,
    "follow_up": 0.78, "solve": 0.965,
}  # fmt: skip

NEW_DAYS: Final = 180
NEW_SHARE: Final = 0.15
NEW_LEVEL: Final = 0.5  # by so much, on the scale of `level`, do the new ones do less well
NEW_SLOWER: Final = 0.15


@dataclass(frozen=True)
class Team:
    """A team, its share of the agents, the channels it serves and how much of the department's volume comes to it."""

    key: str
    name: str
    share: float
    channels: dict[str, float]
    topics: dict[str, float]


TEAMS: Final = (
    Team("presale", "售前组", 0.20, {"chat": 0.9, "social": 0.1}, {"product": 5, "compare": 3, "coupon": 2, "price": 1, "invoice": 1, "member": 1}),
    Team(
        "aftersale-1", "售后一组", 0.24, {"chat": 0.92, "email": 0.08}, {"refund": 4, "logistics": 4, "quality": 2, "invoice": 1, "price": 1}
    ),
    Team(
        "aftersale-2", "售后二组", 0.24, {"chat": 0.95, "social": 0.05}, {"logistics": 3, "quality": 3, "install": 3, "refund": 1, "fault": 2}
    ),
    Team("hotline", "电话组", 0.16, {"phone": 1.0}, {"logistics": 3, "refund": 2, "install": 2, "account": 2, "quality": 2, "fault": 2, "member": 1}),
    Team("social-mail", "社媒邮件组", 0.10, {"social": 0.55, "email": 0.45}, {"refund": 2, "quality": 2, "product": 2, "coupon": 2, "price": 1}),
    Team("complaints", "投诉专席", 0.06, {"phone": 0.4, "chat": 0.6}, {"complaint": 4, "refund": 3, "quality": 3}),
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One person of the department."""

    number: str
    name: str
    team: str
    post: str
    role: str
    joined: date

    def agent_class(self, on: date) -> str:
        """New for the first half year, then mature (S2-4 gives the two classes their volumes)."""
        return "new" if on < self.joined + timedelta(days=NEW_DAYS) else "mature"


@dataclass(frozen=True)
class Cast:
    """The department: `agents` serve; `leaders` supervise, inspect, train and manage."""

    agents: tuple[Member, ...]
    leaders: tuple[Member, ...]
    skill: npt.NDArray[np.float64]  # (agents, ACTS): probability of doing it well
    speed: npt.NDArray[np.float64]  # (agents,): factor on reply times, smaller is faster

    @cached_property
    def of_team(self) -> dict[str, npt.NDArray[np.int64]]:
        """Positions of each team's agents."""
        teams = np.array([agent.team for agent in self.agents])
        return {team.key: np.flatnonzero(teams == team.key) for team in TEAMS}

    @property
    def everybody(self) -> tuple[Member, ...]:
        return self.agents + self.leaders


def make_cast(agents: int, seed: int, end: date) -> Cast:
    """The same people for the same arguments; `end` dates how long everybody has been here."""
    rng = np.random.default_rng((seed, 1))
    sizes = _sizes(agents)
    members: list[Member] = []
    for team, size in zip(TEAMS, sizes, strict=True):
        members += [_agent(rng, 8001 + len(members) + i, team, end) for i in range(size)]
    is_new = np.array([member.agent_class(end) == "new" for member in members])
    level = rng.normal(0, 0.9, agents) - NEW_LEVEL * is_new
    usual = np.array([_USUAL[act] for act in ACTS])
    own = rng.normal(0, 0.6, (agents, len(ACTS)))
    logit = np.log(usual / (1 - usual)) + level[:, None] + own
    logit[_weak(agents, "no_leak", seed), COLUMN["no_leak"]] = 2.0
    logit[_weak(agents, "no_promise", seed), COLUMN["no_promise"]] = 1.2
    logit[_weak(agents, "polite", seed), COLUMN["polite"]] = 1.6
    speed = np.exp(rng.normal(0, 0.2, agents) - 0.1 * level + NEW_SLOWER * is_new)
    return Cast(tuple(members), _leaders(rng, end), 1 / (1 + np.exp(-logit)), speed)


def name_of(rng: np.random.Generator) -> str:
    return SURNAMES[rng.integers(len(SURNAMES))] + GIVEN[rng.integers(len(GIVEN))]


def _sizes(agents: int) -> list[int]:
    sizes = [max(1, round(agents * team.share)) for team in TEAMS]
    sizes[1] += agents - sum(sizes)
    return sizes


def _agent(rng: np.random.Generator, number: int, team: Team, end: date) -> Member:
    post = "complaint_specialist" if team.key == "complaints" else "representative"
    senior = rng.random() < 0.15
    served = rng.integers(40, NEW_DAYS) if rng.random() < NEW_SHARE else rng.integers(NEW_DAYS, 1800)
    joined = end - timedelta(days=int(served))
    return Member(str(number), name_of(rng), team.key, post, "senior_agent" if senior else "agent", joined)


def _weak(agents: int, act: str, seed: int) -> npt.NDArray[np.int64]:
    """A twentieth of the people are known to be weak at one thing: what the loop should find and mend."""
    rng = np.random.default_rng((seed, 2, COLUMN[act]))
    return rng.choice(agents, max(1, agents // 20), replace=False)


def _leaders(rng: np.random.Generator, end: date) -> tuple[Member, ...]:
    posts = [(f"70{i:02d}", team.key, "supervisor", "supervisor") for i, team in enumerate(TEAMS, 1)]
    posts += [(f"71{i:02d}", "", "inspector", "inspector") for i in range(1, 5)]
    posts += [
        ("7201", "", "trainer", "trainer"),
        ("7301", "", "technical_support", "technical_support"),
        ("7401", "", "manager", "customer_representative"),
        ("7500", "", "manager", "manager"),
        ("7600", "", "manager", "administrator"),
    ]
    return tuple(
        Member(number, name_of(rng), team, post, role, end - timedelta(days=int(rng.integers(900, 2400))))
        for number, team, post, role in posts
    )
