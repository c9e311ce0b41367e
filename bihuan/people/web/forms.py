"""What staff pages ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.people import labels
from bihuan.people.models import Person, Team
from bihuan.people.roster_files import LARGEST_FILE
from bihuan.people.rules.posts import issue_of
from bihuan.people.rules.roles import Role


def _calendar() -> forms.DateInput:
    """The browser's own picker; it takes its value in no other form than this."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=_calendar(), initial=timezone.localdate)


def _open_teams() -> Any:
    return Team.objects.filter(closed_on__isnull=True)


class HireForm(forms.Form):
    number = forms.CharField(label=_("Staff number"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=80)
    joined = _day(_("Joined"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("None yet"))
    post = forms.ChoiceField(label=_("Post"), required=False, choices=[("", _("None yet")), *labels.POSTS.items()])
    agent_class = forms.ChoiceField(label=_("Agent class"), choices=list(labels.CLASSES.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = _open_teams()  # type: ignore[attr-defined] # a model choice


class MoveForm(forms.Form):
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    on = _day(_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = _open_teams()  # type: ignore[attr-defined] # a model choice


class LeadForm(MoveForm):
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        return {"team": values.get("team"), "since": values.get("on")}


class PostForm(forms.Form):
    post = forms.ChoiceField(label=_("Post"), choices=list(labels.POSTS.items()))
    step = forms.ChoiceField(
        label=_("Ladder step"), required=False, choices=[("", _("No step")), *labels.STEPS.items()]
    )
    on = _day(_("From"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "post" in values and issue_of(values["post"], values.get("step", "")):
            self.add_error("step", str(labels.ISSUES["step_not_in_post"]))
        return values


class PromotionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400)
    on = _day(_("From"))


class ClassForm(forms.Form):
    agent_class = forms.ChoiceField(label=_("Agent class"), choices=list(labels.CLASSES.items()))
    on = _day(_("From"))


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=list(labels.ROLES.items()))
    since = _day(_("From"))

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class DayForm(forms.Form):
    on = _day(_("Day"))


class EmptyForm(forms.Form):
    """An act that needs nothing but the decision."""


class TeamForm(forms.Form):
    key = forms.SlugField(
        label=pgettext_lazy("of a team", "Key"),
        max_length=40,
        allow_unicode=True,
        help_text=_("Its name in the record; never changes."),
    )
    name = forms.CharField(label=pgettext_lazy("of a team", "Name"), max_length=80)


class SettleForm(forms.Form):
    person = forms.CharField(label=_("Staff number"), max_length=40)
    since = forms.DateField(label=_("From"), required=False, widget=_calendar())

    def clean_person(self) -> Person:
        person = Person.objects.filter(number=self.cleaned_data["person"].strip()).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this staff number."))
        return person


class RosterForm(forms.Form):
    file = forms.FileField(label=_("Roster"), help_text=_("CSV or XLSX, at most 5 MB; UTF-8 or GBK."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file
