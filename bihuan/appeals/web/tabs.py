"""Which lists an account has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.people.rules.roles import Permission

MINE, DECIDING, ALL, CLOSED = "mine", "deciding", "all", "closed"
_NEEDS: Final = {DECIDING: Permission.ADJUDICATE, ALL: Permission.OVERSEE_APPEALS, CLOSED: Permission.ADJUDICATE}


@dataclass(frozen=True)
class ListTab:
    """A tab (as `ui.figures.Tab`) that knows its list."""

    name: str
    label: str
    url: str
    current: bool = False
    count: int | None = None


def default_list(user: Any, counts: Mapping[str, int]) -> str:
    """Where an account starts: what waits for it, then all of them for overseers, else its own."""
    if counts[DECIDING]:
        return DECIDING
    if user.has_perm(Permission.OVERSEE_APPEALS):
        return ALL
    return DECIDING if user.has_perm(Permission.ADJUDICATE) and not counts[MINE] else MINE


def list_tabs(user: Any, counts: Mapping[str, int], asked: str | None) -> list[ListTab]:
    """The lists the account may open; `asked` or the usual one is current, none for None."""
    words = {
        MINE: _("My appeals"),
        DECIDING: _("For me to decide"),
        ALL: _("All open"),
        CLOSED: pgettext("appeals", "Closed"),
    }
    names = [name for name in words if name not in _NEEDS or user.has_perm(_NEEDS[name])]
    current = asked if asked is None or asked in names else default_list(user, counts)
    url = reverse("appeals:appeals")
    return [ListTab(name, words[name], f"{url}?list={name}", name == current, counts[name]) for name in names]


def rate_tabs(user: Any, asked: str) -> list[ListTab]:
    """By what rates are taken; the names of raters are for overseers."""
    words = {"item": _("By item"), "check": _("By check"), "rater": _("By rater")}
    names = [name for name in words if name != "rater" or user.has_perm(Permission.OVERSEE_APPEALS)]
    url = reverse("appeals:rates")
    return [ListTab(name, words[name], f"{url}?by={name}", name == asked) for name in names]
