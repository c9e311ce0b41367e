"""Conversations that only just came out as they did: a script almost said, one condition of several not as wanted."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np

from bihuan.standards.checks.authored.definition import Definition, Likeness, Look, Words
from bihuan.standards.checks.authored.finding import Found, likeness
from bihuan.standards.checks.authored.judging import decided, names_in
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import Scan

_SEVERAL: Final = 2
MARGIN: Final = 0.15
"""How far below its threshold a script still counts as almost said: about every seventh pair of characters."""


@dataclass(frozen=True)
class Near:
    """One conversation and the condition it hangs on; where each of several would do, `conditions` are all of them.

    `alike` and `least` (0–1) of a script almost said. `seq` is the message where it was looked for or, with `start` and
    `end` in code points, where what should not stand there does; None where the place has no message.
    """

    contact_id: str
    conditions: tuple[str, ...]
    seq: int | None
    alike: float | None = None
    least: float | None = None
    start: int | None = None
    end: int | None = None


def near_scripts(scan: Scan, definition: Definition) -> list[Near]:
    """For every `like` whose truth is no: the likest message within MARGIN below its threshold, the likest first."""
    found = Found(scan, definition.conditions)
    near: list[Near] = []
    for name, look in definition.conditions.items():
        if isinstance(look, Look) and isinstance(look.what, Likeness):
            near += _almost_said(found, name, look, look.what)
    return sorted(near, key=lambda one: (-(one.alike or 0), one.contact_id))


def _almost_said(found: Found, name: str, look: Look, what: Likeness) -> Iterator[Near]:
    scan = found.scan
    rows = np.flatnonzero(found.region(look.place) & ~found.truth(name)[scan.contact])
    alike = likeness(scan, rows, what)
    close = (alike < what.least) & (alike >= what.least - MARGIN)
    best: dict[int, tuple[float, int]] = {}
    for row, score in zip(rows[close].tolist(), alike[close].tolist(), strict=True):
        contact = int(scan.contact[row])
        best[contact] = max(best.get(contact, (0.0, row)), (score, row), key=lambda one: one[0])
    for contact, (score, row) in best.items():
        yield Near(_id(scan, contact), (name,), int(scan.seq[row]), score, what.least)


def near_conditions(scan: Scan, definition: Definition, violated: Iterable[str]) -> list[Near]:
    """Of these violated conversations those that one condition less or more would make met, those first whose other
    conditions all came out as wanted.

    Where several fail, one of them only counts if something that is wanted was found: a conversation that holds nothing
    of what is asked for is not near, even if a single other word would do.
    """
    names = list(names_in(definition.met))
    if len(names) < _SEVERAL:
        return []
    found, wanted = Found(scan, definition.conditions), polarity(definition.met)
    ids, asked = scan.facts.ids, set(violated)
    true = np.array([found.truth(name) for name in names])
    as_wanted = np.array([true[at] if wanted[name] else ~true[at] for at, name in enumerate(names)])
    positive = np.array([true[at] if wanted[name] else np.zeros_like(true[at]) for at, name in enumerate(names)])
    failing = (~as_wanted).sum(axis=0)
    turned = np.array([decided(definition.met, _Turned(found, name))[0] for name in names]) & ~as_wanted
    near = turned.any(axis=0) & ((failing == 1) | positive.any(axis=0))
    places = [place for place in np.flatnonzero(near).tolist() if ids[place] in asked]
    places.sort(key=lambda place: int(failing[place]))
    return [_hanging(found, tuple(compress(names, turned[:, place].tolist())), place) for place in places]


def polarity(expression: str) -> dict[str, bool]:
    """Whether each name of the expression is to hold (anywhere in it) or only not to hold."""
    found: dict[str, bool] = {}

    def walk(node: ast.expr, wanted: bool) -> None:
        if isinstance(node, ast.Name):
            found[node.id] = found.get(node.id, False) or wanted
        elif isinstance(node, ast.UnaryOp):
            walk(node.operand, not wanted)
        elif isinstance(node, ast.BoolOp):
            for part in node.values:
                walk(part, wanted)

    walk(ast.parse(expression, mode="eval").body, True)
    return found


class _Turned(Found):
    """The same answers, but one condition the other way round."""

    def __init__(self, found: Found, name: str) -> None:
        super().__init__(found.scan, found.conditions)
        self._answers, self._name = found, name

    def truth(self, name: str) -> Flags:
        true = self._answers.truth(name)
        return ~true & ~self._answers.unknown(name) if name == self._name else true

    def unknown(self, name: str) -> Flags:
        return self._answers.unknown(name)


def _hanging(found: Found, names: tuple[str, ...], contact: int) -> Near:
    """Where the first of the conditions was hit, else where it was looked for."""
    name = names[0]
    scan, look = found.scan, found.conditions.get(name)
    id_ = _id(scan, contact)
    if not isinstance(look, Look):
        return Near(id_, names, None)
    rows = found.rows(name)
    hit = rows[scan.contact[rows] == contact]
    if not len(hit):
        place = np.flatnonzero(found.region(look.place) & (scan.contact == contact))
        return Near(id_, names, int(scan.seq[place[0]]) if len(place) else None)
    start, end = _span(found, look, int(hit[0]))
    return Near(id_, names, int(scan.seq[hit[0]]), start=start, end=end)


def _span(found: Found, look: Look, row: int) -> tuple[int, int]:
    """The words of the first pattern in the row; the whole message where the look has none."""
    scan = found.scan
    if isinstance(look.what, Words) and not look.what.none:
        for pattern in look.what.patterns:
            if scan.texts.say(pattern, scan.text_of[[row]])[0]:
                starts, ends = scan.spans(pattern, np.array([row]))
                return int(starts[0]), int(ends[0])
    return 0, int(scan.lengths[row])


def _id(scan: Scan, contact: int) -> str:
    return scan.facts.ids[contact]
