"""Declared tables of the metric pages: the breakdown, and the contacts behind a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.archive.library import Filters as LibraryFilters
from bihuan.metrics.figures import Figure
from bihuan.metrics.kinds import Metric, Part
from bihuan.metrics.query import contacts_of
from bihuan.ui.figures import Part as Bar
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column
from bihuan.workplace import wording
from bihuan.workplace.figures.metric_pages import Line, MetricPage
from bihuan.workplace.figures.team_tables import figure_column
from bihuan.workplace.key_names import person_names


def breakdown_columns(page: MetricPage) -> tuple[Column, ...]:
    """One line a group; the same columns for the page and for its download."""
    label = str(wording.DIMENSIONS[page.by])
    value = figure_column(page.name, lambda row: row.figure, page.goal, page.decimals, label=_("Value"))
    columns = [Column("label", label, url=lambda row: row.url, sortable=True), value]
    if page.metric.kind.interval:
        columns.append(Column("interval", _("Interval"), "whisker", get=lambda row: row.whisker))
    else:
        columns.append(_bars(page))
    columns += [
        _count("n", "n"),
        _part(page.metric, "numerator", _("Above the line")),
        _part(page.metric, "denominator", _("Below the line")),
    ]
    columns += [_count(part, label) for part, label in _open_parts() if page.metric.kind.part(part) is not None]
    columns.append(Column("coverage", _("Coverage %"), "number", get=_coverage, decimals=1))
    return tuple(columns)


def _bars(page: MetricPage) -> Column:
    """What has no interval stands as a bar from zero; the longest is the largest of the groups shown."""
    most = max((line.figure.value for line in page.lines if line.figure.value is not None), default=Decimal(0))

    def bar(row: Line) -> list[Bar] | None:
        value = row.figure.value
        return None if value is None or not most else [Bar(row.label, 1, value / most)]

    return Column("bar", _("Compared"), "parts", get=bar, exported=False)


def _open_parts() -> tuple[tuple[Part, str], ...]:
    return ("unsure", _("Cannot tell")), ("pending", _("Still running"))


def _count(part: str, label: str) -> Column:
    return Column(part, label, "number", get=lambda row: getattr(row.figure, part), sortable=True)


def _part(metric: Metric, part: Part, label: str) -> Column:
    measure = metric.kind.part(part)
    is_time = measure is not None and measure.how == "total" and measure.column.endswith("_us")
    return Column(
        part, label, "duration" if is_time else "number", get=lambda row: getattr(row.figure, part), sortable=True
    )


def _coverage(row: Line) -> Any:
    return None if row.figure.coverage is None else row.figure.coverage * 100


VERDICTS: Final = "verdicts"


@dataclass(frozen=True)
class Drill:
    """The contacts behind one part of a figure. `total` is that part; the rows' amounts add up to it, with those of the
    `left_out` rows, whose verdict the reader is still to judge blind."""

    metric: Metric
    part: Part
    figure: Figure
    rows: tuple[dict[str, Any], ...]
    page: Page
    total: int
    left_out: int = 0

    @property
    def amounts(self) -> bool:
        """Does a row count for more, or for something else, than one?"""
        measure = self.metric.kind.part(self.part)
        return measure is not None and measure.how == "total"


def drilled(page: MetricPage, figure: Figure, part: Part, query: Mapping[str, str]) -> Drill:
    """One page of the contacts behind a part, with what the record says of each."""
    listed = _listed(page, figure, part)
    told = _told(page, listed)
    leaf = Page.from_query(query, told.num_rows)
    shown = told.slice(leaf.offset, leaf.per_page).to_pylist()
    total = int(pc.sum(listed["amount"]).as_py() or 0)
    rows = tuple(_filled(page, shown))
    return Drill(page.metric, part, figure, rows, leaf, total, listed.num_rows - told.num_rows)


def whole(page: MetricPage, figure: Figure, part: Part) -> list[dict[str, Any]]:
    """Every row of a part, for a download."""
    rows = _without_names(page, _told(page, _listed(page, figure, part)).to_pylist())
    names = person_names({row["person"] for row in rows if row["person"]})
    return [{**row, "agent": names.get(row["person"] or "", row["person"])} for row in rows]


def _listed(page: MetricPage, figure: Figure, part: Part) -> pa.Table:
    filters = page.view.filters
    group = tuple(figure.keys.items())
    question = ("listed", page.name, part, group, filters.period, tuple(sorted(filters.where.items())))
    return page.view.remembered(question, lambda: contacts_of(page.view.people_reader, page.table, figure, part))


def _told(page: MetricPage, listed: pa.Table) -> pa.Table:
    """Without contacts the reader is still to judge blind, where standing in the list would tell a verdict, and without
    those of which nobody may be named, where it would tell who served."""
    view = page.view
    unsaid = view.blind if page.metric.population == VERDICTS else view.nameless if _by_agent(page) else ()
    if not unsaid:
        return listed
    hidden = pc.is_in(listed["contact_id"], pa.array(list(unsaid), pa.string()))
    return listed.filter(pc.invert(hidden))


def _by_agent(page: MetricPage) -> bool:
    return page.by == "agent" or "agent" in page.view.filters.where


def _without_names(page: MetricPage, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of conversations about which the reader decides an appeal without a name, nobody is named."""
    hidden = page.view.nameless
    return [{**row, "person": None} if row["contact_id"] in hidden else row for row in rows]


def _filled(page: MetricPage, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown, ids = _without_names(page, shown), tuple({row["contact_id"] for row in shown})
    names = person_names({row["person"] for row in shown if row["person"]})
    about = _about(page, ids) if ids else {}
    return [
        {**about.get(row["contact_id"], {}), **row, "agent": names.get(row["person"] or "", row["person"])}
        for row in shown
    ]


def _about(page: MetricPage, ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    days: tuple[date | None, date | None] = page.view.filters.period
    found = page.view.reader.contacts_page(LibraryFilters(days=days, contacts=ids), limit=len(ids))
    return {row["contact_id"]: row for row in found.rows}


def drill_columns(drill: Drill) -> tuple[Column, ...]:
    """The contacts: when, on which channel, by whom, how they were rated; the amount where it is not one."""
    columns = [
        Column("contact_id", _("Contact"), url=_contact_url),
        Column("opened_us", _("Opened"), "moment"),
        Column("day", _("Day"), "day"),
        Column(
            "channel",
            _("Channel"),
            get=lambda row: str(wording.CHANNELS.get(row.get("channel") or "", row.get("channel") or "")),
        ),
        Column("category", _("Category"), get=lambda row: wording.category_text(row.get("category"))),
        Column("agent", _("Agent")),
        Column("csat", _("Rating"), "number"),
        Column("customer_frt_us", _("First response"), "duration"),
        Column("duration_us", _("Duration"), "duration"),
    ]
    return (*columns, _amount(drill)) if drill.amounts else tuple(columns)


def _amount(drill: Drill) -> Column:
    measure = drill.metric.kind.part(drill.part)
    is_time = measure is not None and measure.column.endswith("_us")
    return Column("amount", _("Counts for"), "duration" if is_time else "number")


def _contact_url(row: Mapping[str, Any]) -> str:
    return reverse("workplace:contact", args=[row["contact_id"]])


EXPORTED: Final = ("contact_id", "day", "agent", "amount")


def export_columns() -> tuple[Column, ...]:
    """What a download of a part holds: no words and nothing about the customer."""
    labels = (_("Contact"), _("Day"), _("Agent"), _("Counts for"))
    return tuple(Column(name, label) for name, label in zip(EXPORTED, labels, strict=True))
