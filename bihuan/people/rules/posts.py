"""Posts (S1-1) and the ladder (S4-16), as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Post:
    """A post of the department. `handles` are the kinds of work that reach it; `steps` the ladder steps held in it."""

    key: str
    zh: str
    en: str
    handles: frozenset[str]
    steps: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Step:
    """A step of the ladder; `rank` counts from 1 at its foot."""

    key: str
    zh: str
    en: str
    rank: int
    source: str


LADDER: Final = (
    Step("agent", "坐席", "Agent", 1, "S4-16"),
    Step("senior_agent", "资深坐席", "Senior agent", 2, "S4-16"),
    Step("supervisor", "主管", "Supervisor", 3, "S4-16"),
    Step("trainer", "培训讲师", "Trainer", 4, "S4-16"),
)
STEPS: Final[Mapping[str, Step]] = {step.key: step for step in LADDER}

_FLOOR: Final = ("agent", "senior_agent")

POSTS: Final[Mapping[str, Post]] = {
    post.key: post
    for post in (
        Post(
            "representative",
            "一线客服代表",
            "Front-line representative",
            frozenset({"enquiry", "order", "simple_complaint"}),
            _FLOOR,
            "S1-1",
        ),
        Post("technical_support", "技术支持", "Technical support", frozenset({"technical"}), _FLOOR, "S1-1"),
        Post(
            "complaint_specialist",
            "投诉处理专员",
            "Complaint specialist",
            frozenset({"complex_complaint", "escalated_complaint"}),
            _FLOOR,
            "S1-1",
        ),
        Post(
            "supervisor",
            "主管",
            "Supervisor",
            frozenset({"oversight", "appraisal", "hard_case"}),
            ("supervisor",),
            "S1-1",
        ),
        Post("manager", "经理", "Manager", frozenset({"oversight", "appraisal", "hard_case"}), (), "S1-1"),
        Post("inspector", "质检专员", "Inspector", frozenset({"inspection"}), (), "S3-2"),
        Post("trainer", "培训讲师", "Trainer", frozenset({"training"}), ("trainer",), "S4-16"),
    )
}


def issue_of(post: str, step: str) -> str:
    """Why this post and ladder step do not go together: `unknown_post`, `unknown_step`, `step_not_in_post`; "" if fine.

    An empty step stands for a post outside the ladder's reach, or a step not yet decided.
    """
    if post not in POSTS:
        return "unknown_post"
    if step and step not in STEPS:
        return "unknown_step"
    if step and step not in POSTS[post].steps:
        return "step_not_in_post"
    return ""


def next_step(step: str) -> Step | None:
    """The step above; the foot of the ladder for an empty one, None at its top."""
    rank = STEPS[step].rank if step else 0
    return next((candidate for candidate in LADDER if candidate.rank == rank + 1), None)


def post_for(step: str, post: str) -> str:
    """The post a promotion to `step` leads to: the present one where it has that step, else the post of that step."""
    if step in POSTS[post].steps:
        return post
    return next(candidate.key for candidate in POSTS.values() if step in candidate.steps)
