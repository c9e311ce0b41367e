"""Decides by a definition's expressions; every verdict shows the messages that decided it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.authored.definition import Definition, Fact, Look, Steps, Words
from bihuan.standards.checks.authored.finding import Found
from bihuan.standards.checks.authored.timing import TIMINGS
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import AGENT, Scan

MISSING: Final = "missing_"
NO_ENCODER: Final = "no_encoder"
UNKNOWN: Final = "field_unknown"


def judge_by(definition: Definition) -> Callable[[Scan, Answer], None]:
    """The function that judges batches by the definition."""

    def judge(scan: Scan, answer: Answer) -> None:
        found = Found(scan, definition.conditions)
        if not definition.without_agent:
            answer.settle(scan.once("no_agent", FLAGS["no_agent"]), "no_agent_message")
        for expression, code in ((definition.unsure, "cannot_tell"), (definition.spared, "not_applicable")):
            if expression and answer.open.any():
                true, false = decided(expression, found)
                if (true & answer.open).any():
                    answer.settle(true, code, *_shown(expression, found))
                if _is_blind(expression, found):
                    answer.settle(~false, NO_ENCODER)
                answer.settle(~true & ~false, UNKNOWN)
        if answer.open.any():
            _settle_verdict(definition, answer, found)

    return judge


def _settle_verdict(definition: Definition, answer: Answer, found: Found) -> None:
    met, violated = decided(definition.met, found)
    evidence = (*_shown(definition.met, found), *_searched(definition.met, found))
    answer.settle(met, "met", *evidence)
    answer.settle(~violated, NO_ENCODER if _is_blind(definition.met, found) else UNKNOWN, *evidence)
    for name in names_in(definition.met):
        condition = definition.conditions.get(name)
        if isinstance(condition, Steps):
            _settle_missing(condition, name, answer, found)
    answer.settle(answer.open, "violated", *evidence)


def _is_blind(expression: str, found: Found) -> bool:
    return any(found.is_blind(name) for name in names_in(expression))


def _settle_missing(steps: Steps, name: str, answer: Answer, found: Found) -> None:
    """Names the first step that is missing, late or out of order, and shows the steps before it."""
    done: list[Shown] = []
    for look, rows in zip(steps.looks, found.reached(name), strict=True):
        absent = ~found.scan.any(rows)
        answer.settle(absent, f"{MISSING}{look}", *done, *_searched(look, found))
        done += _evidence(found, look)


def decided(expression: str, found: Found) -> tuple[Flags, Flags]:
    """Conversations of which the expression is surely true, and of which it is surely false; where a field it hangs on is
    not known it is neither (Kleene's logic)."""
    return _decided(_parsed(expression), found)


@lru_cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


@lru_cache
def names_in(expression: str) -> tuple[str, ...]:
    """Names of the expression, each once, in reading order. SyntaxError where it is none."""
    if not expression:
        return ()
    named = [
        (node.lineno, node.col_offset, node.id) for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)
    ]
    return tuple(dict.fromkeys(name for _, _, name in sorted(named)))


def _decided(node: ast.expr, found: Found) -> tuple[Flags, Flags]:
    if isinstance(node, ast.Name):
        true, known = found.truth(node.id), ~found.unknown(node.id)
        return true & known, ~true & known
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        true, false = _decided(node.operand, found)
        return false, true
    if isinstance(node, ast.BoolOp):
        trues, falses = zip(*(_decided(part, found) for part in node.values), strict=True)
        every, some = np.logical_and.reduce, np.logical_or.reduce
        return (every(trues), some(falses)) if isinstance(node.op, ast.And) else (some(trues), every(falses))
    raise ValueError(f"{ast.unparse(node)}: only names, and, or, not and brackets")


def _shown(expression: str, found: Found) -> list[Shown]:
    """The first hit of every look the expression names, in conversations that have one; the messages that a timing ran
    between."""
    shown: list[Shown] = []
    for name in names_in(expression):
        condition = found.conditions.get(name)
        if isinstance(condition, Fact) and condition.field in TIMINGS:
            shown.append(Shown(found.took(condition.field).rows))
        looks = condition.looks if isinstance(condition, Steps) else (name,) if isinstance(condition, Look) else ()
        for look in looks:
            shown += _evidence(found, look)
    return shown


def _evidence(found: Found, name: str) -> list[Shown]:
    """The look's first hit in each conversation; of words the first of each of them."""
    look, rows = found.conditions[name], found.rows(name)
    if not (isinstance(look, Look) and isinstance(look.what, Words)) or look.what.none:
        return [Shown(_firsts(found.scan, rows))]
    texts = found.scan.text_of[rows]
    held = {pattern: rows[found.scan.texts.say(pattern, texts)] for pattern in look.what.patterns}
    return [Shown(_firsts(found.scan, some), pattern) for pattern, some in held.items() if len(some)]


def _firsts(scan: Scan, rows: Rows) -> Rows:
    first = scan.first(rows)
    return first[first >= 0]


def _searched(expression: str, found: Found) -> list[Shown]:
    """First and last message of each place that was searched in vain; of the agent's where no look names a place."""
    scan, shown = found.scan, []
    for name in names_in(expression):
        look = found.conditions.get(name)
        if not isinstance(look, Look):
            continue
        vain = ~scan.any(found.rows(name))
        rows = np.flatnonzero(found.region(look.place) & vain[scan.contact])
        shown.append(Shown(_ends(scan, rows), role="looked"))
    if not shown:
        shown.append(Shown(_ends(scan, np.flatnonzero(scan.said(AGENT))), role="looked"))
    return shown


def _ends(scan: Scan, rows: Rows) -> Rows:
    ends: Rows = np.union1d(scan.first(rows), scan.last(rows))
    return ends[ends >= 0]
