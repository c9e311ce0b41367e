"""Deadlines as people say them."""

from __future__ import annotations

from django import template

from bihuan.appeals.wording import deadline, said, title_of

register = template.Library()
register.filter("deadline", deadline)
register.filter("in_words", said)
register.filter("title_of", title_of)
