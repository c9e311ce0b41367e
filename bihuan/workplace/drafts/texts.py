"""One check as text: read with every fault and its line, taken from an edition, put into one.

What is edited is the entry that stands under `checks:` of an edition, its id first. It is read inside the smallest edition
there is, so that it meets the same schema and the same reader as when it is published.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from bihuan.kit.errors import DefinitionError, InputError, Issue
from bihuan.standards.editions import LIBRARY, SCHEMA, parse_edition
from bihuan.standards.queries import Listed
from bihuan.standards.rules.edition import CheckSetting, Edition

LONGEST: Final = 100_000
"""Characters of one check; the longest one that ships has a few thousand."""
STEP: Final = "  "
_AROUND: Final = (
    "format: 1\nid: draft\nversion: draft\ntitle: {zh: 草稿, en: Draft}\n"
    "calendar: {zone: UTC, cutover_hour: {value: 0, unit: hour, source: house, why: {zh: 草稿, en: Draft}}}\n"
    "rounding: {}\nchecks:\n"
)
_LINES_AROUND: Final = _AROUND.count("\n")
_SUBJECTS: Final = ("words", "regex", "said", "like", "repeated", "message", "field", "steps")
_CONDITION_STEPS: Final = 4  # check.definition.conditions.name
_LINE: Final = re.compile(r"line (\d+), column (\d+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a draft. `line` counts from 1, 0 where no line can be named; `place` is inside the check."""

    line: int
    place: str
    message: str
    code: str


@dataclass(frozen=True)
class Reading:
    """A draft that was read: the check in an edition of its own, or what is wrong with it."""

    edition: Edition | None
    faults: tuple[Fault, ...] = ()

    @property
    def setting(self) -> CheckSetting:
        """The check; only of a draft without faults."""
        assert self.edition is not None
        return next(iter(self.edition.checks.values()))


def read_draft(text: str) -> Reading:
    """The check a text describes, or every fault with its line."""
    entry = tidy(text)
    try:
        edition = parse_edition(_AROUND + indented(entry))
    except DefinitionError as error:
        return Reading(None, tuple(sorted((_fault(issue, entry) for issue in error.issues), key=lambda one: one.line)))
    wrong = _not_one(edition)
    return Reading(None, (wrong,)) if wrong else Reading(edition)


def id_in(text: str) -> str:
    """The id a draft gives its check, as far as it can be read; empty where it cannot."""
    found = re.search(r"^([A-Za-z][A-Za-z0-9_]*)\s*:", text, re.MULTILINE)
    return found[1] if found else ""


def tidy(text: str) -> str:
    """The text with plain line ends, without what no database keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:LONGEST].strip("\n") + "\n"


def indented(entry: str) -> str:
    """The entry as it stands under `checks:`."""
    return "".join(STEP + line if line.strip() else line for line in entry.splitlines(keepends=True))


def text_of(found: Listed) -> str:
    """The text of an edition as it was published or ships."""
    return found.row.text if found.row else (LIBRARY / f"{found.edition.id}.yaml").read_text(encoding="utf-8")


def entry_of(text: str, check_id: str) -> str:
    """The entry of a check in an edition's text, moved to the margin. InputError where it has none."""
    for key, value in _entries(text):
        if key.value == check_id:
            cut = text[key.start_mark.index : value.end_mark.index]
            return _to_margin(cut, key.start_mark.column)
    raise InputError(f"There is no check '{check_id}'.")


def check_nodes(text: str) -> yaml.MappingNode | None:
    """The mapping under `checks`, None where the edition has none."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    found = next((value for key, value in root.value if key.value == "checks"), None)
    return found if isinstance(found, yaml.MappingNode) else None


def _entries(text: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    nodes = check_nodes(text)
    return list(nodes.value) if nodes else []


def _to_margin(cut: str, column: int) -> str:
    margin = re.compile(rf"^ {{0,{column}}}", re.MULTILINE)
    return margin.sub("", cut).rstrip() + "\n"


def _not_one(edition: Edition) -> Fault | None:
    if len(edition.checks) != 1:
        return Fault(0, "", "One check at a time: a single id, everything else below it.", "draft.single")
    setting = next(iter(edition.checks.values()))
    if setting.definition is None:
        return Fault(1, setting.id, "A check of one's own has a definition.", "draft.definition")
    return None


def _fault(issue: Issue, entry: str) -> Fault:
    read = _LINE.fullmatch(issue.place)
    if read:
        line = max(int(read[1]) - _LINES_AROUND, 1)
        return Fault(min(line, entry.count("\n")), "", issue.message, issue.code)
    steps = issue.place.split(".")[1:] if issue.place.startswith("checks") else []
    line, node = _reached(entry, steps)
    message = issue.message
    if steps[1:3] == ["definition", "conditions"] and len(steps) == _CONDITION_STEPS:
        message = _of_condition(node) or message
    return Fault(line, ".".join(steps[1:]), message, issue.code)


def _of_condition(node: Any) -> str:
    """What is wrong with the keys of a condition: of several kinds of it the schema cannot tell which was meant."""
    keys = [key.value for key, _value in node.value] if isinstance(node, yaml.MappingNode) else []
    if sum(key in _SUBJECTS for key in keys) != 1:
        return f"{keys} is not valid under any of the given schemas"
    unknown = [key for key in keys if key not in _condition_keys()]
    return f"Additional properties are not allowed ({', '.join(map(repr, unknown))} was unexpected)" if unknown else ""


@cache
def _condition_keys() -> frozenset[str]:
    """Every key that some kind of condition knows."""
    kinds = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return frozenset(key for kind in [kinds["look"], *kinds["condition"]["oneOf"]] for key in _properties(kind))


def _properties(kind: dict[str, Any]) -> set[str]:
    inner = [part for name in ("oneOf", "anyOf", "allOf") for part in kind.get(name, ())]
    return set(kind.get("properties", {})).union(*(_properties(part) for part in inner))


def _reached(entry: str, steps: list[str]) -> tuple[int, Any]:
    """The line and the node of the innermost of these steps that the text has; line 0 where it cannot be read."""
    try:
        node: Any = yaml.compose(entry, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return 0, None
    line = 1
    for step in steps:
        found = _inside(node, step)
        if found is None:
            break
        line, node = found
    return line, node


def _inside(node: Any, step: str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        chosen = node.value[int(step)]
        return chosen.start_mark.line + 1, chosen
    return None
