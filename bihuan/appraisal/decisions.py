"""What people decided: the group's second look and appeals count in the machine's place wherever a score is taken (S3-13, X19), and a
check enters scores only as far as it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import polars as pl

from bihuan.appeals.queries import answers_that_hold
from bihuan.appeals.standing import frame_in_force, verdicts_in_force
from bihuan.inspection.rules.trust import Standing
from bihuan.inspection.settled import settled_answers
from bihuan.inspection.trust.policy import start_of
from bihuan.inspection.trust.standing import scored_checks, stands
from bihuan.kit.clock import now
from bihuan.kit.ids import content_hash
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import Verdict

KIND = "verdict"
"""The kind of appeal that is about verdicts of conversations."""


@dataclass(frozen=True)
class Decided:
    """Decided answers by (contact, check), and how far the checks of an edition are trusted.

    `suspended` ones are only observed and enter no score; `provisional` ones enter it without counting yet: whatever
    they enter is for information and decides nobody's pay.
    """

    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    suspended: frozenset[str] = frozenset()
    provisional: frozenset[str] = frozenset()

    def in_frame(self, verdicts: pl.DataFrame) -> pl.DataFrame:
        """The verdicts that count; columns contact_id, item, verdict and whatever else."""
        if not self.answers:
            return verdicts.filter(~pl.col("item").is_in(list(self.suspended))) if self.suspended else verdicts
        decided = pl.col("contact_id").is_in(list({contact for contact, _ in self.answers}))
        rest = verdicts.filter(~decided & ~pl.col("item").is_in(list(self.suspended)))
        return pl.concat([frame_in_force(verdicts.filter(decided), self.answers, self.suspended), rest])

    def on_contact(self, contact_id: str, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """The same for one contact's verdicts by check."""
        own = {item: answer for (contact, item), answer in self.answers.items() if contact == contact_id}
        return verdicts_in_force(verdicts, own, self.suspended)

    @cached_property
    def token(self) -> str:
        """The same token, the same decisions."""
        return content_hash(
            {
                "answers": sorted([*key, one] for key, one in self.answers.items()),
                "stopped": sorted(self.suspended),
                "provisional": sorted(self.provisional),
            }
        )


UNDECIDED = Decided()


def decided_until(edition: Edition, at: datetime | None = None) -> Decided:
    """What was decided at a moment, or is by now: what the group or an appeal settled about people's evaluations, and what
    appeals decided about verdicts, which has the last word. Decisions and moves never change, so results of a moment can
    be made again."""
    standing = {check: one.standing for check, one in stands(edition, at).items()}
    answers = {**settled_answers(edition, at or now()), **answers_that_hold(KIND, until=at)}
    return Decided(answers, *_by_standing(edition, standing))


def undecided(edition: Edition) -> Decided:
    """Before anybody decided anything: every check stands where the edition lets it start. Asks no database."""
    return Decided({}, *_by_standing(edition, {check: start_of(edition, one) for check, one in edition.checks.items()}))


def _by_standing(edition: Edition, standing: Mapping[str, Standing]) -> tuple[frozenset[str], frozenset[str]]:
    observed = frozenset(check for check, one in standing.items() if one == Standing.OBSERVED)
    assisting = frozenset(check for check, one in standing.items() if one == Standing.ASSISTING)
    return observed, assisting & scored_checks(edition)
