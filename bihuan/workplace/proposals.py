"""New editions handed in for approval: who handed in what, and whether it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.people.models import Person, User
from bihuan.standards import models as standards
from bihuan.workplace.draft_models import CheckProposal

NEWEST: int = 30
"""Proposals a list shows."""


@dataclass(frozen=True)
class ProposalRow:
    """A proposal, the name of its author, and the published edition it became."""

    proposal: CheckProposal
    author: str
    published: standards.Edition | None = None


def proposal_rows(user: User) -> list[ProposalRow]:
    """The newest of those the user may see; three queries however many."""
    found = list(CheckProposal.objects.visible_to(user).select_related("author")[:NEWEST])
    return _rows(found)


def proposal_row(proposal: CheckProposal) -> ProposalRow:
    """One of them."""
    return _rows([proposal])[0]


def _rows(found: Sequence[CheckProposal]) -> list[ProposalRow]:
    published = {one.hash: one for one in standards.Edition.objects.filter(hash__in=[row.hash for row in found])}
    numbers = [row.author.get_username() for row in found]
    names = dict(Person.objects.filter(number__in=numbers).values_list("number", "name"))
    return [
        ProposalRow(row, names.get(number, number), published.get(row.hash))
        for row, number in zip(found, numbers, strict=True)
    ]
