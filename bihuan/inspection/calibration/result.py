"""The result of a closed calibration: agreement per item and as a whole, who leans which way, contacts × raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.inspection.calibration.terms import CalibrationTerms, edition_of_session, terms_of
from bihuan.inspection.calibration.words import FLOORS, Told, lean
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import Calibration, CalibrationContact, CalibrationSeat, Rating
from bihuan.inspection.rules.calibration import AgainstExpert, Agreement, Rated, Result, compared
from bihuan.inspection.rules.form import Question, questions_of
from bihuan.inspection.wording import subject_of, when_of
from bihuan.standards.rules.edition import Edition
from bihuan.ui import values
from bihuan.ui.figures import Timing
from bihuan.ui.tables import Column, Table
from bihuan.ui.values import language

DEPTHS: Final = (0, 1, 2, 4)  # differing items from which a cell of the chart is drawn one step deeper
_CELL: Final = "inspection/_estimate.html"


@dataclass(frozen=True)
class ItemLine:
    """An item and how far raters agree on it."""

    name: str
    source: str
    agreement: Agreement

    def told(self, name: str) -> Told:
        return Told(getattr(self.agreement, name), "share" if name in ("with_expert", "exact") else "coefficient")

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(word, tone): which floor is missed, and where AC1 speaks for the others."""
        below = [FLOORS[name] for name in self.agreement.below]
        found = [(_("%(names)s below the floor") % {"names": values.listed(below)}, "bad")] if below else []
        found += [(_("AC1 decides"), "")] if self.agreement.one_sided and self.agreement.ac.value is not None else []
        told, pairs = self.agreement.pairs
        partial = self.agreement.kappa.value is not None and told < pairs
        return (
            [*found, (_("κ of %(told)s of %(pairs)s pairs") % {"told": told, "pairs": pairs}, "")] if partial else found
        )


@dataclass(frozen=True)
class RaterLine:
    """One rater beside the expert."""

    name: str
    asked: int
    found: AgainstExpert

    @property
    def done(self) -> str:
        return f"{self.found.contacts} / {self.asked}"

    @property
    def lean(self) -> str:
        return lean(self.found.bias)


@dataclass(frozen=True)
class Cell:
    """What one rater gave one contact; `total` None and no `given` where nothing was submitted."""

    given: bool
    total: Decimal | None
    differing: int | None
    fatal: bool = False

    @property
    def depth(self) -> int:
        """How deep the chart draws it: 0 as the expert, then by how many items differ."""
        return sum((self.differing or 0) >= step for step in DEPTHS[1:])


def _estimates(name: str, label: Any) -> Column:
    return Column(name, label, get=lambda line: line.told(name), template=_CELL)


ITEMS: Final = (
    Column("name", gettext_lazy("Item")),
    Column("source", gettext_lazy("Rule"), template="inspection/_items_source.html"),
    Column(
        "marks",
        gettext_lazy("What stands out"),
        get=lambda line: line.marks or None,
        template="inspection/_items_marks.html",
    ),
    _estimates("with_expert", gettext_lazy("As the expert")),
    _estimates("exact", gettext_lazy("Among raters")),
    _estimates("kappa", gettext_lazy("Weighted κ")),
    _estimates("alpha", gettext_lazy("Krippendorff α")),
    _estimates("icc", gettext_lazy("ICC")),
    _estimates("ac", gettext_lazy("Gwet AC1")),
)
RATERS: Final = (
    Column("name", gettext_lazy("Rater")),
    Column("done", gettext_lazy("Submitted")),
    Column("exact", gettext_lazy("As the expert"), get=lambda line: Told(line.found.exact, "share"), template=_CELL),
    Column("kappa", gettext_lazy("Weighted κ with the expert"), get=lambda line: Told(line.found.kappa), template=_CELL),
    Column("bias", gettext_lazy("Points against the expert"), get=lambda line: Told(line.found.bias, "points"), template=_CELL),
    Column("lean", gettext_lazy("Leans"), get=lambda line: line.lean or None, reason=lambda line: _("No lean beyond chance")),
)  # fmt: skip


@dataclass(frozen=True)
class ResultPage:
    """A closed session as everybody in it may see it; of contacts in `blind` the reader sees no single answer."""

    session: Calibration
    blind: frozenset[str] = frozenset()

    @cached_property
    def edition(self) -> Edition:
        return edition_of_session(self.session)

    @cached_property
    def terms(self) -> CalibrationTerms:
        return terms_of(self.edition)

    @cached_property
    def seats(self) -> list[CalibrationSeat]:
        """The expert first."""
        return list(self.session.seats.select_related("person"))

    @property
    def raters(self) -> list[CalibrationSeat]:
        return [seat for seat in self.seats if not seat.is_expert]

    @cached_property
    def contacts(self) -> list[CalibrationContact]:
        return list(self.session.contacts.all())

    @cached_property
    def questions(self) -> dict[str, Question]:
        """What people answered, in the order of the form."""
        return {key: one for key, one in questions_of(form_for(self.edition)).items() if not one.by_record}

    @cached_property
    def ratings(self) -> dict[tuple[int, int], Rating]:
        """What was submitted, by contact and seat."""
        rows = Rating.objects.submitted().filter(contact__calibration=self.session).defer("tree")
        return {(one.contact_id, one.seat_id): one for one in rows.prefetch_related("answers")}

    @cached_property
    def result(self) -> Result:
        return _result(self)

    @property
    def strip(self) -> list[Timing]:
        """The whole form in one line."""
        whole = self.result.whole
        told = (
            (_("As the expert"), Told(whole.with_expert, "share"), ""),
            (_("Among raters"), Told(whole.exact, "share"), ""),
            (_("Weighted κ"), Told(whole.kappa), "bad" if "kappa" in whole.below else ""),
            (_("Krippendorff α"), Told(whole.alpha), "bad" if "alpha" in whole.below else ""),
            (_("Gwet AC1"), Told(whole.ac), "bad" if "ac" in whole.below else ""),
            (_("ICC of totals"), Told(self.result.totals), ""),
        )
        return [Timing(label, one.text or "—", note=one.note, tone=tone) for label, one, tone in told]

    @property
    def items(self) -> Table:
        """Items, the least agreed first."""
        lines = [
            ItemLine(question.label.said(language()) or key, question.source, self.result.items[key])
            for key, question in self.questions.items()
        ]
        return Table(ITEMS, sorted(lines, key=_least_agreed))

    @property
    def people(self) -> Table:
        names = {seat.person.number: seat.person.name for seat in self.seats}
        return Table(RATERS, [RaterLine(names[one.rater], len(self.contacts), one) for one in self.result.raters])

    @property
    def matrix(self) -> list[dict[str, Any]]:
        """One row per contact: what it was, where it opens, a cell per seat."""
        return [
            {
                "contact": contact, "subject": subject_of(contact), "when": when_of(contact), "url": compare_url(contact),
                "cells": [self._cell(contact, seat) for seat in self.seats], "hidden": contact.contact_id in self.blind,
            }
            for contact in self.contacts
        ]  # fmt: skip

    def _cell(self, contact: CalibrationContact, seat: CalibrationSeat) -> Cell:
        rating = self.ratings.get((contact.pk, seat.pk))
        if rating is None:
            return Cell(False, None, None)
        right = next((self.ratings.get((contact.pk, one.pk)) for one in self.seats if one.is_expert), None)
        return Cell(True, rating.total, None if right is None else len(differing(rating, right)), rating.fatal)


def compare_url(contact: CalibrationContact) -> str:
    return reverse("inspection:calibration_contact", args=[contact.calibration_id, contact.place])


def differing(one: Rating, other: Rating) -> list[str]:
    """Items on which two ratings do not say the same."""
    words = {answer.item: answer.verdict for answer in other.answers.all()}
    return [answer.item for answer in one.answers.all() if words.get(answer.item) != answer.verdict]


KEPT: Final = 64
_kept: dict[tuple[UUID, str], Result] = {}


def _result(page: ResultPage) -> Result:
    """A closed session never changes, so what was reckoned of one is remembered."""
    key = (page.session.pk, page.edition.hash)
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        expert = next(seat.person.number for seat in page.seats if seat.is_expert)
        _kept[key] = compared(
            _rated(page), expert=expert, raters=[seat.person.number for seat in page.raters], items=list(page.questions),
            floors=page.terms.floors, redraw=page.terms.redraw,
        )  # fmt: skip
    return _kept[key]


def _rated(page: ResultPage) -> Sequence[Rated]:
    numbers: Mapping[int, str] = {seat.pk: seat.person.number for seat in page.seats}
    places = {contact.pk: contact.place for contact in page.contacts}
    return [
        Rated(
            places[contact], numbers[seat], {one.item: one.verdict for one in rating.answers.all()},
            None if rating.total is None else float(rating.total),
        )
        for (contact, seat), rating in page.ratings.items()
    ]  # fmt: skip


def _least_agreed(line: ItemLine) -> tuple[bool, bool, float]:
    value = line.agreement.with_expert.value
    return (not line.agreement.below, value is None, value or 0.0)
