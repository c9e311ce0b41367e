"""Which checks are missed most: shares of verdicts by check, each with the way to its contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.inspection.rules.trust import Standing
from bihuan.inspection.trust.standing import scored_checks
from bihuan.inspection.trust.words import STANDINGS, word
from bihuan.metrics.figures import Figure
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.ui.figures import Part
from bihuan.ui.tables import Column
from bihuan.workplace.key_names import check_names
from bihuan.workplace.reading import View

METRIC: Final = "check_met_share"


@dataclass(frozen=True)
class CheckRow:
    """The verdicts of one check: met, violated, cannot tell; the team's share beside where it may be seen."""

    check: str
    name: str
    figure: Figure
    team: Figure | None
    source: str
    url: str
    standing: str = ""

    @property
    def trust(self) -> str:
        """Where it is told how far the check is trusted."""
        return reverse("inspection:trust_check", args=[self.check]) if self.standing else ""

    @property
    def violated(self) -> int:
        return self.figure.denominator - self.figure.numerator

    @property
    def share(self) -> Decimal | None:
        return None if self.figure.value is None else self.figure.value * 100

    @property
    def bar(self) -> list[Part] | None:
        """What was met of what was judged; the gap is what was violated."""
        return None if self.figure.value is None else [Part(gettext("Met"), 1, self.figure.value)]

    @property
    def team_share(self) -> Decimal | None:
        return None if self.team is None or self.team.value is None else self.team.value * 100


def check_rows(
    view: View, mine: Mapping[str, Figure], beside: Mapping[str, Figure] | None = None, number: str = ""
) -> list[CheckRow]:
    """Checks with verdicts, the most often missed first; `beside` is the team's, `number` whose contacts they are."""
    names = check_names(view.edition)
    rows = [
        CheckRow(
            check, names.get(check, check), figure, (beside or {}).get(check), _source(view, check),
            _contacts_url(view, check, number), _standing(view, check),
        )
        for check, figure in mine.items()
        if figure.denominator or figure.unsure
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.violated, row.check))


def checks_of_all(view: View) -> tuple[dict[str, Figure], Figure]:
    """The verdicts of each check within the page's filters, and of all checks together."""
    table = view.figures((METRIC,), by=("item",))
    return {figure.keys["item"] or "": figure for figure in table}, table.totals[METRIC]


def _standing(view: View, check: str) -> str:
    """How far the check is trusted; of one that no score takes notice of nothing need be told."""
    if check in view.decided.suspended:
        return word(STANDINGS, Standing.OBSERVED)
    if check not in scored_checks(view.edition):
        return ""
    provisional = check in view.decided.provisional
    return word(STANDINGS, Standing.ASSISTING if provisional else Standing.COUNTING)


def _source(view: View, check: str) -> str:
    setting = view.edition.checks.get(check)
    return setting.source if setting else ""


def _contacts_url(view: View, check: str, number: str) -> str:
    query = view.filters.query(agent=number or None, check=check, verdict=VIOLATED)
    return f"{reverse('workplace:contacts')}?{query}"


CHECKS: Final = (
    Column("name", _("Check"), url=lambda row: row.url if row.violated else "", sortable=True),
    Column("source", _("Source")),
    Column(
        "standing",
        pgettext_lazy("of a check", "Standing"),
        url=lambda row: reverse("inspection:trust_check", args=[row.check]) if row.standing else "",
    ),
    Column("bar", _("Met and violated"), "parts", exported=False),
    Column("share", _("Met %"), "number", sortable=True, decimals=1),
    Column("team_share", _("Team %"), "number", sortable=True, decimals=1),
    Column("violated", _("Violated"), "number", sortable=True),
    Column("n", _("Judged"), "number", get=lambda row: row.figure.denominator, sortable=True),
    Column("unsure", _("Cannot tell"), "number", get=lambda row: row.figure.unsure, sortable=True),
)
OF_ALL: Final = tuple(column for column in CHECKS if column.name != "team_share")
"""Where nobody stands beside a team."""
