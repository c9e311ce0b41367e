"""From the definition of a check in an edition, already of the right shape, to a `Check` like the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from math import ceil, floor
from typing import Any, Final

from bihuan.standards.checks.authored.asking import is_asked, judge_unasked, reasons_of
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
from bihuan.standards.checks.authored.judging import MISSING, NO_ENCODER, judge_by
from bihuan.standards.checks.authored.timing import TIMINGS
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.flags import PATTERNS
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.phrases import Pattern, parse, shared_classes
from bihuan.standards.rules.edition import CheckSetting

TIMES: Final = ("ring_us", "queue_us", "hold_us", "duration_us", *TIMINGS)
FIELDS: Final = (
    "channel", "category", "level", "outcome", "queue", "business_line", "rings", "rating", *TIMES,
)  # fmt: skip
_MICROS: Final = 1_000_000

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
        return steps_of(given)
    if "field" in given:
        return _fact(given)
    place = Place(
        given.get("speaker", "agent"), given.get("from"), given.get("to", given.get("first")), given.get("last"),
        given.get("after"), given.get("before"), given.get("nth", 1), given.get("within_messages"),
        given.get("within_seconds"),
    )  # fmt: skip
    return Look(_what(name, given, patterns), place, given.get("times", 1))


def steps_of(given: Document) -> Steps:
    """A step names its look, or bounds its own way from the step before, where it differs from the others'."""
    steps = [one if isinstance(one, Mapping) else {"look": one} for one in given["steps"]]
    bounds = [{**given, **one} for one in steps]
    gaps = (Gap(one.get("within_messages"), one.get("within_seconds")) for one in bounds)
    return Steps(tuple(one["look"] for one in steps), tuple(gaps))


def _fact(given: Document) -> Fact:
    """Fields are whole numbers of their unit: the least one within the bounds is rounded up, the greatest down."""
    field = column_of(given)
    scale = _MICROS if field in TIMES else 1
    least = ceil(given["at_least"] * scale) if "at_least" in given else None
    most = floor(given["at_most"] * scale) if "at_most" in given else None
    return Fact(field, tuple(given.get("is", ())), least, most)


def column_of(given: Document) -> str:
    """The column of a field. A queue has a name, asked for by 'is', and a time spent in it, which has bounds."""
    timed = f"{given['field']}_us"
    named = "is" in given and given["field"] in FIELDS
    return timed if timed in TIMES and not named else str(given["field"])


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
