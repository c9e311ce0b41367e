"""Which conversations two editions are compared on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.workplace.drafts.sample import FEWEST, LONGEST_DAYS, USUAL_SIZE

USUAL_DAYS: Final = 30
MOST: Final = 20_000
"""Conversations of one comparison: some minutes of the worker's time."""


def _calendar() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


class DrawForm(forms.Form):
    """Days and size of the draw; its seed is the edition's own."""

    first = forms.DateField(label=gettext_lazy("From day"), widget=_calendar())
    last = forms.DateField(label=gettext_lazy("To day"), widget=_calendar())
    size = forms.IntegerField(label=pgettext_lazy("how many", "Conversations"), min_value=FEWEST, max_value=MOST,
                              widget=forms.NumberInput(attrs={"class": "form-control"}))  # fmt: skip

    def __init__(self, data: Any = None, *, newest: date) -> None:
        first = newest - timedelta(days=USUAL_DAYS - 1)
        super().__init__(data, initial={"first": first, "last": newest, "size": USUAL_SIZE})

    def clean(self) -> dict[str, Any]:
        """Days in order, not more than a quarter."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("first", _("At most %(days)s days at once.") % {"days": LONGEST_DAYS})
        return given

    def drawn(self) -> dict[str, Any]:
        """As `request_comparison` takes it."""
        given = self.cleaned_data
        return {"period": (given["first"], given["last"]), "size": given["size"]}
