"""New editions handed in for approval: who handed in what, and whether it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.people.models import Person, User
from bihuan.standards import models as standards
from bihuan.workplace.drafts.models import CheckProposal, ProposalDecline

NEWEST: int = 30
"""Proposals a list shows."""


@dataclass(frozen=True)
class ProposalRow:
    """A proposal, the name of its author, and what became of it: the published edition, or why and by whom it was declined."""

    proposal: CheckProposal
    author: str
    published: standards.Edition | None = None
    declined: ProposalDecline | None = None
    decliner: str = ""

    @property
    def is_decided(self) -> bool:
        return self.published is not None or self.declined is not None


def proposal_rows(user: User) -> list[ProposalRow]:
    """The newest of those the user may see; four queries however many."""
    found = list(CheckProposal.objects.visible_to(user).select_related("author")[:NEWEST])
    return _rows(found)


def proposal_row(proposal: CheckProposal) -> ProposalRow:
    """One of them."""
    return _rows([proposal])[0]


def _rows(found: Sequence[CheckProposal]) -> list[ProposalRow]:
    published = {one.hash: one for one in standards.Edition.objects.filter(hash__in=[row.hash for row in found])}
    declined = {one.proposal_id: one for one in _declines(found)}
    numbers = [row.author.get_username() for row in found]
    deciders = [one.declined_by.get_username() for one in declined.values()]
    names = dict(Person.objects.filter(number__in=[*numbers, *deciders]).values_list("number", "name"))
    return [
        ProposalRow(
            row, names.get(number, number), published.get(row.hash), declined.get(row.pk),
            _name_of(declined.get(row.pk), names),
        )
        for row, number in zip(found, numbers, strict=True)
    ]  # fmt: skip


def _declines(found: Sequence[CheckProposal]) -> list[ProposalDecline]:
    return list(ProposalDecline.objects.filter(proposal__in=found).select_related("declined_by"))


def _name_of(decline: ProposalDecline | None, names: Mapping[str, str]) -> str:
    number = decline.declined_by.get_username() if decline else ""
    return names.get(number, number)
