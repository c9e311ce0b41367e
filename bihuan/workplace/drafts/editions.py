"""The complete new edition that a draft leads to: the old text with the check added or replaced, the version raised."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import yaml

from bihuan.kit.errors import DefinitionError, InputError, Issue, Level
from bihuan.standards.editions import parse_edition
from bihuan.standards.examining import examine
from bihuan.standards.queries import Listed
from bihuan.standards.rules.diff import Change, diff
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.drafts.texts import STEP, check_nodes, indented, text_of, tidy

_NUMBER: Final = re.compile(r"\d+(?=\D*$)")


@dataclass(frozen=True)
class NewEdition:
    """What would be handed in. `content` is None where the text cannot be read; `issues` hold all errors, and of the
    other findings those about the check itself."""

    base: Listed
    check_id: str
    text: str
    content: Edition | None
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...] = ()

    @property
    def errors(self) -> list[Issue]:
        """What stops it."""
        return [issue for issue in self.issues if issue.level is Level.ERROR]

    @property
    def may_go_on(self) -> bool:
        return self.content is not None and not self.errors and bool(self.changes)


def new_edition(base: Listed, draft: str, check_id: str, *, taken: Collection[str], language: str) -> NewEdition:
    """The edition `base` with the draft's check in it, looked over; `taken` are versions of its id already published."""
    text = with_version(with_check(text_of(base), draft, check_id), next_version(base.edition.version, taken))
    try:
        content = parse_edition(text)
    except DefinitionError as error:
        return NewEdition(base, check_id, text, None, tuple(error.issues))
    assert set(content.checks) == {*base.edition.checks, check_id}
    place = f"checks.{check_id}"
    told = [
        issue for issue in examine(content, language) if issue.level is Level.ERROR or issue.place.startswith(place)
    ]
    changes = tuple(change for change in diff(base.edition, content) if change.place != "version")
    return NewEdition(base, check_id, text, content, tuple(told), changes)


def with_check(text: str, draft: str, check_id: str) -> str:
    """The edition's text with this entry in the place of the one of the same id, else behind the last one.

    Everything else stays as it was written, remarks included.
    """
    entry, nodes = indented(tidy(draft)), check_nodes(text)
    if nodes is None:
        return f"{text.rstrip()}\n\nchecks:\n{entry}"
    if nodes.flow_style:
        return _opened(text, nodes, entry, check_id)
    step = " " * nodes.start_mark.column
    own = entry if step == STEP else "".join(step + line for line in tidy(draft).splitlines(keepends=True))
    for key, value in nodes.value:
        if key.value == check_id:
            start = text.rindex("\n", 0, key.start_mark.index) + 1
            return text[:start] + own + _rest(text, _end_of(text, value))
    end = _end_of(text, nodes.value[-1][1])
    return text[:end].rstrip() + "\n" + own + _rest(text, end)


def _end_of(text: str, node: yaml.Node) -> int:
    """Where a value's own words end; YAML counts the blank lines and remarks behind a block to it."""
    end = node.end_mark.index
    lines = text[:end].splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        end -= len(lines.pop())
    return end


def _rest(text: str, end: int) -> str:
    """What follows; the line break of a value that ended within its line is the entry's own already."""
    return text[end:].removeprefix("\n")


def _opened(text: str, nodes: yaml.MappingNode, entry: str, check_id: str) -> str:
    """Checks written in braces, one a line now."""
    kept = [
        f"{STEP}{text[key.start_mark.index : value.end_mark.index]}\n"
        for key, value in nodes.value
        if key.value != check_id
    ]
    return text[: nodes.start_mark.index].rstrip() + "\n" + "".join(kept) + entry + text[nodes.end_mark.index :]


def next_version(version: str, taken: Collection[str]) -> str:
    """The version with its last number raised until nobody has it: 2026.1 → 2026.2; without a number one is added."""
    raised = version if _NUMBER.search(version) else f"{version}.0"
    while True:
        raised = _NUMBER.sub(lambda found: str(int(found[0]) + 1), raised, count=1)
        if raised not in taken:
            return raised


def with_version(text: str, version: str) -> str:
    """The text with another version."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    for key, value in root.value:
        if key.value == "version":
            return f'{text[: value.start_mark.index]}"{version}"{text[value.end_mark.index :]}'
    raise InputError("The edition has no version.")
