"""Deadlines as people say them."""

from __future__ import annotations

from django import template

from bihuan.appeals.wording import deadline

register = template.Library()
register.filter("deadline", deadline)
