"""What starting, running and handing in a draft of a check ask for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.standards import models as standards
from bihuan.standards.queries import Listed, listed
from bihuan.ui import values
from bihuan.workplace.drafts.sample import FEWEST, LONGEST_DAYS, MOST, USUAL_SIZE

LARGEST_SEED: Final = 2**31 - 1
USUAL_DAYS: Final = 14


def _calendar() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class StartForm(forms.Form):
    """From which edition, and which of its own checks or a new one: `address` or `address/check`."""

    start = forms.ChoiceField(label=gettext_lazy("Start from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {one.address: one for one in listed(timezone.localdate())}
        field = self.fields["start"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(_titled(one), _choices(one)) for one in self.editions.values()]

    def chosen(self) -> tuple[Listed, str]:
        """The edition and the check's id, empty for a new one."""
        address, _sign, check_id = self.cleaned_data["start"].partition("/")
        return self.editions[address], check_id


def _titled(one: Listed) -> str:
    return f"{one.edition.title.said(values.language())} {one.edition.version}"


def _choices(one: Listed) -> list[tuple[str, str]]:
    own = [setting for setting in one.edition.checks.values() if setting.definition is not None]
    named = [(f"{one.address}/{s.id}", f"{s.label.said(values.language())} ({s.id})") for s in own]
    return [(one.address, _("A new check in %(edition)s") % {"edition": _titled(one)}), *named]


class TrialForm(forms.Form):
    """Which conversations a draft is tried on."""

    first = forms.DateField(label=gettext_lazy("From day"), widget=_calendar())
    last = forms.DateField(label=gettext_lazy("To day"), widget=_calendar())
    size = forms.IntegerField(
        label=pgettext_lazy("how many", "Conversations"), min_value=FEWEST, max_value=MOST, initial=USUAL_SIZE
    )
    seed = forms.IntegerField(label=gettext_lazy("Seed"), min_value=0, max_value=LARGEST_SEED)

    @classmethod
    def starting(cls, newest: date, seed: int) -> TrialForm:
        """The form before anything was run: the days up to the newest of the record, the edition's own seed."""
        first = newest - timedelta(days=USUAL_DAYS - 1)
        return cls(initial={"first": first, "last": newest, "size": USUAL_SIZE, "seed": seed})

    def clean(self) -> dict[str, Any]:
        """Days in order, not more than a trial reads."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("first", _("At most %(days)s days at once.") % {"days": LONGEST_DAYS})
        return given


class ApprovalForm(forms.Form):
    """What the publishing page is handed: the text and its author ready, the day and the predecessor to choose."""

    text = forms.CharField(widget=forms.HiddenInput)
    author = forms.CharField(widget=forms.HiddenInput)
    effective_from = forms.DateField(label=gettext_lazy("In effect from"), widget=_calendar())
    supersedes = forms.ModelChoiceField(
        standards.Edition.objects.none(),
        label=gettext_lazy("Supersedes"),
        required=False,
        empty_label=gettext_lazy("Nothing"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supersedes"].queryset = standards.Edition.objects.standing()  # type: ignore[attr-defined] # a model choice
