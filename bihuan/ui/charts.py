"""Charts as declarations: what is to be shown, not how. `chart.js` draws them; the table beside shows the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bihuan.ui import formats
from bihuan.ui.figures import Number
from bihuan.ui.values import language

Values = Sequence[Number | None]


def in_brackets(unit: str) -> str:
    """A unit behind a name, in the brackets of the reader's writing."""
    if not unit:
        return ""
    return f"（{unit}）" if language() == "zh" else f" ({unit})"


def _plain(values: Values) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


@dataclass(frozen=True)
class Panel:
    """One message: a line with its interval as a band, or bars from zero. A target is a dashed line named in the title.

    `kind` line or bar; `better` up or down tells on which side of the target a point is marked; `decimals` of its labels;
    `floor` and `ceiling` fix the axis (bars always start at 0).
    """

    name: str
    values: Values
    kind: str = "line"
    unit: str = ""
    low: Values = ()
    high: Values = ()
    target: Number | None = None
    better: str = "up"
    decimals: int = 1
    floor: Number | None = None
    ceiling: Number | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "unit": self.unit,
            "values": _plain(self.values),
            "low": _plain(self.low),
            "high": _plain(self.high),
            "target": None if self.target is None else float(self.target),
            "title": self.title,
            "better": self.better,
            "decimals": self.decimals,
            "floor": None if self.floor is None else float(self.floor),
            "ceiling": None if self.ceiling is None else float(self.ceiling),
        }

    @property
    def title(self) -> str:
        """Name, unit and target in one line, so that no legend is needed."""
        head = f"{self.name}{in_brackets(self.unit)}"
        if self.target is None:
            return head
        sign = "≥" if self.better == "up" else "≤"
        places = None if float(self.target).is_integer() else self.decimals
        return f"{head} ┄ {gettext('target')} {sign} {formats.number(self.target, 0 if places is None else places)}"


@dataclass(frozen=True)
class Series:
    """One or more panels over the same steps (days, hours, teams)."""

    name: str
    title: str
    steps: Sequence[str]
    panels: Sequence[Panel]
    summary: str
    step_label: str = ""

    def to_json(self, lang: str) -> dict[str, Any]:
        panels = [panel.to_json() for panel in self.panels]
        return {"kind": "series", "steps": list(self.steps), "panels": panels, "table": self.table()}

    def table(self) -> dict[str, Any]:
        """Head and rows of the same numbers."""
        head = [self.step_label or gettext("Step")]
        columns: list[list[str]] = [list(self.steps)]
        for panel in self.panels:
            head.append(f"{panel.name} {panel.unit}".strip())
            columns.append([formats.number(value, panel.decimals) for value in panel.values])
            if panel.low:
                head.append(gettext("Interval"))
                pairs = zip(panel.low, panel.high, strict=True)
                columns.append([formats.interval(low, high, panel.decimals) for low, high in pairs])
        return {"head": head, "rows": [list(row) for row in zip(*columns, strict=True)]}


@dataclass(frozen=True)
class Bin:
    """From `start` up to `end` lie `count`; `label` is how the step reads."""

    label: str
    count: int


@dataclass(frozen=True)
class Histogram:
    """A distribution: bars from zero, marks (median, P90, target) as `{bin place: text}`."""

    name: str
    title: str
    bins: Sequence[Bin]
    summary: str
    unit: str = ""
    marks: Sequence[tuple[int, str]] = ()

    def to_json(self, lang: str) -> dict[str, Any]:
        return {
            "kind": "histogram",
            "steps": [step.label for step in self.bins],
            "counts": [step.count for step in self.bins],
            "marks": [{"place": place, "text": text} for place, text in self.marks],
            "title": f"{gettext('Count')}{in_brackets(self.unit)}",
            "table": self.table(),
        }

    def table(self) -> dict[str, Any]:
        total = sum(step.count for step in self.bins) or 1
        rows = [[step.label, formats.number(step.count), formats.share(step.count / total)] for step in self.bins]
        return {"head": [gettext("Step"), gettext("Count"), gettext("Share")], "rows": rows}


@dataclass(frozen=True)
class Heat:
    """How much in each cell of rows × steps (weekdays × half-hours): the darker, the more; None is no measurement."""

    name: str
    title: str
    rows: Sequence[str]
    steps: Sequence[str]
    cells: Sequence[Values]
    summary: str
    unit: str = ""
    decimals: int = 1
    step_label: str = ""

    def to_json(self, lang: str) -> dict[str, Any]:
        cells = [_plain(row) for row in self.cells]
        most = max((value for row in cells for value in row if value is not None), default=0.0)
        shown = {"rows": list(self.rows), "steps": list(self.steps), "cells": cells, "most": most}
        return {"kind": "heat", **shown, "unit": self.unit, "decimals": self.decimals, "table": self.table()}

    def table(self) -> dict[str, Any]:
        """A row per step, a column per row of the drawing: half-hours are many, weekdays are seven."""
        head = [self.step_label or gettext("Step"), *self.rows]
        columns = [[formats.number(value, self.decimals) for value in row] for row in self.cells]
        return {"head": head, "rows": [[step, *values] for step, *values in zip(self.steps, *columns, strict=True)]}


@dataclass(frozen=True)
class Rung:
    """Somebody's value with its interval; `unsure`: it cannot be told apart from the cut."""

    label: str
    value: Number
    low: Number | None = None
    high: Number | None = None
    unsure: bool = False


@dataclass(frozen=True)
class Ladder:
    """Values in their order, each with its interval as a bar; hollow dots cannot be told apart from the cut. `cut` draws
    the dashed line behind that many, with `cut_text` beside it."""

    name: str
    title: str
    rungs: Sequence[Rung]
    summary: str
    value_label: str
    cut: int | None = None
    cut_text: str = ""
    decimals: int = 1

    def to_json(self, lang: str) -> dict[str, Any]:
        points = [
            {
                "value": float(one.value),
                "low": _plain([one.low])[0],
                "high": _plain([one.high])[0],
                "unsure": one.unsure,
            }
            for one in self.rungs
        ]
        drawn = {"steps": [one.label for one in self.rungs], "points": points, "decimals": self.decimals}
        told = {"title": self.value_label, "cut": self.cut, "cut_text": self.cut_text}
        return {"kind": "ladder", **drawn, **told, "table": self.table()}

    def table(self) -> dict[str, Any]:
        head = [gettext("Name"), self.value_label, gettext("Interval")]
        rows = [
            [one.label, formats.number(one.value, self.decimals), formats.interval(one.low, one.high, self.decimals)]
            for one in self.rungs
        ]
        return {"head": head, "rows": rows}


@dataclass(frozen=True)
class Move:
    """Somebody's rank and score before and after; `lit` for those the message is about."""

    label: str
    before: int
    after: int
    before_value: str = ""
    after_value: str = ""
    lit: bool = False


@dataclass(frozen=True)
class Slope:
    """Ranks before and after; `cut` draws the dashed line below that rank."""

    name: str
    title: str
    before: str
    after: str
    moves: Sequence[Move]
    summary: str
    cut: int | None = None

    def to_json(self, lang: str) -> dict[str, Any]:
        moves = [vars(move) for move in self.moves]
        ends = {"before": self.before, "after": self.after, "cut": self.cut}
        return {"kind": "slope", "moves": moves, **ends, "table": self.table()}

    def table(self) -> dict[str, Any]:
        head = [gettext("Name"), self.before, self.after, gettext("Change")]
        rows = [[m.label, *_ranks(m), formats.signed(m.before - m.after)] for m in self.moves]
        return {"head": head, "rows": rows}


def _ranks(move: Move) -> list[str]:
    return [f"{move.before} {move.before_value}".strip(), f"{move.after} {move.after_value}".strip()]
