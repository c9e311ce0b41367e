"""What is asked about a call-back: reached or not, really solved (S1-8), warmth and clarity (S2-12)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.workplace.calling.models import LEAST, MOST

YES, NO = "yes", "no"
LONGEST: Final = 1000
_RATINGS: Final = [("", "—"), *((str(one), str(one)) for one in range(LEAST, MOST + 1))]


class CallForm(forms.Form):
    """One call. What only a reached customer can say may stay empty."""

    reached = forms.ChoiceField(
        label=_("The customer"), choices=(("", "—"), (YES, _("was reached")), (NO, _("was not reached")))
    )
    solved = forms.ChoiceField(
        label=_("Is the matter really solved?"), choices=(("", "—"), (YES, _("Yes")), (NO, _("No"))), required=False
    )
    tone = forms.TypedChoiceField(
        label=_("Warmth of tone"), choices=_RATINGS, coerce=int, empty_value=None, required=False,
        help_text=_("1 cold, 5 warm; as the customer felt it"),
    )  # fmt: skip
    clarity = forms.TypedChoiceField(
        label=_("Clarity"), choices=_RATINGS, coerce=int, empty_value=None, required=False,
        help_text=_("1 hard to follow, 5 perfectly clear"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("In the customer's words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def values(self) -> dict[str, Any]:
        """For the action."""
        said = self.cleaned_data
        solved = {YES: True, NO: False}.get(said["solved"])
        return {**said, "reached": said["reached"] == YES, "solved": solved, "words": said["words"].replace("\x00", "")}
