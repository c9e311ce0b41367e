"""Words for what imports tell by code or in plain English, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bihuan.archive.sources import words
from bihuan.workplace.imports.models import ImportState

STATES: Final[Mapping[str, tuple[Any, str]]] = {
    ImportState.CHECKING: (_("Being checked"), "accent"),
    ImportState.CHECKED: (_("Checked, waits for you"), "accent"),
    ImportState.IMPORTING: (_("Being imported"), "accent"),
    ImportState.DONE: (_("Imported"), "met"),
    ImportState.REFUSED: (_("Cannot be used"), "bad"),
    ImportState.FAILED: (_("Interrupted"), "warn"),
    ImportState.DISCARDED: (_("Discarded"), ""),
}


def step_said(step: str) -> str:
    """What an import is doing."""
    return words.STEPS[step].said(_language()) if step in words.STEPS else step


def tables_said() -> dict[str, str]:
    """Every table of the record that an import fills, with its name."""
    return {table: name.said(_language()) for table, name in words.TABLES.items()}


def said(message: str) -> str:
    """A problem or a hint; words of a file stay as they are, and nothing tells where files lie on the server."""
    told = words.sentence_said(message, _language(), paths=False)
    return gettext(message) if message and told == message else told


def reason_said(code: str) -> str:
    """The words for a reason's code; the code itself where a mapping has words of its own."""
    return words.reason_said(code, _language())


def link_said(how: str) -> str:
    """How reviews found their conversations, or why they found none."""
    return words.LINKS[how].said(_language()) if how in words.LINKS else how


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"
