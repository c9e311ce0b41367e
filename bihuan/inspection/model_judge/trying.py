"""Questions about conversations that are in no record: exchanged ones of the fairness suite, examples beside a check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from bihuan.inspection.model_judge.asking import Asking, Round, Timing
from bihuan.inspection.model_judge.days import alone
from bihuan.inspection.model_judge.endpoint import Endpoint
from bihuan.inspection.model_judge.ledger import Ledger
from bihuan.inspection.model_judge.talks import Cast, questions_asked, questions_of
from bihuan.inspection.rules.model_judging import verdict_of
from bihuan.inspection.rules.model_masking import Staff
from bihuan.kit.clock import now
from bihuan.standards.checks.authored.trials import Trial
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.rules.edition import Edition

NOBODY = Cast(Staff(), {}, {})
ROWS = {"contact_id": pl.String, "item": pl.String, "verdict": pl.String, "reason": pl.String}


@dataclass
class ModelVerdicts:
    """What the model says about any conversations; once a round was stopped, only what is known already."""

    edition: Edition
    endpoint: Endpoint
    cast: Cast
    timing: Timing = field(default_factory=Timing)
    told: Round = field(default_factory=Round, init=False)

    def of(self, contacts: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
        """contact_id, item, verdict, reason of every question that has an answer."""
        questions = questions_of(self.edition, contacts, messages, self.cast, self.endpoint.model)
        ledger = Ledger(self.endpoint, now)
        if not self.told.stopped:
            with alone():
                self._count(Asking(ledger, self.timing).ask_all(questions.values()))
        known = ledger.known(one.key for one in questions.values())
        rows = [
            (contact, item, verdict_of(known[one.key], one.asked), known[one.key].reason)
            for (contact, item), one in questions.items()
            if one.key in known
        ]
        return pl.DataFrame(rows, schema=ROWS, orient="row")

    def _count(self, last: Round) -> None:
        self.told.requests += last.requests
        self.told.answered += last.answered
        self.told.left += last.left
        self.told.stopped = last.stopped


def items_asked(edition: Edition) -> frozenset[str]:
    """Checks of the edition that a model answers."""
    return frozenset(asked.item for asked in questions_asked(edition))


def tried_examples(verdicts: ModelVerdicts, only: Sequence[str] = ()) -> Iterator[Trial]:
    """The examples beside the edition's questions, and what the model says; those without an answer are left out."""
    known = checks_of(verdicts.edition)
    for asked in questions_asked(verdicts.edition):
        if only and asked.item not in only:
            continue
        examples = known[asked.item].examples
        batch = Batch.of_many([example.contact for example in examples])
        rows = verdicts.of(batch.contacts, batch.messages).filter(pl.col("item") == asked.item)
        said = {row["contact_id"]: row for row in rows.iter_rows(named=True)}
        for number, example in enumerate(examples, 1):
            row = said.get(f"{number - 1:08d}")
            if row is not None:
                yield Trial(asked.item, number, example, row["verdict"], row["reason"])
