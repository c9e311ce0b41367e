"""Which edition is meant: by a command's argument, by a stored result, or by the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from bihuan.kit.errors import InputError
from bihuan.standards.editions import load_edition
from bihuan.standards.lending import LENDER
from bihuan.standards.queries import edition_in_force, find_edition, hashes_in_force
from bihuan.standards.rules.edition import Edition

USUAL: Final = LENDER
"""The shipped edition a department starts with, until it publishes one of its own."""

_FILES: Final = (".yaml", ".yml")


def choose_edition(ref: str) -> Edition:
    """The edition a person named on the command line: a file, or the id or hash of a published or shipped one."""
    if ref.endswith(_FILES):
        if not Path(ref).is_file():
            raise InputError(f"There is no file {ref}.")
        return load_edition(Path(ref))
    return find_edition(ref)


def edition_by_hash(digest: str, ref: str) -> Edition:
    """The edition a stored result names: by its hash among the published and shipped, else by where it came from.

    Raises InputError where it has changed since: a result is never explained by another text than its own.
    """
    try:
        return find_edition(digest)
    except InputError:
        edition = choose_edition(ref)
    if edition.hash != digest:
        raise InputError(
            f"The edition {ref} has changed since (it was {digest[:12]}).",
            hint="Publish editions before results rest on them: then every version is kept.",
        )
    return edition


def edition_in_use(day: date) -> Edition:
    """The edition in force for the whole department on a day, else the shipped one to start with."""
    return edition_in_force(day) or load_edition(USUAL)


def hashes_in_use(days: Iterable[date]) -> dict[date, str]:
    """The hash of the edition in use on each of these days; one query for all."""
    return {day: held or load_edition(USUAL).hash for day, held in hashes_in_force(days).items()}


def named_or_in_use(ref: str | None, day: date) -> Edition:
    """The edition named on the command line, else the one in use on a day."""
    return choose_edition(ref) if ref else edition_in_use(day)
