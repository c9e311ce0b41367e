"""A month as a workbook: results, what each total is made of, figures by team, and where all of it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.appraisal.cut import reasons_that_hold
from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.queries import edition_of_set, reader_of
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure, FigureTable
from bihuan.metrics.query import figures
from bihuan.metrics.reasons import REASONS
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import ScoreNode
from bihuan.workplace.months.result_words import bounds_words
from bihuan.workplace.months.scope_words import filters_of, scope_of_result, scope_of_set
from bihuan.workplace.months.table import by_reason

FIGURES: Final = (
    "contacts", "effective_contacts", "agent_frt_within", "average_response_time", "handle_time", "resolution_rate",
    "first_contact_resolution", "csat_mean", "csat_top2", "csat_top1", "complaint_rate", "raw_complaint_rate",
    "follow_up_completion", "answer_rate",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A sheet to write: head and rows; what is missing stays an empty cell, never a zero."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_report(result_set: ResultSet, target: Path, *, lang: str) -> int:
    """Write the month's workbook; returns how many results it holds. The same results give the same cells."""
    results, edition = list(result_set.results.in_order()), edition_of_set(result_set)
    sheets = [
        *(_results_sheet(scheme, rows, edition) for scheme, rows in _by_scheme(results).items()),
        _parts_sheet(results, lang),
        _figures_sheet(result_set, edition, lang),
        _origin_sheet(result_set),
    ]
    # strings_to_formulas: a name that begins with = must stay a name
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(target), options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name[:31]), sheet, head)
    return len(results)


def _write(page: Any, sheet: Sheet, head: Any) -> None:
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.head):
        page.write_string(0, column, name, head)
        page.set_column(column, column, max(10, 2 * len(name)))
    for line, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal | int | float):
                page.write_number(line, column, float(value))
            elif value not in (None, ""):
                page.write_string(line, column, str(value))


def _by_scheme(results: Iterable[Result]) -> dict[str, list[Result]]:
    grouped: dict[str, list[Result]] = {}
    for result in results:
        grouped.setdefault(result.scheme, []).append(result)
    return grouped


def _results_sheet(scheme: str, results: Sequence[Result], edition: Edition) -> Sheet:
    low, high = bounds_words(edition)
    cut, parted = reasons_that_hold(results[0].set, results), bool(results[0].set.scope)
    head = [
        _("Rank"), _("Best rank"), _("Worst rank"), _("Staff number"), _("Name"), _("Team"), _("Total"), low,
        high, _("Coverage %"), _("Contacts"), _("Contacts with a fatal item"), _("Standing"), _("By written reason"), _("Written reason"),
        _("Why no rank"),
        _("Score of the period"), *([_("Of the part")] if parted else []),
    ]  # fmt: skip
    rows = [
        (
            one.rank, one.rank_best, one.rank_worst, one.person, one.name, one.team, one.total, one.low, one.high, one.coverage,
            one.contacts, one.fatal_contacts, one.standing, by_reason(cut.get(one.pk)), _said(cut.get(one.pk)),
            one.reason, ScoreNode.from_json(one.period).value if one.period else None,
            *([scope_of_result(one)] if parted else []),
        )
        for one in results
    ]  # fmt: skip
    return Sheet(scheme, head, rows)


def _said(cut: CutReason | None) -> str | None:
    return cut.reason if cut else None


def _parts_sheet(results: Iterable[Result], lang: str) -> Sheet:
    head = [
        _("Scheme"), _("Staff number"), _("Name"), _("Term"), _("Weight %"), _("Points"), _("Contribution"), "n", _("Coverage %"),
        _("Note"), _("Source"),
    ]  # fmt: skip
    rows = [
        _part(one, node, lang)
        for one in results
        for node in ScoreNode.from_json(one.tree).walk()
        if node.kind == "term"
    ]
    return Sheet(_("Terms"), head, rows)


def _part(one: Result, node: ScoreNode, lang: str) -> tuple[Any, ...]:
    figures_of_term = (node.weight, node.value, node.contribution, node.n, node.coverage)
    return (one.scheme, one.person, one.name, node.label.said(lang), *figures_of_term, node.reason, node.source)


def _figures_sheet(result_set: ResultSet, edition: Edition, lang: str) -> Sheet:
    """Figures by team and of the whole, which also says why where there are none by team."""
    table = _figures(result_set, edition)
    head = [_("Team"), _("Metric"), _("Value"), _("Unit"), "n", *bounds_words(edition), _("Note")]
    teams = [(one.keys["team"], one) for at in range(len(table)) for one in table.row(at).values()]
    whole = [(_("All"), one) for one in table.totals.values()]
    return Sheet(_("Figures by team"), head, [_figure_row(team, one, lang) for team, one in (*teams, *whole)])


def _figure_row(team: str | None, one: Figure, lang: str) -> tuple[Any, ...]:
    metric, language = CATALOG[one.metric], 0 if lang.startswith("zh") else 1
    why = REASONS[one.reason][language] if one.reason else None
    label = (metric.zh, metric.en)[language]
    return (team, label, one.value, metric.unit, one.n, one.low, one.high, why)


def _figures(result_set: ResultSet, edition: Edition) -> FigureTable:
    first, reader = result_set.month, reader_of(result_set)
    return figures(
        reader,
        FIGURES,
        by=("team",),
        period=(first, last_day(first)),
        where=filters_of(result_set),
        params=metric_params(edition, result_set.lent),
        as_of_us=reader.manifest.told_until_us,
    )


def _origin_sheet(result_set: ResultSet) -> Sheet:
    rows = [
        (_("Month"), f"{result_set.month:%Y-%m}"),
        (_("Results"), str(result_set.pk)),
        (_("Edition"), f"{result_set.edition_ref} {result_set.edition_hash}"),
        *([(_("Holds for"), scope_of_set(result_set))] if result_set.scope else []),
        (
            _("Lent numbers"),
            ", ".join(f"{path} {one['value']} {one['unit']}".strip() for path, one in result_set.lent.items()),
        ),
        (_("Record"), result_set.manifest),
        (_("Engine"), result_set.engine),
        (_("Content"), result_set.content),
        (pgettext("results", "Provisional"), _provisional(result_set)),
        (_("Computed at"), result_set.computed_at.isoformat()),
    ]
    return Sheet(_("Origin"), [_("What"), _("Value")], rows)


def _provisional(result_set: ResultSet) -> str:
    """The checks that entered without counting yet; while there are any, nothing here is a ground for pay."""
    if not result_set.is_provisional:
        return _("no: every check in it counts")
    return f"{_('no ground for pay')}: {', '.join(result_set.provisional or [])}".rstrip(": ")
