"""Words for what the rules know by code: roles, posts, steps, classes, issues of a roster, verbs of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.people.rules.roles import Role

ROLES: Final[Mapping[str, Any]] = {
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
POSTS: Final[Mapping[str, Any]] = {
    "representative": _("Front-line representative"),
    "technical_support": _("Technical support"),
    "complaint_specialist": _("Complaint specialist"),
    "supervisor": _("Supervisor"),
    "manager": _("Manager"),
    "inspector": _("Inspector"),
    "trainer": _("Trainer"),
}
STEPS: Final[Mapping[str, Any]] = {
    "agent": _("Agent"),
    "senior_agent": _("Senior agent"),
    "supervisor": _("Supervisor"),
    "trainer": _("Trainer"),
}
CLASSES: Final[Mapping[str, Any]] = {"new": _("New agent"), "mature": _("Mature agent")}
ISSUES: Final[Mapping[str, Any]] = {
    "heading_missing": _("This column is required and missing."),
    "heading_twice": _("This column occurs twice."),
    "empty": _("This cell must not be empty."),
    "too_long": _("The text is too long."),
    "control_characters": _("The text holds invisible control characters."),
    "not_a_number": _("A staff number has letters, digits and . @ - _ only."),
    "not_a_date": _("This is not a date; write 2026-10-12."),
    "unknown_post": _("Nobody knows this post."),
    "unknown_step": _("The ladder has no such step."),
    "unknown_class": _("Write new or mature."),
    "unknown_role": _("Nobody knows this role."),
    "not_a_key": _("Write keys as source:key."),
    "step_not_in_post": _("This post and this step of the ladder do not go together."),
    "step_without_post": _("A step needs a post beside it."),
    "leaves_before_joining": _("The day of leaving lies before joining."),
    "number_twice": _("This staff number stands in an earlier line already."),
    "not_allowed": _("You may not do this."),
}


def said(table: Mapping[str, Any], code: str) -> str:
    """The words for a code; the code itself where a lower layer is ahead of its words."""
    return str(table.get(code, code))


def issue_text(code: str, value: str) -> str:
    """One sentence for an issue of a roster; a refusal carries its own."""
    return value if code == "refused" else said(ISSUES, code)


def post_and_step(post: str, step: str) -> str:
    """A post with its step, said once where both are called the same."""
    words = [said(POSTS, post), said(STEPS, step) if step else ""]
    return " · ".join(dict.fromkeys(word for word in words if word))
