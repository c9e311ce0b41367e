"""The side bar: which pages a role is shown. A role never sees an entry it may not use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.people.rules.roles import Permission, Role


@dataclass(frozen=True)
class Entry:
    """A page of the side bar; whoever has one of the permissions is shown it."""

    name: str
    label: str
    icon: str
    may: tuple[Permission, ...]
    home_of: tuple[Role, ...] = ()  # these roles start on it, so that their side bar need not name it twice


@dataclass(frozen=True)
class Group:
    """Entries under a heading; the first group has none."""

    label: str
    entries: tuple[Entry, ...]


_P = Permission
_RECORD = (_P.SEE_OWN,)
_LEADS = (_P.SEE_TEAM, _P.SEE_ALL_FIGURES)

GROUPS: Final = (
    Group(
        "",
        (
            Entry("workplace:home", _("Home"), "home", _RECORD),
            Entry("workplace:overview", _("Overview"), "layout-dashboard", _LEADS, (Role.MANAGER, Role.TRAINER)),
        ),
    ),
    Group(
        _("Service"),
        (
            Entry("workplace:contacts", _("Conversations"), "archive", _RECORD),
            Entry("workplace:complaints", _("Complaint ledger"), "message-report", _RECORD),
            Entry("workplace:callbacks", _("Call-backs"), "phone-outgoing", (_P.EVALUATE,)),
            Entry("workplace:platform_reviews", _("Platform reviews"), "star", (_P.EVALUATE,)),
        ),
    ),
    Group(
        _("Inspect"),
        (
            Entry("inspection:queue", _("My inspections"), "clipboard-check", (_P.EVALUATE,)),
            Entry("inspection:evaluations", _("Evaluations"), "checklist", _RECORD),
            Entry("inspection:sheet", _("Daily score sheet"), "table", (_P.EVALUATE, _P.SEE_TEAM)),
            Entry("inspection:plan", _("Sampling plan"), "arrows-shuffle", (_P.EVALUATE,)),
            Entry("inspection:reviews", _("Weekly re-evaluation"), "refresh", (_P.REVIEW_EVALUATIONS,)),
            Entry("inspection:calibrations", _("Calibration"), "adjustments", (_P.REVIEW_EVALUATIONS,)),
            Entry("appeals:appeals", _("Appeals"), "scale", (_P.APPEAL,)),
        ),
    ),
    Group(
        _("Measure and appraise"),
        (
            Entry("workplace:metrics", _("Metrics"), "chart-dots", _RECORD),
            Entry("workplace:teams", _("Teams"), "users-group", _LEADS),
            Entry("workplace:months", _("Monthly results"), "chart-bar", _RECORD),
        ),
    ),
    Group(
        _("Standards and checks"),
        (
            Entry("standards:editions", _("Standards"), "target", (_P.READ_STANDARDS,)),
            Entry("inspection:trust", _("Trust in checks"), "shield-check", (_P.EDIT_STANDARDS,)),
            Entry("inspection:items", _("Item statistics"), "list-details", (_P.EDIT_STANDARDS,)),
            Entry("inspection:model_judge", _("Model judge"), "robot", (_P.JUDGE,)),
        ),
    ),
    Group(
        _("Manage"),
        (
            Entry("people:people", _("People"), "id-badge-2", (_P.SEE_ALL_PEOPLE, _P.SEE_TEAM_PEOPLE)),
            Entry("workplace:imports", _("Data import"), "database-import", (_P.IMPORT_RECORD,)),
            Entry("journal:journal", _("Journal"), "history", (_P.READ_JOURNAL,)),
            Entry("workplace:tokens", _("API access"), "key", (_P.ISSUE_TOKENS,)),
        ),
    ),
)

ROLE_NAMES: Final[dict[str, str]] = {
    Role.AGENT: _("Agent"),
    Role.SENIOR_AGENT: _("Senior agent"),
    Role.INSPECTOR: _("Inspector"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.MANAGER: _("Manager"),
    Role.TRAINER: _("Trainer"),
    Role.COMPLAINT_SPECIALIST: _("Complaint specialist"),
    Role.TECHNICAL_SUPPORT: _("Technical support"),
    Role.CUSTOMER_REPRESENTATIVE: _("Customer representative"),
    Role.ADMINISTRATOR: _("Administrator"),
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell: `navigation` and `me`; nothing for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    rights = user.rights()
    drawn = [_group(group, rights, request.path) for group in GROUPS]
    return {"navigation": [group for group in drawn if group["entries"]], "me": _me(user, rights)}


def _group(group: Group, rights: Any, path: str) -> dict[str, Any]:
    shown = [
        entry for entry in group.entries if any(map(rights.may, entry.may)) and not rights.roles & set(entry.home_of)
    ]
    return {"label": gettext(group.label) if group.label else "", "entries": [_entry(entry, path) for entry in shown]}


def _entry(entry: Entry, path: str) -> dict[str, Any]:
    url = reverse(entry.name)
    return {
        "label": gettext(entry.label),
        "url": url,
        "icon": entry.icon,
        "current": path == url or (url != "/" and path.startswith(url)),
    }


def _me(user: Any, rights: Any) -> dict[str, str]:
    name = rights.person.name if rights.person else user.get_username()
    roles: Sequence[str] = [gettext(ROLE_NAMES[role]) for role in sorted(rights.roles) if role in ROLE_NAMES]
    return {"name": name, "subtitle": " · ".join(roles), "initial": name[:1]}
