"""Who may be ranked and how: the numbers of the edition's `ranking` section, read once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bihuan.appraisal.rules.month import PersonMonth
from bihuan.appraisal.rules.ranking import Standing
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import ScoreNode

NEEDED: Final = (
    "least_contacts", "coverage_floor", "top_share", "least_people_for_top", "bootstrap_draws", "bootstrap_seed",
)  # fmt: skip


@dataclass(frozen=True)
class RankPolicy:
    """Rules of ranking. An edition without them ranks nobody and says so."""

    given: bool
    least_contacts: int = 0
    coverage_floor: Decimal = Decimal(0)
    top_share: Decimal = Decimal(0)
    least_people: int = 0
    draws: int = 1
    seed: int = 0
    confidence: float = 0.0
    unranked: Standing = Standing.UNRANKED

    def reason_against(self, month: PersonMonth, tree: ScoreNode) -> str:
        """Why this total takes no rank; empty where it may."""
        if not self.given:
            return "no_ranking_rules"
        if tree.value is None:
            return tree.reason or "no_total"
        if month.contacts < self.least_contacts:
            return "too_few_contacts"
        if tree.coverage is not None and tree.coverage < self.coverage_floor:
            return "below_coverage_floor"
        return ""


def policy_of(edition: Edition) -> RankPolicy:
    """The edition's rules of ranking; `given` is false where it has none."""
    numbers = edition.section("ranking")
    confidence = edition.number("statistics.confidence")
    if confidence is None or any(name not in numbers for name in NEEDED):
        return RankPolicy(given=False)
    return RankPolicy(
        given=True,
        least_contacts=numbers["least_contacts"].whole,
        coverage_floor=numbers["coverage_floor"].value,
        top_share=numbers["top_share"].share,
        least_people=numbers["least_people_for_top"].whole,
        draws=numbers["bootstrap_draws"].whole,
        seed=numbers["bootstrap_seed"].whole,
        confidence=float(confidence.share),
    )
