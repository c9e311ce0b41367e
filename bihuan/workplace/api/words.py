"""What the interface says when a call cannot be answered, in the caller's language (`Accept-Language`).

Sentences are raised in English where the trouble is found, with the caller's words in them; here each stands as a template
that has a translation. Numbers and names stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.workplace.imports import words as import_words

SENTENCES: Final = (
    _("Some parameters cannot be used."),
    _("The definition is wrong."),
    _("There is nothing here for you."),
    _("Send a live token: Authorization: Bearer bihuan_…"),
    _("This token lacks the scope %(scope)s."),
    _("Too many calls with this token; wait a little."),
    _("Cannot parse request body"),
    _("`from` lies after `to`."),
    _("Name both `check` and `verdict`, or neither."),
    _("Name both `from` and `to`, or neither."),
    _("Name at least one metric."),
    _("`GET /metrics` lists them all."),
    _("The edition in use has no check %(name)s."),
    _("`after` is not the `next` of a page."),
    _("Hand it on as it came, with the same question."),
    _("By hour, ask for at most %(days)s days."),
    _("This makes %(rows)s rows; %(most)s are answered."),
    _("Narrow it, or ask by less."),
    _("A filter is longer than any name."),
    _("No metric is called %(name)s."),
    _("Near: %(names)s."),
    _("`bihuan metrics` lists them all."),
    _("No dimension is called %(names)s."),
    _("There are %(names)s."),
    _("There is no edition '%(name)s'."),
)
VALUES: Final[Mapping[str, str]] = {
    "missing": _("This is needed."),
    "literal_error": _("It is one of %(expected)s."),
    "int_parsing": _("A whole number is needed."),
    "bool_parsing": _("true or false is needed."),
    "uuid_parsing": _("An id is needed, as the interface gave it."),
    "date_from_datetime_parsing": _("A day is needed, such as 2026-10-12."),
    "date_from_datetime_inexact": _("A day is needed, such as 2026-10-12."),
    "greater_than_equal": _("It is at least %(ge)s."),
    "less_than_equal": _("It is at most %(le)s."),
    "string_pattern_mismatch": _("It is written as %(pattern)s."),
    "string_too_long": _("It has at most %(max_length)s characters."),
    "string_too_short": _("It has at least %(min_length)s characters."),
    "too_long": _("At most %(max_length)s are taken."),
    "too_short": _("At least %(min_length)s are needed."),
}
"""By what pydantic calls the trouble with a value, filled from what it knows about it."""
_SLOT: Final = re.compile(r"%\((\w+)\)s")


def said(sentence: str) -> str:
    """A sentence in the caller's language; one that nobody knows stays English."""
    for template in SENTENCES:
        found = _pattern(template).fullmatch(sentence)
        if found:
            return gettext(template) % found.groupdict()
    return import_words.said(sentence)


def value_said(error: Mapping[str, Any]) -> str:
    """What is wrong with one value, by pydantic's own finding."""
    template = VALUES.get(error["type"])
    return gettext(template) % error.get("ctx", {}) if template else str(error["msg"])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = _SLOT.split(template)
    form = "".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(form, re.DOTALL)
