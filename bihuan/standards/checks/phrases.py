"""Wording lists: YAML files of word classes and patterns, expanded to regular expressions that every engine reads alike.

    classes:
      you: [您, 你]
    patterns:
      greeting:
        any: ["<you>好", "欢迎(?:光临|致电)"]
        unless: ["<you>好像"]      # a hit inside such a phrase does not count

`<name>` stands for a class (of this file or of `words.yaml`), `<..6>` for at most six characters without a full stop.
Shorthands such as `\\d` are refused: engines differ on them. Order matters for what is shown: the first line that occurs
in a text is its evidence, so the line whose words show most stands first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

import yaml

from bihuan.standards.checks.anchors import anchors_of
from bihuan.standards.checks.fold import fold

try:  # the parser written in C reads the lists ten times faster; not every build of the package has it
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # the same interface

_REFERENCE: Final = re.compile(r"<([a-z_]+|\.\.\d+)>")
_SHARED: Final = "words.yaml"
_SHORTHAND: Final = re.compile(r"\\[dDwWsSbBu]|\(\?(?!:)")


@dataclass(frozen=True)
class Pattern:
    """A wording: any of `lines` finds it, `unless` are the phrases it must not stand in; all are regular expressions."""

    name: str
    lines: tuple[str, ...]
    unless: tuple[str, ...]

    @property
    def hit(self) -> str:
        """All lines as one expression; the first line wins where several begin at one place."""
        return f"(?:{'|'.join(self.lines)})"

    @property
    def guarded(self) -> str:
        """Excluded phrases first, the hit in group 1: a match without group 1 was excluded."""
        return "|".join((*self.unless, f"({self.hit})"))

    @cached_property
    def anchors(self) -> Mapping[str, frozenset[str]]:
        """By line, of the pattern and of what it excludes, the literals one of which every hit contains; empty: none is
        known, every text is tried.

        ValueError where the list of a pattern's line is too long to be worth a scan: the line must be split or its
        classes narrowed. Excluded phrases are only looked for where the pattern was found; theirs may be long.
        """
        try:
            wanted = {line: anchors_of(line) for line in self.lines}
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from error
        return {**{line: _anchors_or_none(line) for line in self.unless}, **wanted}

    def faults(self) -> list[str]:
        """What is wrong with the wording, in sentences; shipped lists have none (a test asks)."""
        return [fault for line in (*self.lines, *self.unless) for fault in _faults(line)]


def _anchors_or_none(line: str) -> frozenset[str]:
    try:
        return anchors_of(line)
    except ValueError:
        return frozenset()


@cache
def all_patterns() -> Mapping[str, Pattern]:
    """Every pattern of every wording file, by name; a name may be given once only."""
    found: dict[str, Pattern] = {}
    for name, document in _documents().items():
        for pattern in parse(document, shared_classes()):
            if pattern.name in found:
                raise ValueError(f"{name}: the pattern {pattern.name} is given twice")
            found[pattern.name] = pattern
    return found


def shared_classes() -> Mapping[str, Any]:
    """Word classes that every wording, of ours or of an edition, may use as <name>."""
    classes: Mapping[str, Any] = _documents()[_SHARED]["classes"]
    return classes


@cache
def _documents() -> Mapping[str, Mapping[str, Any]]:
    folder = resources.files("bihuan.standards.checks").joinpath("wording")
    return {
        entry.name: yaml.load(entry.read_text("utf-8"), _Loader)
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }


def parse(document: Mapping[str, Any], shared: Mapping[str, Any]) -> list[Pattern]:
    """The patterns of one wording file; ValueError names the pattern and what is wrong with it."""
    classes = {**shared, **document.get("classes", {})}
    patterns = []
    for name, given in document.get("patterns", {}).items():
        listed = given if isinstance(given, Mapping) else {"any": given}
        lines = _expanded(name, listed["any"], classes)
        unless = _expanded(name, listed.get("unless") or [], classes)
        patterns.append(Pattern(name, tuple(lines), tuple(unless)))
    return patterns


def _expanded(name: str, lines: list[str], classes: Mapping[str, Any]) -> list[str]:
    expanded = [f"(?:{_line(fold(str(line)), classes, depth=0)})" for line in lines]
    if any(_SHORTHAND.search(line) for line in expanded):
        raise ValueError(f"{name}: shorthands and look-around differ between engines")
    return expanded


def _faults(expression: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)  # sets such as [~~] or [--] that engines read differently
        try:
            empty = re.compile(expression).match("")
        except (re.error, FutureWarning) as error:
            return [f"{expression}: {error}"]
    return [f"{expression}: matches nothing at all, so it would match everywhere"] if empty else []


def _line(line: str, classes: Mapping[str, Any], depth: int) -> str:
    if depth > 8:
        raise ValueError(f"{line}: classes refer to each other in a circle")

    def expand(match: re.Match[str]) -> str:
        reference = match[1]
        if reference.startswith(".."):
            return f"[^。！？!?\\n]{{0,{reference[2:]}}}"
        if reference not in classes:
            raise ValueError(f"{line}: no word class {reference}")
        members = sorted((fold(str(word)) for word in classes[reference]), key=lambda word: -len(word))
        return "(?:" + "|".join(_line(word, classes, depth + 1) for word in members) + ")"

    return _REFERENCE.sub(expand, line)
