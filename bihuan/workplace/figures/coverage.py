"""Which days of the record are judged, by which edition: what an inspector begins the day with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.judging import is_judged
from bihuan.kit.numbers import MILLI, divided
from bihuan.metrics.figures import Figure
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats
from bihuan.ui.figures import FigureCard, Number
from bihuan.ui.tables import Column
from bihuan.workplace.figures.scored import DayOfScores
from bihuan.workplace.figures.verdict_tables import METRIC
from bihuan.workplace.wording import metric_label


@dataclass(frozen=True)
class DayCoverage:
    """One day of the record: its contacts, and whether the edition in use judged it as it stands now."""

    day: date
    contacts: int
    state: str
    others: int

    @property
    def word(self) -> str:
        words = {
            "met": _("judged"),
            "insufficient": _("judged before the record changed"),
            "pending": _("not judged yet"),
        }
        return words[self.state]


def days_covered(manifest: Manifest, edition: Edition, first: date, last: date) -> list[DayCoverage]:
    """Every day of the span that holds contacts, newest first."""
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    held = manifest.files("contacts")
    return [_covered(manifest, edition, day) for day in days if day_key(day) in held]


def _covered(manifest: Manifest, edition: Edition, day: date) -> DayCoverage:
    key, mine = day_key(day), verdicts_of(edition.hash)
    prefix = verdicts_of("")
    others = sum(name.startswith(prefix) and name != mine and key in days for name, days in manifest.tables.items())
    return DayCoverage(day, manifest.files("contacts")[key].rows, _state_of(manifest, edition, day), others)


def _state_of(manifest: Manifest, edition: Edition, day: date) -> str:
    if is_judged(manifest, edition, day):
        return "met"
    return "insufficient" if day_key(day) in manifest.files(verdicts_of(edition.hash)) else "pending"


def coverage_cards(
    days: Sequence[DayCoverage], scores: pl.DataFrame, checks: Figure, by_day: Mapping[str, DayOfScores]
) -> list[FigureCard]:
    """How much of the days is judged, how it was scored, and how many contacts hold a fatal violation, with their course."""
    held = sum(day.contacts for day in days)
    judged = sum(day.contacts for day in days if day.state != "pending")
    fatal = None if scores.is_empty() else int(scores["fatal"].sum())
    mean = None if scores.is_empty() else scores["score_milli"].mean()
    met = None if checks.value is None else checks.value * 100
    told = [by_day.get(day.day.isoformat()) for day in reversed(days)]
    return [
        _card(_("Contacts judged"), divided(judged * 100, held, 1), "%", n=held),
        _card(
            _("Contacts with a fatal item"), fatal, "", n=scores.height, decimals=0,
            trend=[one.fatal if one else None for one in told], note=_share_of(fatal, scores.height),
        ),
        _card(
            _("Mean score of contacts"), None if mean is None else Decimal(str(mean)) / MILLI, _("points"),
            n=scores.height, trend=[one.value if one else None for one in told],
        ),
        _card(metric_label("check_met_share"), met, "%", n=checks.n, url=reverse("workplace:metric", args=[METRIC])),
    ]  # fmt: skip


def _card(name: str, value: Number | None, unit: str, *, n: int, decimals: int = 1, **shown: Any) -> FigureCard:
    return FigureCard(
        name=name,
        value=formats.number(value, decimals),
        unit="" if value is None else unit,
        n="" if value is None else f"n {formats.number(n)}",
        reason=_("No contact of these days was judged."),
        **shown,
    )


def _share_of(part: int | None, whole: int) -> str:
    share = None if part is None else divided(part * 100, whole, 1)
    return "" if share is None else _("%(share)s of those scored") % {"share": formats.percent(share, 1)}


def _state(row: DayCoverage) -> Any:
    return row.state


COVERAGE: Final = (
    Column("day", gettext_lazy("Day"), "day"),
    Column("contacts", gettext_lazy("Contacts"), "number"),
    Column("state", gettext_lazy("Edition in use"), template="workplace/cells/coverage.html", get=_state),
    Column("others", gettext_lazy("Other editions"), "number"),
)
