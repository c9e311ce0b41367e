"""Item statistics of people's answers: the form's items over released evaluations, apart from the machine's verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import Answer, Assignment, Evaluation
from bihuan.inspection.rules.form import ITEM, Question, questions_of
from bihuan.inspection.rules.items import ItemReport, Limits, item_report
from bihuan.inspection.rules.tallies import tally_of
from bihuan.standards.rules.edition import Edition


@dataclass(frozen=True)
class PeoplesAnswers:
    """What people answered to the form's questions about conversations of these days, as far as somebody may see.

    The version in force of each released evaluation drawn at random, by any version of the same standard: the risk queue
    and calibration are left out, and so are items that logged times decide.
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
        names = ("evaluation_id", "item", "verdict")
        given = Answer.objects.filter(
            evaluation__in=self._released, given_by=Answer.Giver.PERSON, item__in=self.questions
        )
        rows = [(str(of), item, word) for of, item, word in given.values_list(*names)]
        frame = pl.DataFrame(
            rows, schema={"contact_id": pl.String, "item": pl.String, "verdict": pl.String}, orient="row"
        )
        return item_report(tally_of(frame, tuple(self.questions)), self.limits, self.scored)

    @property
    def _released(self) -> Any:
        drawn = {"assignment__kind": Assignment.Kind.RANDOM, "assignment__inclusion_ppm__gt": 0}
        seen = Evaluation.objects.visible_to(self.user).in_force().between(*self.period)
        return seen.filter(edition_ref=self.edition.id, **drawn)
