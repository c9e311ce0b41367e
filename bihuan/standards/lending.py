"""Numbers the recommended edition lends where another is silent: windows, decimals and terms of judging; never a target,
a weight or a rule of ranking (decision 0004). Who uses a lent number can say so, and results keep what was lent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition, Label, Number

LENDER: Final = "recommended"
SECTIONS: Final = (
    "rounding", "metrics", "statistics", "sampling", "survey", "complaints", "item_statistics", "fairness", "calibration",
    "trust", "appeals",
)  # fmt: skip
"""What is lent number by number; everything else an edition does not say is not asked of it."""


OWN: Final = frozenset({"fairness.flips_at_most", "fairness.shift_at_most"})
"""Limits among them that nobody is lent, like targets: without them nothing is judged."""


def number_of(edition: Edition, path: str) -> Number:
    """The edition's number at `section.name`, else the lent one; KeyError where neither edition has it."""
    number = own_number(edition, path) or own_number(load_edition(LENDER), path)
    if number is None:
        raise KeyError(path)
    return number


def own_number(edition: Edition, path: str) -> Number | None:
    """As `Edition.number`, decimals (`rounding.score`) included."""
    section, _, name = path.partition(".")
    return edition.rounding.get(name) if section == "rounding" else edition.number(path)


def lent(edition: Edition, paths: Iterable[str]) -> dict[str, Number]:
    """Those of these numbers that the edition takes from the lender."""
    return {path: number_of(edition, path) for path in paths if own_number(edition, path) is None}


def lent_by_section(edition: Edition) -> dict[str, dict[str, Number]]:
    """Everything the edition is silent on and would be lent, by section."""
    lender = load_edition(LENDER)
    if edition.hash == lender.hash:
        return {}
    names = {section: lender.rounding if section == "rounding" else lender.section(section) for section in SECTIONS}
    paths = {section: [f"{section}.{name}" for name in held] for section, held in names.items()}
    found = {section: lent(edition, (path for path in held if path not in OWN)) for section, held in paths.items()}
    return {section: numbers for section, numbers in found.items() if numbers}


def to_json(numbers: Mapping[str, Number]) -> dict[str, Any]:
    """Lent numbers as results keep them."""
    return {
        path: {"value": f"{number.value:f}", "unit": number.unit, "source": number.source, "why": number.why.to_json()}
        for path, number in sorted(numbers.items())
    }


def from_json(kept: Mapping[str, Any]) -> dict[str, Number]:
    """What `to_json` wrote."""
    return {path: _number(path, one) for path, one in kept.items()}


def _number(path: str, one: Mapping[str, Any]) -> Number:
    place = path if path.startswith("rounding.") else f"numbers.{path}"
    return Number(Decimal(one["value"]), one["unit"], one["source"], Label(**one["why"]), place)
