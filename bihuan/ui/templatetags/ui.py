"""The template tags of the site: a builtin of the template engine, so that no page loads it."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_TITLE = "ui_page_title"
_TONES = {"success": "met", "error": "bad", "warning": "warn", "info": "idle", "debug": "idle"}
_TONE_ICONS = {"met": "circle-check", "bad": "alert-octagon", "warn": "alert-triangle", "idle": "info-circle"}


@register.simple_block_tag(takes_context=True)
def captured_title(context: Context, content: str) -> str:
    """Keeps the page's name, so that window title, heading and top bar say the same."""
    context.dicts[0][_TITLE] = content.strip()  # the root: an include sees it too
    return content.strip()


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The name kept by `captured_title`; already rendered, hence escaped."""
    return mark_safe(str(context.get(_TITLE, "")))  # noqa: S308 - output of a rendered block


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "check" %}` draws a Tabler icon; hidden from screen readers unless it gets a label."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}" title="{}"></i>', name, label, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.inclusion_tag("ui/toast.html")
def toast(text: object, tone: str = "idle") -> dict[str, object]:
    """A short note about what just happened; tone met, bad, warn, idle or a level of Django's messages."""
    tone = _TONES.get(tone, tone if tone in _TONE_ICONS else "idle")
    return {"text": text, "tone": tone, "tone_icon": _TONE_ICONS[tone]}
