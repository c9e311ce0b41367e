"""Every shipped check by id, gathered from the modules of `declarations`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Final

from bihuan.standards.checks import declarations
from bihuan.standards.checks.authored.reading import authored
from bihuan.standards.checks.declaration import Check
from bihuan.standards.rules.edition import Edition

# The order of a contact's course, in which pages and answers list the checks.
ORDER: Final = (
    "greeting", "self_introduction", "surname", "closing_thanks", "contact_promise", "polite_wording", "empathy", "restate",
    "ask_satisfied", "forbidden_promise", "impatience", "personal_data_leak", "identity_first", "complaint_steps",
    "progress_told", "hand_over", "first_response", "response_time", "rings", "queue_time", "simple_resolution",
)  # fmt: skip


def _gathered() -> dict[str, Check]:
    found: dict[str, Check] = {}
    for module in sorted(entry.name for entry in pkgutil.iter_modules(declarations.__path__)):
        for check in import_module(f"{declarations.__name__}.{module}").CHECKS:
            if check.id in found:
                raise ValueError(f"the check {check.id} is declared twice")
            found[check.id] = check
    return {
        id: found[id]
        for id in sorted(found, key=lambda id: (id not in ORDER, ORDER.index(id) if id in ORDER else 0, id))
    }


CHECKS: Final[Mapping[str, Check]] = _gathered()


def checks_of(edition: Edition | None) -> Mapping[str, Check]:
    """The shipped checks and, behind them, those that the edition defines itself."""
    own = [setting for setting in edition.checks.values() if setting.definition is not None] if edition else []
    return {**CHECKS, **{setting.id: authored(setting) for setting in own}}
