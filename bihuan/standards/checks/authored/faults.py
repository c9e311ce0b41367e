"""What is wrong with the definition of a check in an edition, already of the right shape.

What no schema can say (an expression that cannot be read, a look that names no other, an engine that refuses a regular
expression) comes back as `Issue`s with their places, all at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import polars as pl

from bihuan.kit.errors import Issue, Level
from bihuan.standards.checks.authored.asking import asked_faults, is_asked
from bihuan.standards.checks.authored.definition import Steps
from bihuan.standards.checks.authored.judging import names_in
from bihuan.standards.checks.authored.reading import FIELDS, TIMES, Document, authored, column_of, steps_of
from bihuan.standards.checks.batch import CONTACT_COLUMNS
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.learned import models
from bihuan.standards.checks.phrases import all_patterns
from bihuan.standards.rules.edition import CheckSetting


def faults(setting: CheckSetting) -> list[Issue]:
    """What is wrong with the definition beyond its shape; none for a check of ours."""
    if setting.definition is None:
        return []
    if is_asked(setting.definition):
        told = asked_faults(setting)
        return [Issue(Level.ERROR, f"{setting.place}.{where}", what, code="check.model") for where, what in told]
    place = f"{setting.place}.definition"
    said = [*_expression_faults(setting.definition), *_reference_faults(setting.definition)]
    said = said or list(_pattern_faults(setting))
    return [Issue(Level.ERROR, f"{place}.{where}", what, code="check.definition") for where, what in said]


def _expression_faults(document: Document) -> Iterator[tuple[str, str]]:
    known = {*document.get("conditions", {}), *FLAGS}
    for key in ("met", "not_applicable", "cannot_tell"):
        expression = document.get(key, "")
        try:
            tree = ast.parse(expression, mode="eval") if expression else None
        except (SyntaxError, ValueError, RecursionError):
            yield key, f"'{expression}' cannot be read: names, and, or, not and brackets."
            continue
        allowed = (ast.Expression, ast.Name, ast.BoolOp, ast.UnaryOp, ast.And, ast.Or, ast.Not, ast.Load)
        if tree is not None and not all(isinstance(node, allowed) for node in ast.walk(tree)):
            yield key, f"'{expression}' may hold names, and, or, not and brackets only."
            continue
        for name in names_in(expression):
            if name not in known:
                yield key, f"There is no condition '{name}'. Known: {', '.join(sorted(known))}."


def _reference_faults(document: Document) -> Iterator[tuple[str, str]]:
    conditions: Document = document.get("conditions", {})
    looks = {name for name, one in conditions.items() if not ({"steps", "field"} & set(one))}
    for name, one in conditions.items():
        if name in FLAGS:
            yield f"conditions.{name}", f"'{name}' is the name of a common flag; choose another."
        for key in ("after", "before"):
            if key in one and one[key] not in looks:
                yield f"conditions.{name}.{key}", f"There is no look '{one[key]}'."
        if "steps" in one:
            yield from _step_faults(name, steps_of(one), looks)
        if name in _anchors(name, conditions, set()):
            yield f"conditions.{name}", "Its places refer to each other in a circle."
        if "field" in one:
            yield from _field_faults(f"conditions.{name}", one)
        for wording in sorted(set(one.get("said", ())).difference(all_patterns(), models())):
            yield f"conditions.{name}.said", f"There is no shipped wording '{wording}'."
        hold = one.get("hold")
        if isinstance(hold, int) and hold > len(one["words"]):
            yield f"conditions.{name}.hold", f"{hold} of {len(one['words'])} words can never be held."


def _field_faults(place: str, given: Document) -> Iterator[tuple[str, str]]:
    field, column = given["field"], column_of(given)
    if field not in {known.removesuffix("_us") for known in FIELDS}:
        yield f"{place}.field", f"There is no field '{field}'."
    elif CONTACT_COLUMNS.get(column) == pl.String and {"at_least", "at_most"} & set(given):
        yield place, f"'{field}' is told in words: say which with 'is'."
    elif column in TIMES and "is" in given:
        yield f"{place}.is", f"'{field}' is a time in seconds: bound it with 'at_least' and 'at_most'."
    elif CONTACT_COLUMNS.get(column) != pl.String and not all(value.isdecimal() for value in given.get("is", ())):
        yield f"{place}.is", f"'{field}' is a number: bound it with 'at_least' and 'at_most'."


def _step_faults(name: str, steps: Steps, looks: set[str]) -> Iterator[tuple[str, str]]:
    for step in steps.looks:
        if step not in looks:
            yield f"conditions.{name}.steps", f"There is no look '{step}'."
        if steps.looks.count(step) > 1:
            yield f"conditions.{name}.steps", f"'{step}' is a step twice."


def _anchors(name: str, conditions: Document, seen: set[str]) -> set[str]:
    for key in ("after", "before"):
        anchor = conditions.get(name, {}).get(key)
        if anchor in conditions and anchor not in seen:
            seen.add(anchor)
            _anchors(anchor, conditions, seen)
    return seen


def _pattern_faults(setting: CheckSetting) -> Iterator[tuple[str, str]]:
    try:
        check = authored(setting)
    except ValueError as error:
        yield "conditions", str(error)
        return
    for pattern in check.own_patterns:
        for fault in pattern.faults():
            yield f"conditions.{pattern.name.split('.')[1]}", fault
