"""Which column of a file is which column of a mapping."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.kit.errors import InputError

_SHOWN_HEADERS = 12
_SHOWN_CHARS = 40


@dataclass(frozen=True)
class Columns:
    """What a mapping says about the file: accepted headers per column, which must be there, and how it is written."""

    headers: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    encoding: str = "detect"
    delimiter: str = ""
    quoted: bool = True
    sheet: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.headers)

    def known(self, found: Sequence[str]) -> int:
        """How many of the found headers mean something here."""
        accepted = {folded(header) for headers in self.headers.values() for header in headers}
        return sum(1 for header in found if folded(header) in accepted)


def folded(header: str) -> str:
    """A header without what does not matter: case, width, spaces, underscores, the byte-order mark."""
    plain = unicodedata.normalize("NFKC", header).casefold().replace("\ufeff", "")
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "_\0")


def named_headers(found: Sequence[str], places: Sequence[int | None], columns: Columns) -> dict[str, str]:
    """What each column of the mapping is called in the file, as it is written there."""
    return {
        name: found[place].strip().removeprefix("\ufeff")
        for name, place in zip(columns.names, places, strict=True)
        if place is not None
    }


def match_headers(found: Sequence[str], columns: Columns) -> list[int | None]:
    """For each column of the mapping its place in the file, None where an optional one is absent.

    Raises InputError naming what is missing or doubled.
    """
    places: dict[str, list[int]] = {}
    for place, header in enumerate(found):
        places.setdefault(folded(header), []).append(place)
    answer: list[int | None] = []
    missing = []
    for name, headers in columns.headers.items():
        hits = [place for header in dict.fromkeys(map(folded, headers)) for place in places.get(header, [])]
        if len(hits) > 1:
            written = found[hits[0]].strip().removeprefix("\ufeff")[:_SHOWN_CHARS]
            raise InputError(f"The header holds column “{written}” {len(hits)} times.")
        if not hits and name in columns.required:
            missing.append(headers[0])
        answer.append(hits[0] if hits else None)
    if missing:
        seen = ", ".join(header.strip()[:_SHOWN_CHARS] for header in found[:_SHOWN_HEADERS])
        raise InputError(
            f"The header lacks: {', '.join(missing)}. It holds: {seen}.", hint="Is this the right mapping?"
        )
    return answer
