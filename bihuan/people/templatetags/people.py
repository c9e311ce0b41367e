"""Words of this part for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from bihuan.people import labels

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    return labels.said(labels.ROLES, role)


@register.filter
def post_name(post: str) -> str:
    return labels.said(labels.POSTS, post)


@register.filter
def step_name(step: str) -> str:
    return labels.said(labels.STEPS, step) if step else ""


@register.filter
def class_name(agent_class: str) -> str:
    return labels.said(labels.CLASSES, agent_class) if agent_class else ""


@register.filter
def issue_words(issue: Mapping[str, Any]) -> str:
    """An issue of a roster, as stored with its outcome, in words."""
    return labels.issue_text(issue["code"], issue["value"])
