"""Reads declared looks and rules: bounds become row flags, rules a decision list over contacts."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import ROLES, Scan


def judge_declared(scan: Scan, answer: Answer) -> None:
    """Settle every contact of `answer` by the check's looks and rules."""
    found = _Found(scan, answer)
    for rule in answer.check.rules:
        if not answer.open.any():
            return
        holds = _truth(_parsed(rule.when), found) & answer.open
        if not holds.any():
            continue
        shown = [Shown(found.first_rows(name), answer.check.looks[name].pattern) for name in rule.show]
        if rule.searched:
            shown.append(Shown(found.region(rule.searched), role="looked"))
        answer.settle(holds, rule.reason, *shown)


class _Found:
    """Looks evaluated once, when first asked for."""

    def __init__(self, scan: Scan, answer: Answer) -> None:
        self.scan = scan
        self.answer = answer
        self._rows: dict[str, Rows] = {}

    def rows(self, name: str) -> Rows:
        if name not in self._rows:
            pattern = self.answer.check.looks[name].pattern
            bounds = self._bounds(name)
            self._rows[name] = np.flatnonzero(bounds) if pattern is None else self.scan.find(pattern, bounds)
        return self._rows[name]

    def first_rows(self, name: str) -> Rows:
        first = self.scan.first(self.rows(name))
        return first[first >= 0]

    def region(self, name: str) -> Rows:
        return np.flatnonzero(self._bounds(name))

    def truth(self, name: str) -> Flags:
        if name in self.answer.check.looks:
            return self.scan.any(self.rows(name))
        return self.scan.once(name, FLAGS[name])

    def _bounds(self, name: str) -> Flags:
        look, scan = self.answer.check.looks[name], self.scan
        where = scan.said(ROLES[look.role])
        if look.first is not None:
            where &= scan.nth <= self._number(look.first)
        if look.last is not None:
            where &= scan.nth_last <= self._number(look.last)
        return where

    def _number(self, bound: int | str) -> int:
        return int(self.answer.params[bound]) if isinstance(bound, str) else bound


def _truth(node: ast.expr, found: _Found) -> Flags:
    if isinstance(node, ast.Name):
        return found.truth(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ~_truth(node.operand, found)
    if isinstance(node, ast.BoolOp):
        return _joined(isinstance(node.op, ast.And), node.values, found)
    raise ValueError(f"{ast.unparse(node)}: only names, and, or, not and brackets")


def _joined(both: bool, parts: Sequence[ast.expr], found: _Found) -> Flags:
    """The parts joined from left to right; what cannot change the answer any more is not looked for."""
    joined = _truth(parts[0], found)
    for part in parts[1:]:
        if both and joined.any():
            joined = joined & _truth(part, found)
        elif not both and not joined.all():
            joined = joined | _truth(part, found)
    return joined


@lru_cache
def _parsed(when: str) -> ast.expr:
    return ast.parse(when, mode="eval").body
