"""Judges batches: one scan of the messages, then every check's algebra, then one table of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import polars as pl

from bihuan.standards.checks.answer import Answer
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.declared import judge_declared
from bihuan.standards.checks.flags import PATTERNS
from bihuan.standards.checks.learned import models
from bihuan.standards.checks.lexicon import Lexicon
from bihuan.standards.checks.phrases import all_patterns
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.checks.scan import Scan
from bihuan.standards.checks.table import verdict_table
from bihuan.standards.rules.edition import MICROS_OF_UNIT, PERCENT, CheckSetting, Edition, Number

_CHUNK: Final = 400_000  # messages scanned at once: bounds memory


@dataclass(frozen=True)
class Engine:
    """Checks with an edition's parameters, compiled once; safe to share between threads."""

    checks: tuple[Check, ...]
    params: Mapping[str, Mapping[str, Any]]
    edition: Edition | None
    lexicon: Lexicon

    @classmethod
    def for_edition(cls, edition: Edition | None = None, only: Iterable[str] | None = None) -> Engine:
        """All shipped checks and the edition's own, or those of `only` (KeyError names an unknown one), with the edition's
        parameters.

        An edition decides what counts in a score, not what is checked: ids it does not set run with their defaults.
        """
        known = checks_of(edition)
        checks = tuple(known.values()) if only is None else tuple(known[id] for id in only)
        settings = edition.checks if edition else {}
        params = {check.id: {**check.params, **_given(settings.get(check.id))} for check in checks}
        names = {name for check in checks for name in check.pattern_names()} | set(PATTERNS)
        meant = {name: model for name, model in models().items() if name in names}
        worded = (names - set(meant)).union(*(model.patterns for model in meant.values()))
        patterns = {**all_patterns(), **{own.name: own for check in checks for own in check.own_patterns}}
        return cls(checks, params, edition, Lexicon([patterns[name] for name in sorted(worded)], meant))

    def judge(self, batch: Batch) -> pl.DataFrame:
        """One row per contact and check: contact_id, item, verdict, reason, evidence; contacts in the batch's order,
        items by their ids, as the record keeps them.

        Evidence is a list of (message = seq, start, end in code points of the stored text, event, role).
        """
        return pl.concat(self.judge_in_parts(batch))

    def judge_in_parts(self, batch: Batch) -> Iterator[pl.DataFrame]:
        """The rows of `judge`, some contacts' after the others': a great day's need never stand in memory together."""
        return map(self._judge, _parts(batch))

    def _judge(self, batch: Batch) -> pl.DataFrame:
        scan = Scan(batch, self.lexicon)
        answers = []
        for check in self.checks:
            answer = Answer(scan, check, dict(self.params[check.id]), self.edition)
            (check.evaluate or judge_declared)(scan, answer)
            answers.append(answer)
        return verdict_table(scan, sorted(answers, key=lambda answer: answer.check.id))


def _given(setting: CheckSetting | None) -> Mapping[str, Any]:
    """An edition's parameters as plain numbers: durations in µs, percentages as shares, the rest as they stand."""
    return {name: _plain(number) for name, number in setting.numbers.items()} if setting else {}


def _plain(number: Number) -> int | Decimal:
    if number.unit in MICROS_OF_UNIT:
        return number.micros
    return number.share if number.unit == PERCENT else number.value


def _parts(batch: Batch) -> Iterator[Batch]:
    """The batch in parts of about `_CHUNK` messages that never cut a contact."""
    pieces = -(-batch.messages.height // _CHUNK)
    if pieces <= 1:
        yield batch
        return
    size = -(-batch.contacts.height // (pieces + 1))  # what waits for its turn takes room as well
    for start in range(0, batch.contacts.height, size):
        contacts = batch.contacts.slice(start, size)
        keys = contacts.select("contact_id")
        yield Batch(
            contacts,
            batch.messages.join(keys, on="contact_id", how="semi"),
            batch.events.join(keys, on="contact_id", how="semi"),
        )
