"""Writes docs/CONFORMANCE.md: every rule, where it is seen, and the tests that fail when it is broken.

`python -m tests.conformance` writes it, `--check` fails when the committed table is not the one the sources give.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections import defaultdict
from pathlib import Path

import django

from tests.rules import RULES
from tests.seen import SEEN

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "CONFORMANCE.md"
TEST = re.compile(r"^test_((?:(?:S\d_\d+|X\d+)_)+)")

Places = defaultdict[str, set[str]]


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    django.setup()
    text = table(places(), tests())
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("docs/CONFORMANCE.md is out of date: python -m tests.conformance", file=sys.stderr)
    return 1


def table(seen: Places, tested: Places) -> str:
    """The whole document."""
    done = sum(rule in tested for rule in RULES)
    lines = [
        "# Conformance",
        "",
        "Every rule the product is to carry out: where it is seen, and the tests named after it. Generated from the",
        "editions, the metric catalogue, the checks, `tests/seen.py` and the test names by `python -m tests.conformance`;",
        f"CI fails when it is out of date. Rules with a test: {done} of {len(RULES)}. A rule without one is not built yet.",
        "",
        "| rule | what | seen at | tests |",
        "|---|---|---|---|",
    ]
    for rule, what in RULES.items():
        lines.append(f"| {rule} | {what} | {_cell(seen[rule])} | {_cell(tested[rule])} |")
    return "\n".join(lines) + "\n"


def places() -> Places:
    """Rule id → addresses of pages and commands, nothing a stranger could not open: those that follow from declarations, and
    those that `tests.seen` names."""
    from bihuan.standards.cited import citations  # after django.setup

    found: Places = defaultdict(set)
    for rule, cited in citations().items():
        found[rule] |= {f"`/metrics/{name}/`" for name in cited.metrics}
        found[rule] |= {f"`/standards/{name}/`" for name in cited.editions}
        found[rule] |= {f"`bihuan check` {check}" for check in cited.checks}
    for rule, addresses in SEEN.items():
        found[rule] |= {f"`{address}`" for address in addresses}
    return found


def tests() -> Places:
    """Rule id → tests whose names begin with it; a name may begin with several ids."""
    found: Places = defaultdict(set)
    for path in sorted([*(ROOT / "bihuan").rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match = TEST.match(node.name) if isinstance(node, ast.FunctionDef) else None
            for rule in re.findall(r"S\d_\d+|X\d+", match.group(1)) if match else ():
                found[rule.replace("_", "-")].add(f"`{path.relative_to(ROOT).as_posix()}::{node.name}`")
    return found


def _cell(items: set[str]) -> str:
    return "<br>".join(sorted(items)) or "—"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
