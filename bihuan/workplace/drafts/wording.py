"""Faults of a draft as sentences in the reader's language; readers of definitions speak English."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.standards.rules.edition import Edition
from bihuan.workplace.contacts.judgement import WORDS

_TYPES: Final = {
    "object": _("a mapping of keys"),
    "array": _("a list"),
    "string": _("text"),
    "number": _("a number"),
    "integer": _("a whole number"),
    "boolean": _("true or false"),
}
_SENTENCES: Final[tuple[tuple[str, Any], ...]] = (
    (r"Not readable as YAML: (?P<problem>.*)\.", _("Not readable as YAML: %(problem)s.")),
    (r"'(?P<name>.*)' is a required property", _("“%(name)s” is missing.")),
    (
        r"Additional properties are not allowed \((?P<names>.*) (?:was|were) unexpected\)",
        _("Not known in this place: %(names)s."),
    ),
    (r"(?P<value>.*) is not one of \[(?P<known>.*)\]", _("%(value)s is not one of: %(known)s.")),
    (r"(?P<value>.*) is not of type '(?P<type>\w+)'", _("%(value)s should be %(type)s.")),
    (r"(?P<value>.*) is less than the minimum of (?P<limit>.*)", _("%(value)s is less than %(limit)s.")),
    (r"(?P<value>.*) is greater than the maximum of (?P<limit>.*)", _("%(value)s is more than %(limit)s.")),
    (r".* does not contain items matching the given schema", _("At least one example is met and one is violated.")),
    (r"(?P<value>.*) does not match '(?P<pattern>.*)'", _("%(value)s is not written as it must be: %(pattern)s.")),
    (r"(?P<value>.*) (?:is too short|should be non-empty|does not have enough properties)", _("Something is missing in %(value)s.")),
    (r"(?P<value>.*) (?:is too long|has too many properties)", _("There is too much in %(value)s.")),
    (r"(?P<value>.*) has non-unique elements", _("Something stands twice in %(value)s.")),
    (
        r".* is (?:not valid under any|valid under each) of .*",
        _("A condition asks for exactly one thing: words, regex, said, like, repeated, message, field or steps."),
    ),
    (r"'(?P<text>.*)' cannot be read: names, and, or, not and brackets\.", _("“%(text)s” cannot be read: names, and, or, not and brackets.")),
    (r"'(?P<text>.*)' may hold names, and, or, not and brackets only\.", _("“%(text)s” may hold names, and, or, not and brackets only.")),
    (r"There is no condition '(?P<name>.*)'\. Known: (?P<known>.*)\.", _("There is no condition “%(name)s”. Known: %(known)s.")),
    (r"There is no look '(?P<name>.*)'\.", _("There is no condition about messages called “%(name)s”.")),
    (r"'(?P<name>.*)' is the name of a common flag; choose another\.", _("“%(name)s” is a common name; choose another.")),
    (r"Its places refer to each other in a circle\.", _("Its places refer to each other in a circle.")),
    (r"There is no field '(?P<name>.*)'\.", _("The record has no field “%(name)s”.")),
    (r"(?P<number>\d+) of (?P<of>\d+) words can never be held\.", _("%(number)s of %(of)s words can never be held.")),
    (
        r"One check at a time: a single id, everything else below it\.",
        _("One check at a time: a single id, everything else below it."),
    ),
    (r"A check of one's own has a definition\.", _("A check of one's own has a definition.")),
)  # fmt: skip
_LONGEST: Final = 120


def sentence(message: str) -> str:
    """The message in the reader's language; one that is not known stands as it is."""
    for pattern, said in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return str(said) % {name: _part(name, value) for name, value in found.groupdict().items()}
    return gettext(message) if message else ""


def _part(name: str, value: str) -> str:
    if name == "type":
        return str(_TYPES.get(value, value))
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


_PARTS: Final = {
    "conditions": _("condition"),
    "met": _("met where"),
    "not_applicable": _("not applicable where"),
    "cannot_tell": _("cannot tell where"),
    "reasons": _("reason"),
    "examples": _("example"),
}


def place_in_words(place: str) -> str:
    """`checks.x.definition.conditions.asks.words` → “condition asks · words”; other places stand as they are."""
    _check, inside, path = place.partition(".definition.")
    if not inside:
        return place
    first, *rest = path.split(".")
    if first == "examples" and rest:
        rest = [str(int(rest[0]) + 1) if rest[0].isdigit() else rest[0], *rest[1:]]
    head = f"{_PARTS.get(first, first)} {rest[0]}" if rest else str(_PARTS.get(first, first))
    return " · ".join([head, *rest[1:]])


def examples_in_words(edition: Edition, check_id: str) -> str:
    """The examples of a check in one line: verdict and what was said; empty where it has none."""
    setting = edition.checks.get(check_id)
    given = (setting.definition or {}).get("examples", ()) if setting else ()
    return "; ".join(f"{gettext(WORDS[one['verdict']])} ({' / '.join(one['messages'])})" for one in given)
