"""The language of authored checks as frozen values; `docs/EDITIONS.md` describes it, the JSON Schema of editions guards it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bihuan.standards.checks.declaration import Role

Speaker = Literal[Role, "bot", "system", "anybody"]


@dataclass(frozen=True)
class Place:
    """Where a look searches. Positions count messages of the speaker, from 1; `until` is included.

    `after`/`before` name another look: only messages later or earlier than its `nth` hit count, at most `messages` (of
    anybody) and `seconds` away where given; −1 is its last hit.
    """

    speaker: Speaker = "agent"
    since: int | None = None
    until: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None
    nth: int = 1
    messages: int | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Words:
    """Messages that hold some (`least` of them) or none of the words; `patterns` are theirs in the lexicon, one a word,
    or the names of shipped wordings.

    Where `together` is false the words may stand in different messages of the place.
    """

    patterns: tuple[str, ...]
    least: int
    none: bool = False
    together: bool = True


@dataclass(frozen=True)
class Likeness:
    """Messages as like one of the scripts as `least` (0 to 1): by the share of its pairs of neighbouring characters that
    they hold, or, `by` meaning, by the cosine of their sentence vectors."""

    scripts: tuple[str, ...]
    least: float
    by: Literal["letters", "meaning"] = "letters"


@dataclass(frozen=True)
class Repetition:
    """Messages said for the `times`-th time or later by the same speaker in the same conversation."""

    times: int


@dataclass(frozen=True)
class Anything:
    """Every message of the place."""


@dataclass(frozen=True)
class Look:
    """What is looked for and where; true of a conversation that has at least `times` such messages."""

    what: Words | Likeness | Repetition | Anything
    place: Place = Place()
    times: int = 1


@dataclass(frozen=True)
class Fact:
    """True of a conversation whose field is one of the values, or lies between the bounds (both included).

    Numbers are in the field's own unit: µs for times, as stored for the rest. Not known is neither true nor false.
    """

    field: str
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Gap:
    """How far a step may lie behind the one before it; no bound where None."""

    messages: int | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Steps:
    """True of a conversation where the looks are hit in this order, each in the message of the one before or later, within
    its gap of it. `gaps` has one entry a look; the first step has nothing before it."""

    looks: tuple[str, ...]
    gaps: tuple[Gap, ...]


Condition = Look | Fact | Steps


@dataclass(frozen=True)
class Definition:
    """Conditions by name, and the expressions over them and the common flags that decide, in this order.

    `unsure` → cannot tell, `spared` → not applicable, then `met`: whoever is left is met where it holds, else violated.
    """

    conditions: Mapping[str, Condition] = field(default_factory=dict)
    met: str = ""
    spared: str = ""
    unsure: str = ""
    without_agent: bool = False
