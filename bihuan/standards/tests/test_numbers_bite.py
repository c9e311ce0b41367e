"""Every sourced number of the recommended edition that scoring uses: change it, and a worked example fails."""

import copy
from decimal import Decimal

import pytest
import yaml

from bihuan.standards.editions import LIBRARY
from bihuan.standards.rules.reading import read
from bihuan.standards.rules.scoring import period_score
from bihuan.standards.rules.verdict import Verdict
from bihuan.standards.tests.golden_cases import contact_cases, scheme_cases

MET, VIOLATED = Verdict("met"), Verdict("violated")
TEXT = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
DOCUMENT = yaml.safe_load(TEXT)
CASES = [case for case in [*contact_cases(), *scheme_cases()] if case.edition == "recommended"]


def numbers_under(node, path):
    if isinstance(node, dict) and "value" in node and "source" in node:
        yield path
    elif isinstance(node, dict):
        for key, entry in node.items():
            yield from numbers_under(entry, (*path, key))
    elif isinstance(node, list):
        for at, entry in enumerate(node):
            yield from numbers_under(entry, (*path, at))


USED = [path for part in ("scorecards", "schemes") for path in numbers_under(DOCUMENT[part], (part,))]
PERIOD = ({"positive_share": MET, "few_complaints": VIOLATED}, {"few_complaints": MET, "recommendation": VIOLATED})
"""Verdicts on the rates that join at the end of a period (X6)."""


def answers(document):
    edition = read(document)
    found = []
    for case in CASES:
        tree = case.score(edition) if hasattr(case, "card") else case.total(edition)
        found.append((tree.value, tree.unfailed, tree.coverage, [child.contribution for child in tree.children]))
    card = edition.scorecard()
    found += [period_score(card, Decimal(90), rates).value for rates in PERIOD]
    return found


BEFORE = answers(DOCUMENT)


@pytest.mark.parametrize("path", USED, ids=lambda path: ".".join(map(str, path)))
def test_changing_a_number_that_scoring_uses_breaks_a_worked_example(path):
    changed = copy.deepcopy(DOCUMENT)
    number = changed
    for step in path:
        number = number[step]
    number["value"] = float(Decimal(str(number["value"])) * Decimal("1.25")) or 1
    assert answers(changed) != BEFORE
