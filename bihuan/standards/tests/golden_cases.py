"""Reading the worked examples: contact scores and totals of schemes, with what a person worked out for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.schemes import inputs_of, term_input, total
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import Verdict

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class ContactCase:
    name: str
    edition: str
    card: str
    verdicts: dict[str, Verdict]
    expect: dict[str, Any]

    def score(self, edition: Edition | None = None) -> ScoreNode:
        return score_contact(edition or load_edition(self.edition), self.verdicts, scorecard=self.card)


@dataclass(frozen=True)
class SchemeCase:
    name: str
    edition: str
    scheme: str
    figures: dict[str, Decimal]
    expected: Decimal | None
    coverage: Decimal

    def total(self, edition: Edition | None = None) -> ScoreNode:
        scheme = (edition or load_edition(self.edition)).schemes[self.scheme]
        terms = inputs_of(scheme)
        return total(scheme, {name: term_input(terms[name], raw) for name, raw in self.figures.items()})


def contact_cases() -> Iterator[ContactCase]:
    for path in sorted(GOLDEN.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "cases" not in data:
            verdicts = {key: Verdict(word) for word, keys in data["verdicts"].items() for key in keys}
            yield ContactCase(path.stem, data["edition"], data["card"], verdicts, data["expect"])


def scheme_cases() -> Iterator[SchemeCase]:
    for case in yaml.safe_load((GOLDEN / "schemes.yaml").read_text(encoding="utf-8"))["cases"]:
        figures = {name: decimal(value) for name, value in case["figures"].items()}
        yield SchemeCase(
            case["name"], case["edition"], case["scheme"], figures, optional(case["total"]), decimal(case["coverage"])
        )


def decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def optional(value: Any) -> Decimal | None:
    return None if value is None else decimal(value)
