"""The journal's page speaks in words: each verb, subject, field and process that any part writes has some."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from bihuan.journal.models import Entry
from bihuan.journal.web.lists import COLUMNS
from bihuan.journal.words import FIELDS, PROCESSES, SUBJECTS, VERBS, actor_words, field_words, verb_words

ROOT = Path(__file__).resolve().parents[2]


def sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        if "tests" not in file.parts:
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def given(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """What is handed over as the argument `name`."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == name)


def beginning(value: ast.expr) -> str:
    """The text of a constant, or what an f-string begins with."""
    first = value.values[0] if isinstance(value, ast.JoinedStr) else value
    return str(first.value) if isinstance(first, ast.Constant) else ""


def verbs_written() -> dict[str, str]:
    """{verb: file} of every `verb="…"` handed over in the sources."""
    return {beginning(value): file for file, tree in sources() for value in given(tree, "verb") if beginning(value)}


def subjects_written() -> dict[str, str]:
    """{kind: file} of every subject handed over together with a verb."""
    return {
        beginning(value).partition(":")[0]: file
        for file, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and {"verb", "subject"} <= {one.arg for one in call.keywords}
        for value in given(ast.Module([ast.Expr(call)], []), "subject")
        if beginning(value)
    }


def fields_written() -> dict[str, str]:
    """{field: file} of the data told with a verb, written there or under a name above it."""
    return {
        name: file
        for file, tree in sources()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and {"verb", "data"} <= {one.arg for one in call.keywords}
        for value in given(ast.Module([ast.Expr(call)], []), "data")
        for name in (*keys_of(value), *keys_kept_as(getattr(value, "id", ""), function))
    }


def keys_of(value: ast.expr) -> Iterator[str]:
    for mapping in ast.walk(value):
        for key in mapping.keys if isinstance(mapping, ast.Dict) else ():
            if isinstance(key, ast.Constant):
                yield str(key.value)


def keys_kept_as(name: str, function: ast.FunctionDef) -> Iterator[str]:
    """Keys of `name = {…}` and of `name["key"] = …`."""
    for node in ast.walk(function):
        for target in (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else ()
        ):
            if isinstance(target, ast.Name) and target.id == name and node.value is not None:
                yield from keys_of(node.value)
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
                yield beginning(target.slice)


def test_every_verb_that_is_written_has_words() -> None:
    written = verbs_written()
    assert len(written) > 40
    assert {verb: file for verb, file in written.items() if verb not in VERBS} == {}


def test_everything_an_act_is_done_to_has_words() -> None:
    written = subjects_written()
    assert len(written) > 25
    assert {kind: file for kind, file in written.items() if kind not in SUBJECTS} == {}


def test_every_field_that_is_told_has_words() -> None:
    written = fields_written()
    assert len(written) > 60
    assert {name: file for name, file in written.items() if name not in FIELDS} == {}


def test_every_process_that_acts_by_itself_has_words() -> None:
    named = {
        node.value.removeprefix("system:"): file
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("system:[a-z_]+", node.value)
    }
    assert len(named) > 8
    assert {name: file for name, file in named.items() if name not in PROCESSES} == {}


def test_what_nobody_named_is_still_read_as_words() -> None:
    assert verb_words("future_part.long_gone") == "future part long gone"
    assert field_words("later_field") == "later field"
    assert "night shift" in actor_words("system:night_shift")
    assert actor_words("7600") == "7600"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-hans", ["人员 8001", "坐席类别 mature", "已复核 是", "项目 greeting，closing", "有变化 无"]),
        ("en", ["Person 8001"]),
    ],
)
def test_a_line_of_the_page_names_subject_and_fields_and_keeps_what_was_recorded(
    language: str, told: list[str]
) -> None:
    data = {"class": "mature", "reviewed": True, "items": ["greeting", "closing"], "changed": []}
    entry = Entry(actor="7600", verb="people_class.changed", subject="person:8001", data=data)
    with translation.override(language):
        line = " ".join(str(column.value(entry)) for column in COLUMNS if column.name in ("subject", "data"))
    assert [words for words in told if words not in line] == []
    assert 'title="person:8001"' in line
    assert "&quot;class&quot;: &quot;mature&quot;" in line
