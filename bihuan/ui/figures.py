"""What the drawn components are given: frozen values, already counted; geometry is worked out here, not in templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from bihuan.ui import formats

Number = Decimal | int | float


@dataclass(frozen=True)
class Target:
    """Whether a target is met. `met` None: nothing to judge; `sure` False: the interval includes the target."""

    text: str
    met: bool | None = None
    sure: bool = True
    word: str = ""


@dataclass(frozen=True)
class FigureCard:
    """One figure with all that makes it honest. `value`, `unit`, `interval` are text (see `formats.amount`)."""

    name: str
    value: str
    unit: str = ""
    n: str = ""
    url: str = ""
    change: str = ""
    change_up: bool | None = None
    change_tone: str = ""  # met, bad or nothing
    target: Target | None = None
    trend: Sequence[Number | None] = ()
    goal: Number | None = None
    interval: str = ""
    note: str = ""
    reason: str = ""
    provisional: bool = False  # time may still change it

    @property
    def missing(self) -> bool:
        return self.value == formats.MISSING


@dataclass(frozen=True)
class Scale:
    """From figures to pixels: `low` lies at `start`, `high` at `end`; what is outside stays at the edge."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: Number) -> float:
        span = self.high - self.low or 1.0
        inside = min(max((float(value) - self.low) / span, 0.0), 1.0)
        return round(self.start + inside * (self.end - self.start), 1)


@dataclass(frozen=True)
class Sparkline:
    """A trend without axes; gaps stay gaps. `scale` (low, high) is given where a column must be comparable."""

    values: Sequence[Number | None]
    goal: Number | None = None
    width: int = 160
    height: int = 28
    scale: tuple[Number, Number] | None = None

    @cached_property
    def _vertical(self) -> Scale:
        known = [float(v) for v in (*self.values, self.goal) if v is not None] or [0.0]
        low, high = map(float, self.scale) if self.scale else (min(known), max(known))
        return Scale(low, high if high > low else low + 1, self.height - 3, 3)

    @cached_property
    def lines(self) -> list[str]:
        """Points of each unbroken stretch, ready for `<polyline points>`."""
        across = Scale(0, max(len(self.values) - 1, 1), 3, self.width - 3)
        runs: list[list[str]] = [[]]
        for place, value in enumerate(self.values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(f"{across.at(place)},{self._vertical.at(value)}")
        return [" ".join(run) for run in runs if run]

    @property
    def goal_y(self) -> float | None:
        return None if self.goal is None else self._vertical.at(self.goal)


@dataclass(frozen=True)
class Whisker:
    """An interval on the scale of its column: bar low to high, dot at the value, dashed tick at the target."""

    value: Number | None
    low: Number | None
    high: Number | None
    scale_low: Number
    scale_high: Number
    target: Number | None = None
    unsure: bool = False
    decimals: int = 1
    width: int = 96

    @cached_property
    def _across(self) -> Scale:
        return Scale(float(self.scale_low), float(self.scale_high), 6, self.width - 6)

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def dot_x(self) -> float:
        return self._across.at(self.value or 0)

    @property
    def bar_x(self) -> float:
        return self._across.at(self.value or 0 if self.low is None else self.low)

    @property
    def bar_width(self) -> float:
        end = self._across.at(self.value or 0 if self.high is None else self.high)
        return round(max(end - self.bar_x, 1.0), 1)

    @property
    def tick_x(self) -> float | None:
        return None if self.target is None else self._across.at(self.target)

    @property
    def text(self) -> str:
        """The numbers, for screen readers and the tooltip."""
        return f"{formats.number(self.value, self.decimals)} ({formats.interval(self.low, self.high, self.decimals)})"


@dataclass(frozen=True)
class Part:
    """One term of a total: `weight` decides the width, `reached` (0–1, None = not applicable) how much is filled."""

    label: str
    weight: Number
    reached: Number | None
    x: float = 0
    width: float = 0
    filled: float = 0


@dataclass(frozen=True)
class Parts:
    """Terms of a total side by side, so that each gap is what was lost."""

    terms: Sequence[Part]
    width: int = 88
    parts: list[Part] = field(init=False)

    def __post_init__(self) -> None:
        total = float(sum(Decimal(str(term.weight)) for term in self.terms)) or 1.0
        room = self.width - max(len(self.terms) - 1, 0)
        placed, x = [], 0.0
        for term in self.terms:
            width = float(term.weight) / total * room
            filled = width * min(max(float(term.reached or 0), 0.0), 1.0)
            placed.append(Part(term.label, term.weight, term.reached, round(x, 1), round(width, 1), round(filled, 1)))
            x += width + 1
        object.__setattr__(self, "parts", placed)


@dataclass(frozen=True)
class Tab:
    """One tab: an address, whether it is the open one, and how many things are behind it."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Timing:
    """One box of a strip: label with its target, value, mark and remark."""

    label: str
    value: str
    target: Target | None = None
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Choice:
    """One pick list of the filter bar; the first option usually is everything ("", "全部")."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str = ""


@dataclass(frozen=True)
class Preset:
    """A ready period of the filter bar, from and to as ISO days."""

    label: str
    start: str
    end: str
    current: bool = False


@dataclass(frozen=True)
class FilterBar:
    """The filters of a page; all of them live in the query string. `start`/`end` empty: the page has no period."""

    presets: Sequence[Preset] = ()
    choices: Sequence[Choice] = ()
    start: str = ""
    end: str = ""
    kept: Sequence[tuple[str, str]] = ()  # other parameters the form must not lose
