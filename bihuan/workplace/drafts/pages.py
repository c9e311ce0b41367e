"""A trial arranged for reading: shares, hits, what was just missed, examples, and what would change for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.answers import in_words
from bihuan.standards.rules.edition import CheckSetting, Label
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, VERDICTS, VIOLATED
from bihuan.ui import values
from bihuan.workplace.contacts.judgement import WORDS
from bihuan.workplace.contacts.names import names_of
from bihuan.workplace.drafts.nearness import Near
from bihuan.workplace.drafts.quotes import Quoted, Quoting, places_of
from bihuan.workplace.drafts.trials import TrialRun

_TONES: Final = {MET: "met", VIOLATED: "bad", CANNOT_TELL: "look"}
_SHOWN: Final = {VIOLATED: 12, MET: 6, CANNOT_TELL: 6}
_NEAR_SHOWN: Final = 12
_CHANGES_SHOWN: Final = 20
_PERSONS_SHOWN: Final = 12


@dataclass(frozen=True)
class Share:
    """How many conversations got a verdict, and their share of those that were read."""

    verdict: str
    count: int
    share: float

    @property
    def word(self) -> str:
        return gettext(WORDS[self.verdict])


@dataclass(frozen=True)
class Hits:
    """Some of the conversations with one verdict, with the reason of each."""

    share: Share
    rows: Sequence[tuple[Quoted, str]]

    @property
    def shown(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class NearRow:
    """A conversation that only just came out as it did: the condition it hangs on; of scripts how alike, in percent."""

    quoted: Quoted
    condition: str
    alike: int | None
    least: int | None


@dataclass(frozen=True)
class Move:
    """From one verdict to another, and how often."""

    before: str
    after: str
    count: int = 1

    @property
    def words(self) -> tuple[str, str]:
        return gettext(WORDS[self.before]), gettext(WORDS[self.after])


@dataclass(frozen=True)
class TrialPage:
    """Everything the page says about one run; `setting` is the draft's check, `seed` and `days` what was drawn with."""

    run: TrialRun
    setting: CheckSetting
    seed: int
    days: tuple[Any, Any]

    @property
    def microseconds(self) -> int:
        return round(self.run.seconds * SECOND)

    @property
    def milliseconds(self) -> int:
        return max(round(self.run.seconds * 1000), 1)

    @cached_property
    def shares(self) -> list[Share]:
        whole = self.run.sample.read or 1
        return [Share(word, self.run.counts[word], self.run.counts[word] / whole) for word in VERDICTS]

    @cached_property
    def hits(self) -> list[Hits]:
        """Violated first: whoever writes a check looks there for what it should not have said."""
        found = []
        for verdict, limit in _SHOWN.items():
            rows = self._rows[verdict]
            if rows:
                share = next(one for one in self.shares if one.verdict == verdict)
                found.append(Hits(share, [self._hit(verdict, row) for row in rows[:limit]]))
        return found

    @cached_property
    def scripts(self) -> list[NearRow]:
        return [self._near(one) for one in self.run.near_scripts[:_NEAR_SHOWN]]

    @cached_property
    def conditions(self) -> list[NearRow]:
        return [self._near(one) for one in self.run.near_conditions[:_NEAR_SHOWN]]

    @property
    def examples(self) -> list[tuple[Any, str, str, str]]:
        """(trial, wanted in words, verdict in words, why) of each example."""
        return [
            (one, gettext(WORDS[one.example.verdict]), gettext(WORDS[one.verdict]), self._why(one.reason))
            for one in self.run.examples
        ]

    @property
    def moves(self) -> list[Move]:
        return [Move(*one) for one in self.run.comparison.moves] if self.run.comparison else []

    @cached_property
    def persons(self) -> list[tuple[str, int, list[Move]]]:
        """(name, how many of their conversations, the moves) of those with most changes."""
        rows = self.run.comparison.by_person[:_PERSONS_SHOWN] if self.run.comparison else []
        called = names_of((person for person, *_ in rows), ())
        return [(called.person(person), count, [Move(*one) for one in moves]) for person, count, moves in rows]

    @cached_property
    def changes(self) -> list[tuple[Quoted, Move]]:
        made = self.run.comparison.changes if self.run.comparison else ()
        return [
            (self._quoting.conversation(one.contact_id), Move(one.before, one.after)) for one in made[:_CHANGES_SHOWN]
        ]

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        return {verdict: self.run.rows(verdict, limit) for verdict, limit in _SHOWN.items()}

    @cached_property
    def _quoting(self) -> Quoting:
        ids = [row["contact_id"] for rows in self._rows.values() for row in rows]
        ids += [
            one.contact_id for one in (*self.run.near_scripts[:_NEAR_SHOWN], *self.run.near_conditions[:_NEAR_SHOWN])
        ]
        made = self.run.comparison.changes[:_CHANGES_SHOWN] if self.run.comparison else ()
        return Quoting(self.run.sample, [*ids, *(one.contact_id for one in made)])

    def _hit(self, verdict: str, row: dict[str, Any]) -> tuple[Quoted, str]:
        places = places_of(row["evidence"])
        return self._quoting.conversation(row["contact_id"], places, tone=_TONES[verdict]), self._why(row["reason"])

    def _near(self, near: Near) -> NearRow:
        places = [] if near.seq is None else [(near.seq, near.start, near.end)]
        quoted = self._quoting.conversation(near.contact_id, places)
        return NearRow(
            quoted, " / ".join(map(self._called, near.conditions)), _percent(near.alike), _percent(near.least)
        )

    def _called(self, condition: str) -> str:
        given = (self.setting.definition or {}).get("conditions", {}).get(condition, {}).get("label")
        return Label(given["zh"], given["en"]).said(values.language()) if given else condition

    def _why(self, reason: str) -> str:
        return in_words(self.run.check, reason, values.language())


def _percent(share: float | None) -> int | None:
    """Rounded down: a script almost said is never shown at its threshold."""
    return None if share is None else int(share * 100 + 1e-9)
