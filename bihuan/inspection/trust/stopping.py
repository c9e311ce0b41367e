"""Checks that appeals stopped, under every edition of a standard that looks for the same."""

from __future__ import annotations

from datetime import datetime

from bihuan.appeals.models import CheckSuspension
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.standards.editions import load_edition, shipped
from bihuan.standards.models import Edition as PublishedEdition
from bihuan.standards.rules.edition import Edition


def stopped_checks(edition: Edition, until: datetime | None = None) -> dict[str, CheckSuspension]:
    """What appeals stopped under this edition, or under another one of the same standard with the same check; as of a moment."""
    rows = CheckSuspension.objects.filter(check_id__in=list(edition.checks)).order_by("suspended_at")
    if until is not None:
        rows = rows.filter(suspended_at__lte=until)
    told = list(rows)
    versions = _versions(edition, {row.edition for row in told}) if told else {}
    found: dict[str, CheckSuspension] = {}
    for row in told:
        setting = versions[row.edition].checks.get(row.check_id) if row.edition in versions else None
        if setting is not None and fingerprint_of(setting) == fingerprint_of(edition.checks[row.check_id]):
            found.setdefault(row.check_id, row)
    return found


def _versions(edition: Edition, hashes: set[str]) -> dict[str, Edition]:
    """Those of the hashes that are editions of the same standard, published or shipped, with the edition itself."""
    rows = PublishedEdition.objects.filter(slug=edition.id, hash__in=hashes - {edition.hash})
    versions = {row.hash: row.content() for row in rows}
    if edition.id in shipped():
        ours = load_edition(edition.id)
        versions[ours.hash] = ours
    return {**versions, edition.hash: edition}
