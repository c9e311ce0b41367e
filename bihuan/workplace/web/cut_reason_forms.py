"""The form of a written reason where the score cannot decide."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON: Final = 1000
IN, OUT = "in", "out"


class CutReasonForm(forms.Form):
    """In or out, and why."""

    decision = forms.ChoiceField(
        label=_("Among the best of the month"),
        choices=[(IN, _("Yes, in")), (OUT, _("No, out"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in or out.")},
    )
    reason = forms.CharField(
        label=_("Written reason"),
        max_length=LONGEST_REASON,
        help_text=_("The person reads it beside their result. Kept for good: another one may follow, none is changed."),
        error_messages={"required": _("Without a written reason nothing is decided.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    @property
    def is_in(self) -> bool:
        return bool(self.cleaned_data["decision"] == IN)
