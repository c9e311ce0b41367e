"""The catalogue with present figures, by group."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.metrics.kinds import Metric
from bihuan.ui import formats
from bihuan.ui.figures import Target
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import target_of
from bihuan.workplace.figures.goals import goal_of
from bihuan.workplace.figures.metric_groups import GROUPS
from bihuan.workplace.reading import View


@dataclass(frozen=True)
class Entry:
    """One metric of the catalogue."""

    metric: Metric
    label: str
    population: str
    value: str
    n: str
    reason: str
    target: Target | None
    url: str


@dataclass(frozen=True)
class Section:
    """A group of the catalogue."""

    id: str
    label: str
    entries: tuple[Entry, ...]


def catalogue(view: View, words: str = "") -> list[Section]:
    """Groups with the metrics whose name or population holds the words."""
    totals = view.figures(tuple(CATALOG)).totals if not view.is_empty else {}
    sections = [
        Section(name, str(label), tuple(_entry(view, one, totals.get(one)) for one in names if _holds(one, words)))
        for name, label, names in GROUPS
    ]
    return [section for section in sections if section.entries]


def _holds(name: str, words: str) -> bool:
    metric = CATALOG[name]
    text = " ".join((name, metric.zh, metric.en, metric.people_zh, metric.people_en, *metric.sources)).lower()
    return all(word in text for word in words.lower().split())


def _entry(view: View, name: str, figure: Figure | None) -> Entry:
    metric, decimals = CATALOG[name], view.params.decimals
    goal = goal_of(view.edition, name, view.filters.where)
    return Entry(
        metric=metric,
        label=wording.metric_label(metric),
        population=wording.population_label(metric),
        value=wording.said(metric, figure.value if figure else None, decimals),
        n=f"n {formats.number(figure.n)}" if figure and figure.value is not None else "",
        reason=wording.reason_text(figure.reason if figure else "no_contacts"),
        target=target_of(figure, goal, decimals) if figure else None,
        url=f"{reverse('workplace:metric', args=[name])}?{view.filters.query()}",
    )
