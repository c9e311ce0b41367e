"""Which conversation a review is about: one of its customer's, another by its number, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.workplace.platform_reviews import called

OTHER, NONE = "other", "none"
LONGEST: Final = 500


class LinkForm(forms.Form):
    """One decision, with its reason."""

    contact = forms.ChoiceField(label=_("The review is about"), widget=forms.RadioSelect)
    number_of_contact = forms.CharField(
        label=_("Number of the conversation"), max_length=LONGEST, required=False,
        help_text=_("Only for another conversation: its id, or its number in the system it comes from."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    why = forms.CharField(
        label=_("How do you know?"), max_length=LONGEST,
        help_text=_("Such as: the order's contact in the shop's back office. It is kept with your name."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(row["contact_id"], called(row)) for row in candidates]
        last = [(OTHER, _("another conversation, by its number")), (NONE, _("none of our conversations"))]
        self.fields["contact"].choices = [*listed, *last]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("contact") == OTHER and not said.get("number_of_contact"):
            self.add_error("number_of_contact", _("Give the conversation's number."))
        return said

    def number(self) -> str:
        """What was typed, where that was asked for."""
        typed: str = self.cleaned_data["number_of_contact"].replace("\x00", "").strip()
        return typed if self.cleaned_data["contact"] == OTHER else ""

    def chosen(self) -> str:
        """The conversation chosen from the list; empty for none."""
        chosen: str = self.cleaned_data["contact"]
        return "" if chosen in (OTHER, NONE) else chosen
