"""Every number of the shipped edition is read somewhere, or marked as not read yet; the mark goes when a reader comes.

A number is read where a module of the product names it: as `section.name`, or its name beside its section.
"""

import ast
from pathlib import Path

import pytest

import bihuan
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.unread import UNREAD

ROOT = Path(bihuan.__file__).parent
EDITION = load_edition("recommended")
NUMBERS = [(section, name) for section, held in EDITION.sections.items() for name in held]
SILENT = {"naming.py", "unread.py", "lending.py"}
"""Modules that name numbers without reading them."""


def words_of(path):
    """Every short text, name and attribute of a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.rstrip("."))
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


MODULES = [
    words_of(path)
    for path in ROOT.rglob("*.py")
    if not {"tests", "migrations", "demo"} & set(path.parts) and path.name not in SILENT
]
BESIDE = {"sampling": {"sampling", "sampling_number"}, "metrics": {"metrics", "metric_parameters"}}


def has_a_reader(section, name):
    sections = BESIDE.get(section, {section})
    return any(f"{section}.{name}" in words or (name in words and sections & words) for words in MODULES)


@pytest.mark.parametrize(("section", "name"), NUMBERS, ids=lambda part: part)
def test_a_number_is_read_or_marked_as_not_read_yet(section, name):
    assert has_a_reader(section, name) != (f"{section}.{name}" in UNREAD)


def test_every_mark_is_of_a_number_that_the_edition_holds():
    assert set(UNREAD) <= {f"{section}.{name}" for section, name in NUMBERS}
