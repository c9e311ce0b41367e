"""Editions by which the record has been judged: their verdicts may hold under another edition too."""

from __future__ import annotations

from typing import Final

from bihuan.archive.manifest import Manifest
from bihuan.archive.writer import verdicts_of
from bihuan.kit.errors import InputError
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition

_PREFIX: Final = verdicts_of("")


def known_editions(manifest: Manifest) -> list[Edition]:
    """Those of the editions with verdicts in the record whose text is known here: published or shipped."""
    found = []
    for name in manifest.tables:
        if name.startswith(_PREFIX):
            try:
                found.append(find_edition(name.removeprefix(_PREFIX)))
            except InputError:  # a file's, or of another release: its checks cannot be compared
                continue
    return found
