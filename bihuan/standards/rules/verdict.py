"""The answer to one check or item about one contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bihuan.standards.rules.tree import Evidence

MET: Final = "met"
VIOLATED: Final = "violated"
NOT_APPLICABLE: Final = "not_applicable"
CANNOT_TELL: Final = "cannot_tell"
VERDICTS: Final = (MET, VIOLATED, NOT_APPLICABLE, CANNOT_TELL)


@dataclass(frozen=True)
class Verdict:
    """One of four words, why (a short code of the check), and where in the record it shows."""

    verdict: str
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Verdict:
        """From a row of the record's verdicts table or of the engine's answer."""
        spans = row.get("evidence") or ()
        return cls(row["verdict"], row.get("reason") or "", tuple(Evidence.from_json(span) for span in spans))
