"""Words of this part for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import pgettext

from bihuan.people import labels
from bihuan.people.models import PostHolding, User
from bihuan.ui import values

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    return labels.said(labels.ROLES, role)


@register.filter
def role_names(roles: Iterable[str]) -> str:
    return values.listed(labels.said(labels.ROLES, role) for role in roles)


@register.filter
def post_and_step(holding: PostHolding | None) -> str:
    return labels.post_and_step(holding.post, holding.step) if holding else ""


@register.filter
def recorder(account: User | None) -> str:
    """Who entered a row: a name, a staff number, or the system for what came with a roster or the installation."""
    if account is None:
        return pgettext("who entered a row", "System")
    person = getattr(account, "person", None)
    return person.name if person else account.get_username()


@register.filter
def class_name(agent_class: str) -> str:
    return labels.said(labels.CLASSES, agent_class) if agent_class else ""


@register.filter
def issue_words(issue: Mapping[str, Any]) -> str:
    """An issue of a roster, as stored with its outcome, in words."""
    return labels.issue_text(issue["code"], issue["value"])
