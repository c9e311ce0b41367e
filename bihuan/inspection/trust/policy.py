"""What an edition says about trust in checks; where it is silent, the shipped one to start with lends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from bihuan.inspection.forms_of_editions import TIMED
from bihuan.inspection.model_judge.endpoint import model_in_use
from bihuan.inspection.rules.model_judging import PROMPT_VERSION
from bihuan.inspection.rules.trust import ORDER, Floor, Floors, Standing
from bihuan.kit.ids import content_hash
from bihuan.standards.checks.authored.asking import asked_of
from bihuan.standards.lending import lent, number_of
from bihuan.standards.rules.edition import CheckSetting, Edition, Number


@dataclass(frozen=True)
class TrustPolicy:
    """`window_days`: how far back reviews are looked at; `least`: reviewed rows a figure rests on at least;
    `least_scored`: human scores of a person's month below which there is no combined figure."""

    floors: Floors
    least: int
    confidence: float
    window_days: int
    least_scored: int


def trust_policy(edition: Edition) -> TrustPolicy:
    """The numbers of `trust`; the floor of counting and the least reviewed are those of `appeals` (one number each)."""
    return TrustPolicy(
        floors=Floors(
            assisting=Floor(_share(edition, "trust.assisting_precision"), _share(edition, "trust.assisting_recall")),
            counting=Floor(_share(edition, "appeals.precision_floor"), _share(edition, "trust.counting_recall")),
        ),
        least=number_of(edition, "appeals.least_reviewed").whole,
        confidence=_share(edition, "statistics.confidence"),
        window_days=number_of(edition, "trust.window").whole,
        least_scored=number_of(edition, "trust.least_scored").whole,
    )


_TERMS: Final = (
    "trust.assisting_precision", "trust.assisting_recall", "appeals.precision_floor", "trust.counting_recall",
    "appeals.least_reviewed", "statistics.confidence", "trust.window", "trust.least_scored", "trust.shipped_starts",
    "trust.own_starts", "trust.timed_starts",
)  # fmt: skip


def lent_terms(edition: Edition) -> dict[str, Number]:
    """The numbers read here that another edition lends to this one."""
    return lent(edition, _TERMS)


def start_of(edition: Edition, setting: CheckSetting) -> Standing:
    """Where a check stands before anybody moved it: one's own, one of logged times, or a shipped one."""
    shipped = "timed" if setting.id in TIMED else "shipped"
    kind = shipped if setting.definition is None else "own"
    return ORDER[number_of(edition, f"trust.{kind}_starts").whole - 1]


@lru_cache(maxsize=4096)
def _fingerprint(check: str, said: str) -> str:
    return content_hash({"check": check, "said": said})


def fingerprint_of(setting: CheckSetting) -> str:
    """What a check looks for, as a hash: its definition and thresholds. Equal ones answer alike in any edition.

    For a question to a model it is also who answers and how it is asked: trust earned by one model is no other's.
    """
    params = {name: str(value) for name, value in sorted(setting.params.items())}
    said = (params, _plain(setting.definition))
    asked = asked_of(setting)
    return _fingerprint(setting.id, repr((*said, asked.model or model_in_use(), PROMPT_VERSION) if asked else said))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((key, _plain(entry)) for key, entry in value.items())
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return str(value)


def _share(edition: Edition, path: str) -> float:
    return float(number_of(edition, path).share)
