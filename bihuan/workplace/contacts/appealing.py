"""Appeals beside the verdicts of one conversation: what may be appealed, what waits, what people decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.appeals.kinds import Matter
from bihuan.appeals.models import Appeal, Decision
from bihuan.appeals.queries import decisions_on, pending_on, window_of
from bihuan.appeals.standing import verdicts_in_force
from bihuan.appeals.wording import OUTCOMES, TONES
from bihuan.inspection.rules.trust import Standing
from bihuan.inspection.trust.standing import Stand, scored_checks, stands
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import Verdict
from bihuan.workplace.contacts.appeals import NAME
from bihuan.workplace.contacts.judgement import WORDS, Group, Mark, Row


@dataclass(frozen=True)
class Asked:
    """What people asked and decided about one conversation's verdicts, and how far the checks are trusted."""

    decided: Mapping[str, Decision]
    pending: Mapping[str, Appeal]
    standing: Mapping[str, Stand]
    scored: frozenset[str]

    @property
    def stopped(self) -> frozenset[str]:
        """Checks of the scorecard that enter no score: only observed, or stopped by appeals."""
        return frozenset(check for check in self.scored if self.standing[check].standing == Standing.OBSERVED)

    def changes(self, verdicts: Mapping[str, Verdict]) -> bool:
        """Does the score differ from the machine's by any of it?"""
        return bool(self.decided or self.stopped & verdicts.keys())

    def in_force(self, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """The verdicts a score counts: people's before the machine's, stopped checks left out."""
        return verdicts_in_force(verdicts, {key: row.answer for key, row in self.decided.items()}, self.stopped)


def asked_about(contact_id: str, edition: Edition) -> Asked:
    """Four queries."""
    return Asked(decisions_on(NAME, contact_id), pending_on(NAME, contact_id), stands(edition), scored_checks(edition))


def with_appeals(
    groups: Sequence[Group], asked: Asked, *, user: Any, matter: Callable[[], Matter] | None, at: datetime
) -> list[Group]:
    """The groups with a mark on each verdict that may be, is or was appealed, or whose check stopped counting.

    The machine's verdict stays as it is; what people decided stands beside it. `matter` is there for the person who
    served the conversation, and only then.
    """
    marks = _of_people(user, asked) | (_to_appeal(matter(), at) if matter else {})
    return [
        replace(
            group,
            rows=[_marked(row, marks.get(row.check), asked.standing.get(row.check)) for row in group.rows],
        )
        for group in groups
    ]


def _marked(row: Row, mark: Mark | None, stand: Stand | None) -> Row:
    """How far the check is trusted stands with its verdict while it does not count in full."""
    if stand is None:
        return replace(row, mark=mark)
    standing = "" if stand.standing == Standing.COUNTING else str(stand.standing)
    return replace(row, mark=mark, stopped=stand.stopped is not None, standing=standing)


def _of_people(user: Any, asked: Asked) -> dict[str, Mark]:
    keys = [appeal.pk for appeal in asked.pending.values()] + [row.item.appeal_id for row in asked.decided.values()]
    opens = set(Appeal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return {
        **{key: _decided(row, opens) for key, row in asked.decided.items()},
        **{key: Mark(_("Appeal open"), "accent", _address(row.pk, opens)) for key, row in asked.pending.items()},
    }


def _decided(row: Decision, opens: Iterable[Any]) -> Mark:
    word = _("Appeal: %(outcome)s") % {"outcome": OUTCOMES[row.outcome]}
    now_holds = _(WORDS[row.answer]) if row.answer in WORDS else row.answer
    reason = _("People decided: %(answer)s. %(reason)s") % {"answer": now_holds, "reason": row.reason}
    return Mark(word, TONES[row.outcome], _address(row.item.appeal_id, opens), reason)


def _address(pk: Any, opens: Iterable[Any]) -> str:
    return reverse("appeals:appeal", args=[pk]) if pk in opens else ""


def _to_appeal(matter: Matter, at: datetime) -> dict[str, Mark]:
    """While the window is open and no appeal is."""
    window = window_of(NAME, matter, at=at)
    if window.pending is not None or not window.is_open(at):
        return {}
    page = reverse("appeals:making", args=[NAME, matter.subject])
    left = [item.key for item in matter.items if item.key not in window.spent]
    return {key: Mark(_("Appeal"), "", f"{page}?{urlencode({'item': key})}", is_act=True) for key in left}
