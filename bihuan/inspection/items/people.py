"""Item statistics of people's answers: the form's items over released evaluations, apart from the machine's verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import polars as pl

from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.inclusion import Cell, probabilities
from bihuan.inspection.models import Answer, Assignment, Evaluation
from bihuan.inspection.rules.form import ITEM, Question, questions_of
from bihuan.inspection.rules.items import ItemReport, Limits, item_report
from bihuan.inspection.rules.tallies import tally_of
from bihuan.standards.rules.edition import Edition


@dataclass(frozen=True)
class PeoplesAnswers:
    """What people answered to the form's questions about conversations of these days, as far as somebody may see.

    The version in force of each released evaluation drawn at random, by any version of the same standard: the risk queue
    and calibration are left out, and so are items that logged times decide. Each weighs one ÷ its probability of being
    drawn and answered, so that strata from which more was drawn count no more than their contacts.
    """

    user: Any
    edition: Edition
    period: tuple[date, date]
    limits: Limits

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Questions people answer, those of the points first; none where the edition scores no contacts."""
        if not self.edition.scorecards:
            return {}
        asked = [one for one in questions_of(form_for(self.edition)).values() if not one.by_record]
        return {one.id: one for one in sorted(asked, key=lambda one: one.kind != ITEM)}

    @property
    def scored(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.questions.values() if one.kind == ITEM)

    @cached_property
    def report(self) -> ItemReport:
        weights = self._weights
        given = Answer.objects.filter(
            evaluation__in=list(weights), given_by=Answer.Giver.PERSON, item__in=self.questions
        )
        told = given.values_list("evaluation_id", "item", "verdict")
        rows = [(str(of), item, word, weights[of]) for of, item, word in told]
        names = {"contact_id": pl.String, "item": pl.String, "verdict": pl.String, "weight": pl.Float64}
        frame = pl.DataFrame(rows, schema=names, orient="row")
        return item_report(tally_of(frame, tuple(self.questions)), self.limits, self.scored)

    @property
    def _weights(self) -> dict[UUID, float]:
        """{evaluation: its weight}, of those the reader may see; the share of a draw that was answered is that of all."""
        cells = self._released(Evaluation.objects.all())
        chances = probabilities(cells.values(), *self.period)
        seen = self._released(Evaluation.objects.visible_to(self.user))
        return {pk: 1 / chances[cell] for pk, cell in seen.items()}

    def _released(self, rows: Any) -> dict[UUID, Cell]:
        drawn = {"assignment__kind": Assignment.Kind.RANDOM, "assignment__inclusion_ppm__gt": 0}
        found = rows.in_force().between(*self.period).filter(edition_ref=self.edition.id, **drawn)
        named = found.values_list("pk", "assignment__draw_id", "assignment__inclusion_ppm")
        return {pk: (draw, ppm) for pk, draw, ppm in named}
