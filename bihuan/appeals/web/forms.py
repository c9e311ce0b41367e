"""Forms of appeals: one per item, told apart by a prefix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.appeals.actions import SHORTEST_REASON, Plea, Viewed
from bihuan.appeals.kinds import Item, Span
from bihuan.appeals.models import AppealItem
from bihuan.appeals.page import Answer, answer_of
from bihuan.appeals.refusals import RULING_ISSUES
from bihuan.appeals.rules import Outcome, Ruling, ruling_issue
from bihuan.appeals.wording import said

LONGEST: Final = 2000
_PLACE: Final = re.compile(r"#?(\d{1,6})(?::(\d{1,6})-(\d{1,6}))?")
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")


def read_spans(text: str) -> tuple[Span, ...]:
    """`#3, #5:4-9`: messages, or code points of them. Raises ValidationError for anything else."""
    spans = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        found = _PLACE.fullmatch(part)
        if found is None:
            raise forms.ValidationError(_("Write the numbers of messages, such as #3, #5."))
        message, start, end = (int(one) if one is not None else None for one in found.groups())
        spans.append(Span(message or 0, start, end))
    return tuple(dict.fromkeys(spans))


class PleaForm(forms.Form):
    """Whether an item is appealed; what should hold, why and where it shows only count when it is."""

    picked = forms.BooleanField(required=False)
    claimed = forms.CharField(required=False, max_length=40)
    reason = forms.CharField(required=False, max_length=LONGEST)
    evidence = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, data: Any, item: Item, **options: Any) -> None:
        super().__init__(data, prefix=f"item-{item.key}", **options)
        self.item = item

    def clean_evidence(self) -> tuple[Span, ...]:
        return read_spans(self.cleaned_data["evidence"])

    def clean(self) -> dict[str, Any]:
        """An item that is not picked is in order whatever stands in it."""
        said = super().clean() or self.cleaned_data
        if not said.get("picked"):
            self._errors = forms.utils.ErrorDict()
            return said
        codes = {choice.code for choice in self.item.choices} - {self.item.answer}
        if said.get("claimed") not in codes:
            self.add_error("claimed", _("Say which answer should hold instead."))
        if len(said.get("reason", "").strip()) < SHORTEST_REASON:
            self.add_error("reason", _("Say why, in a few words."))
        return said

    @property
    def label(self) -> str:
        return said(self.item.label.to_json())

    @property
    def why(self) -> str:
        return said(self.item.reason.to_json())

    @property
    def present(self) -> Answer:
        """The answer as it stands."""
        return self._drawn(self.item.answer)

    @property
    def answers(self) -> list[Answer]:
        """What may be claimed instead."""
        return [self._drawn(choice.code) for choice in self.item.choices if choice.code != self.item.answer]

    def _drawn(self, code: str) -> Answer:
        return answer_of([choice.to_json() for choice in self.item.choices], code)

    @property
    def is_picked(self) -> bool:
        return bool(self["picked"].value())

    def plea(self) -> Plea:
        said = self.cleaned_data
        return Plea(self.item.key, said["claimed"], said["reason"], said["evidence"])


class ViewForm(forms.Form):
    """A blind answer to one item."""

    answer = forms.CharField(required=False, max_length=40)
    note = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, data: Any, item: AppealItem) -> None:
        super().__init__(data, prefix=f"item-{item.pk}")
        self.item = item

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if answer not in {choice["code"] for choice in self.item.choices}:
            raise forms.ValidationError(_("Choose an answer."))
        return answer

    def viewed(self) -> Viewed:
        return Viewed(self.cleaned_data["answer"], self.cleaned_data["note"].strip())


class RulingForm(forms.Form):
    """What becomes of one item."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.value) for outcome in Outcome], error_messages={"required": _("Decide.")}
    )
    answer = forms.CharField(required=False, max_length=40)
    reason = forms.CharField(
        max_length=LONGEST, error_messages={"required": _("Every decision needs a reason.")}, strip=True
    )

    def __init__(self, data: Any, item: AppealItem) -> None:
        super().__init__(data, prefix=f"item-{item.pk}")
        self.item = item

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors:
            codes = [choice["code"] for choice in self.item.choices]
            issue = ruling_issue(self.ruling(), first=self.item.first_answer, claimed=self.item.claimed, answers=codes)
            if issue:
                self.add_error("answer", _(RULING_ISSUES[issue]))
        return said

    def ruling(self) -> Ruling:
        said = self.cleaned_data
        outcome = Outcome(said["outcome"])
        return Ruling(outcome, said["reason"], said["answer"] if outcome == Outcome.AMEND else "")


class HandOverForm(forms.Form):
    """To whom an appeal goes, and why."""

    person = forms.CharField(max_length=40)
    reason = forms.CharField(
        max_length=400, min_length=SHORTEST_REASON, error_messages={"min_length": _("Say why, in a few words.")}
    )


def valid(made: Sequence[forms.Form]) -> bool:
    """All of them, each asked, so that every error is shown at once."""
    return sum(not form.is_valid() for form in made) == 0
