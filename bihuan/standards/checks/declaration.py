"""What a check is: where to look for which words or times, how to decide, and its own examples.

A declaration is data. `engine.py` reads every kind the same way; a check whose rule is more than "these words, there"
gives an `evaluate` hook that works on columns (see `README.md` beside this file).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from bihuan.standards.checks.phrases import Pattern

if TYPE_CHECKING:
    from bihuan.standards.checks.answer import Answer
    from bihuan.standards.checks.scan import Scan

Role = Literal["agent", "customer"]
Verdict = Literal["met", "violated", "not_applicable", "cannot_tell"]
VERDICTS: Final[tuple[Verdict, ...]] = ("met", "violated", "not_applicable", "cannot_tell")


@dataclass(frozen=True)
class Look:
    """Words looked for in the messages of one role, within bounds.

    `first`/`last` count messages of that role from the start or the end of the contact; a string names a parameter.
    """

    pattern: str | None  # None: every message in the bounds
    role: Role = "agent"
    first: int | str | None = None
    last: int | str | None = None


@dataclass(frozen=True)
class Reason:
    """One outcome of a check: its verdict and the sentence a person reads; `{name}` is filled from the reason's values."""

    verdict: Verdict
    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """When `when` holds and no earlier rule did, the contact gets `reason`.

    `when` is a boolean expression over look names and flags of `flags.py` (`and`, `or`, `not`, brackets; "true").
    `show` names looks whose first hit is the evidence; `searched` a look whose messages are shown as searched in vain.
    """

    when: str
    reason: str
    show: tuple[str, ...] = ()
    searched: str | None = None


@dataclass(frozen=True)
class Example:
    """A conversation in the form of `bihuan check`, and the verdict (and reason) it must get."""

    verdict: Verdict
    contact: Mapping[str, Any]
    reason: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A declared check. Either `looks` and `rules`, or `evaluate`; `params` are defaults an edition may override."""

    id: str
    label: Mapping[str, str]
    sources: tuple[str, ...]
    reasons: Mapping[str, Reason]
    looks: Mapping[str, Look] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    evaluate: Callable[[Scan, Answer], None] | None = None
    patterns: tuple[str, ...] = ()  # patterns used by `evaluate`; those of looks are known
    targets: tuple[str, ...] = ()  # metrics whose targets `evaluate` asks the edition for
    numbers: tuple[str, ...] = ()  # numbers of the edition, by path, that `evaluate` asks for
    own_patterns: tuple[Pattern, ...] = ()  # wording that comes with the check itself: an edition's own check
    params: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def pattern_names(self) -> set[str]:
        """Every pattern this check may ask the scan for."""
        own = {pattern.name for pattern in self.own_patterns}
        return own | set(self.patterns) | {look.pattern for look in self.looks.values() if look.pattern is not None}


def dialogue(*lines: str, **contact: Any) -> dict[str, Any]:
    """A conversation for examples, one line per message: "A: …" agent, "C: …" customer, "B: …" bot, "S: …" system.

    A number after the letter is the second it was sent at: "A12: …". Keywords are fields of the contact.
    """
    senders = {"A": "agent", "C": "customer", "B": "bot", "S": "system"}
    messages = []
    for line in lines:
        head, _, text = line.partition(":")
        at = f"2026-03-02T09:{int(head[1:]) // 60:02d}:{int(head[1:]) % 60:02d}+08:00" if head[1:] else None
        messages.append({"at": at, "sender": senders[head[0]], "sender_id": head[0], "text": text.removeprefix(" ")})
    return {"channel": "chat", **contact, "messages": messages}
