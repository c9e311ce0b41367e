"""From the definition of a check in an edition, already of the right shape, to a `Check` like the shipped ones.

What no schema can say (an expression that cannot be read, a look that names no other, an engine that refuses a regular
expression) comes back as `Issue`s with their places, all at once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import polars as pl

from bihuan.kit.errors import Issue, Level
from bihuan.standards.checks.authored.asking import asked_faults, is_asked, judge_unasked, reasons_of
from bihuan.standards.checks.authored.definition import (
    Anything,
    Condition,
    Definition,
    Fact,
    Gap,
    Likeness,
    Look,
    Place,
    Repetition,
    Steps,
    Words,
)
from bihuan.standards.checks.authored.judging import MISSING, NO_ENCODER, judge_by, names_in
from bihuan.standards.checks.batch import CONTACT_COLUMNS
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.flags import FLAGS, PATTERNS
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.learned import models
from bihuan.standards.checks.phrases import Pattern, all_patterns, parse, shared_classes
from bihuan.standards.rules.edition import CheckSetting

FIELDS: Final = (
    "channel", "category", "level", "outcome", "queue", "business_line", "rings", "ring_us", "queue_us", "duration_us",
    "rating",
)  # fmt: skip
_MICROS: Final = 1_000_000
_TIMES: Final = ("ring_us", "queue_us", "duration_us")

_COMMON: Final = {
    "met": Reason("met", "符合要求", "As required"),
    "violated": Reason("violated", "不符合要求", "Not as required"),
    "not_applicable": Reason("not_applicable", "不适用", "Not applicable"),
    "cannot_tell": Reason("cannot_tell", "无法判断", "Cannot tell"),
    "field_unknown": Reason("cannot_tell", "记录中没有所需的字段", "The record does not tell a field that decides"),
    NO_ENCODER: Reason(
        "cannot_tell",
        "未安装按语义比较所需的组件，无法比较话术",
        "The encoder that compares by meaning is not installed",
    ),
    "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
}

Document = Mapping[str, Any]


def authored(setting: CheckSetting) -> Check:
    """The check that an edition's setting defines. ValueError names what is wrong, where `faults` would find it."""
    assert setting.definition is not None
    return _read(_Frozen(setting.id, setting.label.zh, setting.label.en, setting.source, setting.definition))


class _Frozen(tuple[Any, ...]):
    """A definition as a key: editions are frozen, so what was read once stays right."""

    def __new__(cls, *parts: Any) -> _Frozen:
        return super().__new__(cls, parts)

    def __hash__(self) -> int:
        return hash((self[0], id(self[4])))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self[4] is other[4] and self[0] == other[0]


@lru_cache(maxsize=512)
def _read(given: _Frozen) -> Check:
    id_, zh, en, source, document = given
    label, examples = {"zh": zh, "en": en}, tuple(_example(one) for one in document["examples"])
    if is_asked(document):
        return Check(id_, label, (source,), reasons_of(document), evaluate=judge_unasked, examples=examples)
    definition, patterns = _defined(id_, document)
    return Check(
        id=id_,
        label=label,
        sources=(source,),
        reasons=_reasons(document, definition.conditions),
        evaluate=judge_by(definition),
        patterns=(*PATTERNS, *_shipped(definition.conditions)),
        own_patterns=tuple(patterns),
        examples=examples,
    )


def definition_of(setting: CheckSetting) -> Definition:
    """What an edition's setting defines, for whoever asks how near a conversation came; a question to a model has no
    conditions. ValueError as in `authored`."""
    assert setting.definition is not None
    if is_asked(setting.definition):
        return Definition()
    return _defined(setting.id, setting.definition)[0]


def _defined(id_: str, document: Document) -> tuple[Definition, list[Pattern]]:
    patterns: list[Pattern] = []
    conditions = {
        name: _condition(f"{id_}.{name}", one, patterns) for name, one in document.get("conditions", {}).items()
    }
    definition = Definition(
        conditions, document["met"], document.get("not_applicable", ""), document.get("cannot_tell", ""),
        document.get("without_agent", False),
    )  # fmt: skip
    return definition, patterns


def _condition(name: str, given: Document, patterns: list[Pattern]) -> Condition:
    if "steps" in given:
        return _steps(given)
    if "field" in given:
        return _fact(given)
    place = Place(
        given.get("speaker", "agent"), given.get("from"), given.get("to", given.get("first")), given.get("last"),
        given.get("after"), given.get("before"), given.get("nth", 1), given.get("within_messages"),
        given.get("within_seconds"),
    )  # fmt: skip
    return Look(_what(name, given, patterns), place, given.get("times", 1))


def _steps(given: Document) -> Steps:
    """A step names its look, or bounds its own way from the step before, where it differs from the others'."""
    steps = [one if isinstance(one, Mapping) else {"look": one} for one in given["steps"]]
    bounds = [{**given, **one} for one in steps]
    gaps = (Gap(one.get("within_messages"), one.get("within_seconds")) for one in bounds)
    return Steps(tuple(one["look"] for one in steps), tuple(gaps))


def _fact(given: Document) -> Fact:
    field = f"{given['field']}_us" if f"{given['field']}_us" in _TIMES else given["field"]
    scale = _MICROS if field in _TIMES else 1
    bounds = (int(given[name] * scale) if name in given else None for name in ("at_least", "at_most"))
    return Fact(field, tuple(given.get("is", ())), *bounds)


def _what(name: str, given: Document, patterns: list[Pattern]) -> Words | Likeness | Repetition | Anything:
    if "words" in given:
        return _words(name, given, patterns)
    if "regex" in given:
        patterns += _compiled(name, given["regex"], given.get("unless", []))
        return Words((name,), 1)
    if "said" in given:
        return Words(tuple(given["said"]), 1)
    if "like" in given:
        scripts = tuple(fold(script) for script in given["like"])
        return Likeness(scripts, float(given["alike"]) / 100, given.get("by", "letters"))
    if "repeated" in given:
        return Repetition(given["repeated"])
    return Anything()


def _words(name: str, given: Document, patterns: list[Pattern]) -> Words:
    words = given["words"]
    own = [Pattern(f"{name}.{place}", (re.escape(fold(word)),), _unless(given)) for place, word in enumerate(words)]
    patterns += own
    hold = given.get("hold", "any")
    least = len(words) if hold == "all" else 1 if isinstance(hold, str) else int(hold)
    return Words(tuple(one.name for one in own), least, hold == "none", given.get("in", "message") == "message")


def _shipped(conditions: Mapping[str, Condition]) -> set[str]:
    """The shipped wordings that looks ask for by name."""
    looks = (one.what.patterns for one in conditions.values() if isinstance(one, Look) and isinstance(one.what, Words))
    return {name for names in looks for name in names if "." not in name}


def _unless(given: Document) -> tuple[str, ...]:
    return tuple(re.escape(fold(phrase)) for phrase in given.get("unless", ()))


def _compiled(name: str, regex: str, unless: list[str]) -> list[Pattern]:
    return parse({"patterns": {name: {"any": [regex], "unless": list(unless)}}}, shared_classes())


def _reasons(document: Document, conditions: Mapping[str, Condition]) -> dict[str, Reason]:
    told = {
        code: Reason(code, said["zh"], said["en"]) for code, said in document.get("reasons", {}).items()
    }  # fmt: skip
    steps = {look for one in conditions.values() if isinstance(one, Steps) for look in one.looks}
    named = document.get("conditions", {})
    missing = {
        f"{MISSING}{look}": _missing(named[look].get("label", {"zh": look, "en": look})) for look in sorted(steps)
    }
    return {**_COMMON, **told, **missing}


def _missing(label: Mapping[str, str]) -> Reason:
    return Reason(
        "violated",
        f"缺少步骤“{label['zh']}”，或超时、次序不对",
        f"Step '{label['en']}' is missing, late or out of order",
    )


def _example(given: Document) -> Example:
    facts = {name: given[name] for name in ("channel", "facts", "customer") if name in given}
    plain = {**facts, "facts": {name: _plain(value) for name, value in given.get("facts", {}).items()}}
    return Example(given["verdict"], dialogue(*given["messages"], **plain), note=given.get("note", ""))


def _plain(value: Any) -> Any:
    """Numbers of an edition are exact; conversations tell theirs as JSON does."""
    return value if isinstance(value, str | bool | int) else float(value)


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
            yield from _step_faults(name, _steps(one), looks)
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
    field = given["field"]
    if field not in {known.removesuffix("_us") for known in FIELDS}:
        yield f"{place}.field", f"There is no field '{field}'."
    elif CONTACT_COLUMNS.get(field) == pl.String and {"at_least", "at_most"} & set(given):
        yield place, f"'{field}' is told in words: say which with 'is'."
    elif CONTACT_COLUMNS.get(field) != pl.String and not all(value.isdecimal() for value in given.get("is", ())):
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
