"""What saving a view asks for."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.people.models import Team, User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.saved_views.acts import LONGEST_NAME, Audience, teams_to_share_with
from bihuan.workplace.saved_views.models import SavedView
from bihuan.workplace.saved_views.rows import AUDIENCES

_TEAM: Final = "team:"


class SavedViewForm(forms.Form):
    """A name, who sees it, and whether its period moves with the record."""

    name = forms.CharField(
        label=pgettext_lazy("of a view", "Name"), max_length=LONGEST_NAME, error_messages={"required": _("Give the view a name.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("Who sees it"))
    moves = forms.ChoiceField(label=_("Period"), required=False)

    def __init__(self, *args: Any, user: User, periods: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`periods` are the two readings of the period; without them it is not asked."""
        super().__init__(*args, **kwargs)
        self.teams = {f"{_TEAM}{team.key}": team for team in teams_to_share_with(user)}
        everybody = [Audience.ALL] if user.has_perm(Permission.SEE_ALL_CONTACTS) else []
        words = [(str(one), str(AUDIENCES[one])) for one in (Audience.OWNER, *everybody)]
        self.fields["audience"].choices = [words[0], *((key, one.name) for key, one in self.teams.items()), *words[1:]]  # type: ignore[attr-defined] # a choice field
        if periods:
            self.fields["moves"].choices = periods  # type: ignore[attr-defined] # a choice field
        else:
            del self.fields["moves"]

    @classmethod
    def of(cls, view: SavedView, user: User) -> SavedViewForm:
        """Filled with what a view is now."""
        audience = f"{_TEAM}{view.team.key}" if view.team else view.audience
        return cls(user=user, initial={"name": view.name, "audience": audience})

    def values(self) -> dict[str, Any]:
        """For the action: name, audience and team."""
        team: Team | None = self.teams.get(self.cleaned_data["audience"])
        audience = Audience.TEAM if team else self.cleaned_data["audience"]
        return {"name": self.cleaned_data["name"], "audience": audience, "team": team}
