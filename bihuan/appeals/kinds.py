"""What may be appealed: a higher part registers a kind and so lends appeals its items, its words and its page.

Appeals know no conversation and no score. A kind finds what is appealed, says who is touched by it, and draws it; the
decision is a row here and a line `appeal.decided` in the journal, to which the kind's part reacts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from bihuan.kit.errors import NotAllowed
from bihuan.standards.rules.edition import UNNAMED, Label
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED


@dataclass(frozen=True)
class Span:
    """Code points [start, end) of a message, counted from 1 in the conversation; without bounds the whole message."""

    message: int
    start: int | None = None
    end: int | None = None

    def to_json(self) -> dict[str, int | None]:
        return {"message": self.message, "start": self.start, "end": self.end}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Span:
        return cls(data["message"], data.get("start"), data.get("end"))


@dataclass(frozen=True)
class Choice:
    """A possible answer; `tone` is met, bad, warn or idle, as it is drawn."""

    code: str
    label: Label
    tone: str = "idle"

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "label": self.label.to_json(), "tone": self.tone}


VERDICT_CHOICES: Final = (
    Choice(MET, Label("满足", "Met"), "met"),
    Choice(VIOLATED, Label("违反", "Violated"), "bad"),
    Choice(NOT_APPLICABLE, Label("不适用", "Not applicable")),
    Choice(CANNOT_TELL, Label("无法判断", "Cannot tell"), "warn"),
)
"""The answers of whatever is answered by verdicts, a machine's or a person's."""


@dataclass(frozen=True)
class Item:
    """An answer that may be appealed. `check` is the machine's, `rater` the staff number of who gave it, "" a machine."""

    key: str
    label: Label
    answer: str
    choices: tuple[Choice, ...]
    reason: Label = UNNAMED
    evidence: tuple[Span, ...] = ()
    check: str = ""
    rater: str = ""


@dataclass(frozen=True)
class Matter:
    """What is appealed, as it stands now. `title`: ids, put into words when shown (`Kind.says`).

    `person` (a staff number) may appeal; `told_at` opens the window."""

    subject: str
    title: str
    person: str
    team: str
    told_at: datetime
    edition: str
    items: tuple[Item, ...]


OPENS: Final = _("Open the conversation")


@dataclass(frozen=True)
class Kind:
    """`find` gives the matter whoever asks (None where it is gone); `template` draws what is judged without any answer,
    from what `context(subject)` gives; `quote` is the text of a span, None where there is no such place.

    `accusations(edition, checks)` counts how often each check gave the answer `accusing`; kinds without checks have none.
    `raters(subject)` are staff numbers of all who had a hand in the answers, where items do not name them all; `opens`
    is the word on the way to the page of what is appealed; `has_places` tells whether spans can be cited there; `says` puts a
    kept title (ids, and the hash of the edition that names them) into the reader's language.
    """

    name: str
    label: Any
    find: Callable[[str], Matter | None]
    template: str
    context: Callable[[str], Mapping[str, Any]]
    quote: Callable[[str, Span], str | None]
    url: Callable[[str], str]
    stylesheets: tuple[str, ...] = ()
    accusing: str = ""
    accusations: Callable[[str, Sequence[str]], Mapping[str, int]] | None = None
    raters: Callable[[str], Collection[str]] | None = None
    opens: Any = OPENS
    has_places: bool = True
    says: Callable[[str, str], str] = lambda title, edition: title


class UnknownKind(NotAllowed):
    """Nobody registered this kind: its address does not exist."""


_KINDS: dict[str, Kind | str] = {}


def register(kind: Kind) -> None:
    """Called once by the part that owns the kind, when the application is ready."""
    _KINDS[kind.name] = kind


def register_path(name: str, path: str) -> None:
    """The same by the kind's dotted path: it is imported when somebody first asks, for it may need half of the product."""
    _KINDS[name] = path


def kind_named(name: str) -> Kind:
    kind = _KINDS.get(name)
    if kind is None:
        raise UnknownKind
    if isinstance(kind, str):
        found: Kind = import_string(kind)
        register(found)
        return found
    return kind


def kinds() -> tuple[Kind, ...]:
    return tuple(kind_named(name) for name in list(_KINDS))
