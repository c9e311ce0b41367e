"""Which edition a conversation is shown by: the one in use on its own day, however many were published since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bihuan.archive.manifest import Manifest, day_key, day_of
from bihuan.archive.writer import verdicts_of
from bihuan.standards.choosing import hashes_in_use
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition


def editions_of(manifest: Manifest, days: Iterable[date | None], present: Edition) -> dict[date | None, Edition]:
    """The edition of each day; one query for all, and one for each edition found beside the `present` one.

    A day of the record that was judged by the present edition alone, such as one of an imported history, is shown by
    that one; so are contacts of no day.
    """
    wanted = set(days)
    in_use = dict[date | None, str](hashes_in_use([day for day in wanted if day is not None]).items())
    hashes = {day: _shown(manifest, day, in_use.get(day, present.hash), present.hash) for day in wanted}
    known = {digest: present if digest == present.hash else find_edition(digest) for digest in set(hashes.values())}
    return {day: known[digest] for day, digest in hashes.items()}


def edition_of_day(manifest: Manifest, day: date | None, present: Edition) -> Edition:
    """The same of one day."""
    return editions_of(manifest, [day], present)[day]


def judged_apart(manifest: Manifest, present: Edition) -> tuple[tuple[str, str], ...]:
    """(day as a manifest spells it, hash of its edition) of the record's days that are not shown by the present one."""
    found = editions_of(manifest, map(day_of, manifest.files("contacts")), present)
    return tuple((day_key(day), one.hash) for day, one in found.items() if one.hash != present.hash)


def _shown(manifest: Manifest, day: date | None, own: str, present: str) -> str:
    judged = {digest: day_key(day) in manifest.files(verdicts_of(digest)) for digest in (own, present)}
    return present if judged[present] and not judged[own] else own
