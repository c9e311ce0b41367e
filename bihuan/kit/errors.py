"""The three kinds of refusal. Anything else that is raised is a bug and crashes.

* bad input by a person: `InputError` (web answers 422, commands exit 2);
* a business refusal: a subclass of `Refusal` with a sentence for the user (web answers 409, commands exit 1);
* a bad definition: `DefinitionError` carrying every `Issue` at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Refusal(Exception):
    """The business says no. `message` is an English msgid; `params` fill it after translation."""

    message = "This is not possible now."

    def __init__(self, message: str | None = None, **params: object) -> None:
        self.message = message or self.message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotAllowed(Refusal):
    """The actor may not do this. Screens answer 404 so that a stranger learns nothing."""

    message = "You may not do this."


class InputError(Exception):
    """What was handed in cannot be used: says what, where, and what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}".strip())


class Level(StrEnum):
    """How grave an issue of a definition is: an error stops publication, the others inform."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Issue:
    """One finding in a definition: where it stands, what is wrong, which rule says so."""

    level: Level
    place: str
    message: str
    source: str = ""
    code: str = ""


class DefinitionError(Exception):
    """A definition (edition, metric, mapping) is wrong; carries every issue found, not the first."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(f"{i.level}: {i.place}: {i.message}" for i in self.issues))
