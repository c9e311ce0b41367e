"""The form of a new calibration session."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.inspection.calibration.group import evaluation_group
from bihuan.inspection.calibration.pool import Drawing
from bihuan.people.models import Person

MOST_CONTACTS: Final = 50
LARGEST_SEED: Final = 2**31 - 1
LONGEST_ID: Final = 200
DAYS_BACK: Final = 7
DUE_IN: Final = 3


def _calendar() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


def _text(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class CalibrationForm(forms.Form):
    """Drawn by a seed, or the named conversations where some are named."""

    name = forms.CharField(label=_("Name of the session"), max_length=120, widget=_text())
    expert = forms.ModelChoiceField(
        Person.objects.none(), label=_("Expert"), help_text=_("Whose answers are the reference."), empty_label=None
    )
    raters = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Raters"), widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two of the evaluation group (S3-2)."),
    )  # fmt: skip
    due = forms.DateField(label=_("Due on"), widget=_calendar(), help_text=_("Until the end of this day."))
    first = forms.DateField(label=_("Conversations from"), widget=_calendar())
    last = forms.DateField(label=_("Conversations until"), widget=_calendar())
    most = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=MOST_CONTACTS)
    seed = forms.IntegerField(
        label=_("Seed of the draw"), min_value=0, max_value=LARGEST_SEED,
        help_text=_("With the same seed anybody can repeat the draw."),
    )  # fmt: skip
    contacts = forms.CharField(
        label=_("Or these conversations"), required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_("Numbers of conversations, one a line; then nothing is drawn."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        group = evaluation_group(timezone.now())
        for name in ("expert", "raters"):
            self.fields[name].queryset = group  # type: ignore[attr-defined] # both choose models
            self.fields[name].label_from_instance = lambda person: f"{person.name} {person.number}"  # type: ignore[attr-defined] # as above
        for name in ("expert", "most", "seed"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def clean_contacts(self) -> list[str]:
        return [
            line.strip()[:LONGEST_ID]
            for line in self.cleaned_data["contacts"].replace("\x00", "").splitlines()
            if line.strip()
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        if len(said.get("contacts") or ()) > MOST_CONTACTS:
            self.add_error("contacts", _("At most %(most)s conversations.") % {"most": MOST_CONTACTS})
        return said

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of `make_calibration`."""
        said = self.cleaned_data
        drawing = Drawing(said["first"], said["last"], said["most"], said["seed"])
        end_of_day = datetime.combine(said["due"] + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())
        return {
            "name": said["name"], "expert": said["expert"], "raters": list(said["raters"]), "due_at": end_of_day,
            "contacts": said["contacts"] or drawing,
        }  # fmt: skip
