"""Forms of the conversation pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 500


class RevelationForm(forms.Form):
    """Why the original of a conversation is needed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say why the original is needed, in a few words.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control", "autofocus": True}),
    )
