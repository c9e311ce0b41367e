"""The place in a list as an opaque word: what the next page continues after."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final

from bihuan.kit.errors import InputError

_BIGGEST: Final = 2**62


def written(place: tuple[Any, str] | None) -> str | None:
    """The place as a word for an address."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode().rstrip("=")


def read(word: str | None, kind: type[int] | type[str]) -> tuple[Any, str] | None:
    """The place a word names: a value of `kind` (or None), and an id. InputError where it names none."""
    if not word:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4)))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise _wrong() from error
    if not isinstance(place, list) or len(place) != 2 or not _fits(place[0], kind) or not _fits(place[1], str):
        raise _wrong()
    return place[0], place[1] or ""


def _fits(value: Any, kind: type[int] | type[str]) -> bool:
    if value is None:
        return True
    if type(value) is not kind:
        return False
    return abs(value) < _BIGGEST if isinstance(value, int) else "\x00" not in value and value.isprintable()


def _wrong() -> InputError:
    return InputError("`after` is not the `next` of a page.", hint="Hand it on as it came, with the same question.")
