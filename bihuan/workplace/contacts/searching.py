"""What somebody means by a few words in the search box: a contact, a customer, an agent, or words that were said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.archive import library as kept
from bihuan.archive.reader import Reader
from bihuan.people.models import Person

KINDS = ("contact", "agent", "customer", "words")


@dataclass(frozen=True)
class Reading:
    """How the words were taken, and the archive's filters that follow from it; `who` is the agent found."""

    kind: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    who: str = ""


def read_search(reader: Reader, user: Any, words: str, filters: kept.Filters, *, wanted_kind: str = "") -> Reading:
    """The first reading that finds something, in the order of KINDS; what nobody is called is words.

    An id finds its contact on whatever day; the other readings stay within the days of `filters`. `wanted_kind` fixes it.
    """
    if not words:
        return Reading()
    order = [wanted_kind] if wanted_kind in KINDS else list(KINDS)
    for kind in order:
        found = _READINGS[kind](reader, user, words, filters)
        if found is not None:
            return found
    return Reading("words", {"words": words})


def _contact(reader: Reader, _user: Any, words: str, filters: kept.Filters) -> Reading | None:
    if " " in words or not words.isascii():
        return None
    record = reader.contact(words)
    if record is not None:
        day = record.contact["day"]
        return Reading("contact", {"contacts": (words,), "days": (day, day) if day else None})
    if _any(reader, kept.Filters(days=filters.days, contact=words)):
        return Reading("contact", {"contact": words})
    return None


def _agent(_reader: Reader, user: Any, words: str, _filters: kept.Filters) -> Reading | None:
    same = Person.objects.visible_to(user)
    found = same.filter(number=words).first() or same.filter(name=words).first()
    return None if found is None else Reading("agent", {"person": (found.number,)}, str(found))


def _customer(reader: Reader, _user: Any, words: str, filters: kept.Filters) -> Reading | None:
    if " " in words or not words.isascii():  # a key is a number, an account or an address, never a Chinese word
        return None
    whose = {"customer_key": (words,)}
    return Reading("customer", whose) if _any(reader, kept.Filters(days=filters.days, customer_key=(words,))) else None


def _words(_reader: Reader, _user: Any, words: str, _filters: kept.Filters) -> Reading | None:
    return Reading("words", {"words": words})


def _any(reader: Reader, filters: kept.Filters) -> bool:
    return bool(reader.contacts_page(filters, limit=1).rows)


_READINGS = {"contact": _contact, "agent": _agent, "customer": _customer, "words": _words}
