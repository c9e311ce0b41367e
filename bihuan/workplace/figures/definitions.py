"""A metric's declaration in words: population, formula, kind, sources, version, whom it judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.metrics.kinds import Metric
from bihuan.standards.rules.edition import Edition
from bihuan.workplace import wording

_KINDS: Final[dict[str, Any]] = {
    "simple": _("a count of what is above the line"),
    "ratio": _("above the line ÷ below the line"),
    "quantile": _("the value at a rank, itself an observed value"),
    "derived": _("told from several parts"),
}
_BETTER: Final[dict[str, Any]] = {
    "up": _("more is better"),
    "down": _("less is better"),
    "none": _("neither more nor less is better"),
}
_INTERVALS: Final[dict[str, Any]] = {
    "wilson": _("Wilson interval of a share"),
    "t": _("t interval of a mean"),
    "clusters": _("interval of a ratio; turns of one contact count as one cluster"),
    "rank": _("interval of ranks (exact bootstrap)"),
    "net": _("interval of a difference of shares"),
}
_COUNTS: Final[dict[str, Any]] = {
    "event": _("counts what happened"),
    "state": _("counts how things stand"),
}


@dataclass(frozen=True)
class Source:
    """A rule a metric comes from, and where its text stands."""

    rule: str
    url: str


@dataclass(frozen=True)
class Definition:
    """What the page says about how a metric is told."""

    label: str
    population: str
    formula: str
    interval: str
    judged_on: str
    remarks: tuple[str, ...]
    version: int
    edition: str
    edition_url: str
    sources: tuple[Source, ...]


def definition(metric: Metric, edition: Edition) -> Definition:
    """The words of a declaration."""
    address = reverse("standards:edition", args=[edition.id])
    remarks = (_BETTER[metric.better], _COUNTS.get(metric.counts, ""))
    return Definition(
        label=wording.metric_label(metric),
        population=wording.population_label(metric),
        formula=str(_KINDS[metric.kind.word]),
        interval=str(_INTERVALS.get(metric.kind.interval, _("none: a count has no sampling error"))),
        judged_on=str(_("judged on the team") if metric.judged_on == "team" else _("judged on the person")),
        remarks=tuple(str(word) for word in remarks if word),
        version=metric.version,
        edition=f"{edition.title.said(wording.language())} {edition.version}",
        edition_url=address,
        sources=tuple(Source(rule, address) for rule in metric.sources),
    )
