"""What publishing and withdrawing an edition ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.people.models import Person
from bihuan.standards.editions import LARGEST_BYTES
from bihuan.standards.models import Edition


def _calendar() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PublicationForm(forms.Form):
    """A text, pasted or as a file, who wrote it, and from when it holds."""

    file = forms.FileField(label=_("YAML file"), required=False, widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}))
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_BYTES,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "std-yaml"}),
    )
    author = forms.CharField(
        label=_("Author's staff number"),
        max_length=40,
        help_text=_("You approve it by publishing; the author is somebody else."),
    )
    effective_from = forms.DateField(label=_("In effect from"), widget=_calendar(), initial=timezone.localdate)
    supersedes = forms.ModelChoiceField(
        Edition.objects.none(), label=_("Supersedes"), required=False, empty_label=_("Nothing")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supersedes"].queryset = Edition.objects.standing()  # type: ignore[attr-defined] # a model choice

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file

    def clean_author(self) -> str:
        number = str(self.cleaned_data["author"]).strip()
        if not Person.objects.filter(number=number).exists():
            raise forms.ValidationError(_("Nobody has this staff number."))
        return number

    def clean(self) -> dict[str, Any]:
        """The text, from the file where one came."""
        values = super().clean() or {}
        if values.get("file"):
            try:
                values["text"] = values["file"].read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text; save it as UTF-8."))
        elif not values.get("text") and "file" not in self.errors:
            self.add_error("text", _("Choose a file or paste the text."))
        return values


class WithdrawalForm(forms.Form):
    """From when an edition holds no longer, and why."""

    effective_on = forms.DateField(
        label=pgettext_lazy("of a withdrawal", "From"), widget=_calendar(), initial=timezone.localdate
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
