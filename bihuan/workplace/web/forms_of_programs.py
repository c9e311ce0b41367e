"""What the pages of imports and keys ask for."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.people.rules.tokens import LIFETIMES, ApiScope
from bihuan.workplace.imports.files import LARGEST_MAPPING, LARGEST_UPLOAD, TOO_LARGE
from bihuan.workplace.imports.sources import source_titles

SCOPES: Final = (
    (ApiScope.FIGURES_READ, _("Read figures")),
    (ApiScope.CONTACTS_READ, _("Read conversations (masked)")),
    (ApiScope.VERDICTS_READ, _("Read verdicts")),
    (ApiScope.RESULTS_READ, _("Read monthly results")),
    (ApiScope.EDITIONS_READ, _("Read standards")),
    (ApiScope.IMPORTS_WRITE, _("Hand in files")),
)
_DAYS: Final = {7: _("7 days"), 30: _("30 days"), 90: _("90 days"), 365: _("A year")}
_USUAL_DAYS: Final = 90


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("Such as: monthly report, data warehouse.")
    )
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=SCOPES, widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("It lives for"), coerce=int, choices=[(days, _DAYS[days]) for days in LIFETIMES], initial=_USUAL_DAYS
    )

    def clean_scopes(self) -> list[ApiScope]:
        return [ApiScope(scope) for scope in self.cleaned_data["scopes"]]


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV, TSV, JSON Lines, Parquet or XLSX; .gz and one-file .zip too. At most 1 GB.")
    )
    source = forms.ChoiceField(label=_("Source"), required=False)
    mapping = forms.FileField(
        label=_("Or a mapping of your own"), required=False, help_text=_("A YAML file that says which column is what.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", _("Choose …")), *source_titles().items()]  # type: ignore[attr-defined] # a choice field

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_(TOO_LARGE))
        return file

    def clean_mapping(self) -> Any:
        file = self.cleaned_data.get("mapping")
        if file and file.size > LARGEST_MAPPING:
            raise forms.ValidationError(_("The mapping file is too large."))
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and bool(values.get("source")) == bool(values.get("mapping")):
            self.add_error("source", _("Choose a ready source, or hand in a mapping of your own."))
        return values
