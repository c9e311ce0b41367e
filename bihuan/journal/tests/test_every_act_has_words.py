"""The journal's page speaks of acts in words: each verb that any part writes is among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bihuan.journal.words import VERBS

ROOT = Path(__file__).resolve().parents[2]


def verbs_written() -> Iterator[tuple[str, str]]:
    """(verb, file) of every `verb="…"` handed over in the sources."""
    for file in sorted(ROOT.rglob("*.py")):
        if "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                yield str(node.value.value), file.relative_to(ROOT).as_posix()


def test_every_verb_that_is_written_has_words() -> None:
    written = dict(verbs_written())
    assert len(written) > 40
    assert {verb: file for verb, file in written.items() if verb not in VERBS} == {}
