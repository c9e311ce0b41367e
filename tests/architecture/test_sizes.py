"""Small things in reading order: sizes of files, functions and templates (docs/style in CONTRIBUTING.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "bihuan"

# declarations, schemas and data are as long as what they declare; each line says why
DECLARATIONS = {
    "archive/schemas.py": "tables of the record",
    "metrics/catalog.py": "the metrics",
    "config/settings.py": "settings",
    "journal/words.py": "what acts, their subjects and fields are called",
    "standards/rules/naming.py": "what the places of an edition are called",
    "ui/web/samples.py": "what the gallery shows",
}
DECLARING_FOLDERS = ("standards/checks/declarations", "migrations", "tests")

FILE_MOST, FILE_USUAL = 400, 250
FUNCTION_MOST, FUNCTION_USUAL = 60, 30
TEMPLATE_MOST, TEMPLATE_USUAL, TEMPLATE_MEDIAN = 120, 60, 20
USUAL_SHARE = 0.95


def _sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if name not in DECLARATIONS and not any(f"{folder}/" in f"{name}" for folder in DECLARING_FOLDERS):
            yield path


def _functions() -> Iterator[tuple[str, int]]:
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{path.relative_to(PACKAGE)}:{node.name}", node.end_lineno - node.lineno + 1


def _share_within(sizes: dict[str, int], limit: int) -> float:
    return sum(size <= limit for size in sizes.values()) / len(sizes)


def _lines(paths: Iterator[Path]) -> dict[str, int]:
    return {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}


def test_no_file_is_too_long() -> None:
    sizes = _lines(_sources())
    assert {name: size for name, size in sizes.items() if size > FILE_MOST} == {}
    assert _share_within(sizes, FILE_USUAL) >= USUAL_SHARE


def test_no_function_is_too_long() -> None:
    sizes = dict(_functions())
    assert {name: size for name, size in sizes.items() if size > FUNCTION_MOST} == {}
    assert _share_within(sizes, FUNCTION_USUAL) >= USUAL_SHARE


def test_templates_are_short() -> None:
    sizes = _lines(path for path in sorted(PACKAGE.rglob("templates/**/*.html")))
    if not sizes:
        pytest.fail("no templates were found")
    assert {name: size for name, size in sizes.items() if size > TEMPLATE_MOST} == {}
    assert _share_within(sizes, TEMPLATE_USUAL) >= USUAL_SHARE
    assert sorted(sizes.values())[len(sizes) // 2] <= TEMPLATE_MEDIAN


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "core"])
def test_no_folder_or_module_hides_what_it_does(name: str) -> None:
    assert [str(path) for path in PACKAGE.rglob(f"{name}*") if path.stem == name] == []
