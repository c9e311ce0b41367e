"""The ranking as a declared table, its marks, its strip of figures, and the list of kept versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.appraisal.models import CutReason, ResultSet
from bihuan.appraisal.rules.ranking import Standing
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats, values
from bihuan.ui.figures import Tab, Target, Timing
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table
from bihuan.workplace.months.page import Line, Month
from bihuan.workplace.months.result_words import (
    bounds_words,
    engine_words,
    interval_words,
    unranked_short,
    unranked_words,
)
from bihuan.workplace.months.scope_words import part_of

PER_PAGE: Final = 100
HASH_SHOWN: Final = 12


def _url(line: Line) -> str:
    return reverse("workplace:result", args=[line.result.pk])


def marks(line: Line) -> list[tuple[str, str, str]]:
    """(text, tone, icon) of each mark: in, not separable, fatal items (which bar the best, X17), no rank and why."""
    one, found = line.result, []
    if one.reason:
        return [(unranked_short(one.reason), "", "help-hexagon")]
    if one.standing == Standing.NOT_SEPARABLE:
        found.append(cut_mark(line.cut) if line.cut else (gettext("Not separable"), "warn", "question-mark"))
    if one.standing == Standing.IN and not one.fatal_contacts:
        found.append((gettext("In"), "met", "check"))
    if one.fatal_contacts:
        decides = one.standing in (Standing.IN, Standing.NOT_SEPARABLE)
        found.append((gettext("%(n)s with a fatal item") % {"n": one.fatal_contacts}, "bad" if decides else "", "x"))
    return found


def cut_mark(cut: CutReason) -> tuple[str, str, str]:
    """What the written reason decided about somebody whom the score cannot place."""
    if cut.is_in:
        return gettext("In by written reason"), "met", "check"
    return gettext("Out by written reason"), "", "minus"


def columns(month: Month) -> tuple[Column, ...]:
    """Columns of the ranking; the interval's scale stands in its head."""
    low, high = month.lines[0].scale if month.lines else (0, 100)
    return (
        Column("rank", _("Rank"), "number", get=lambda line: line.result.rank, sortable=True, reason=_why),
        Column(
            "between", _("Could be"), get=lambda line: line.rank_between, reason=_why, sortable=True,
            order=lambda line: (line.result.rank_best, line.result.rank_worst) if line.rank_between else None,
        ),
        Column(
            "name", _("Name"), get=lambda line: line.result.name, url=_url, sortable=True,
            order=lambda line: month.name_keys.get(line.result.person, line.result.name),
        ),
        Column("team", _("Team"), sortable=True, order=lambda line: month.team_places.get(line.result.team)),
        Column(
            "total", _("Total"), "number", get=lambda line: line.result.total, decimals=2, sortable=True, reason=_why
        ),
        Column(
            "whisker", f"{low} ┄ {interval_words(month.edition)} ┄ {high}", "whisker", reason=_why, sortable=True,
            order=lambda line: line.result.low, hint=_("Sorts by the low end of the interval"),
        ),
        Column("coverage", _("Coverage"), "percent", get=lambda line: line.result.coverage, decimals=0, sortable=True),
        Column("contacts", _("Contacts"), "number", get=lambda line: line.result.contacts, sortable=True),
        Column(
            "parts", _("Made of"), "parts", sortable=True, order=_first_part,
            hint=_("Sorts by the share reached of the first part"),
        ),
        Column(
            "change", _("Since last month"), template="workplace/_change_cell.html", sortable=True, reason=_no_change
        ),
        Column(
            "marks", _("Marks"), get=lambda line: marks(line) or None, template="workplace/_marks_cell.html",
            sortable=True, order=lambda line: [icon for _text, _tone, icon in marks(line)] or None,
        ),
    )  # fmt: skip


def _first_part(line: Line) -> Any:
    return line.parts[0].reached if line.parts else None


def _why(line: Line) -> str:
    return unranked_words(line.result.reason)


def _no_change(line: Line) -> str:
    return gettext("No total last month by the same edition")


def ranking(month: Month, query: Mapping[str, str]) -> Table:
    """The table: by rank unless asked otherwise; cut line and bracket stand only in the order of ranks."""
    declared = columns(month)
    sorting = Sorting.from_query(query, declared)
    rows = sorting.apply(month.lines, declared)
    page = Page.from_query(query, len(rows), PER_PAGE)
    page = Page(page.number, page.total, page.per_page, query)
    in_order = not sorting.name
    cut_at = month.above_the_cut - page.offset
    return Table(
        declared,
        rows[page.offset : page.offset + page.per_page],
        sorting,
        query,
        page,
        row_url=_url,
        empty_title=_("No line you may see"),
        empty_advice=_("Results of a month list whoever served in it."),
        cut_after=cut_at if in_order and month.cut and 0 < cut_at <= page.per_page else None,
        cut_text=cut_text(month),
        bracketed=(lambda line: line.is_unsure) if in_order else None,
    )


def cut_text(month: Month) -> str:
    """What the cut line says (X16, X17)."""
    share = formats.share(month.policy.top_share, 0)
    words = gettext(
        "Line of the best %(share)s: %(places)s of %(ranked)s · whose interval crosses it is “not separable”:"
        " a supervisor's written reason decides (X16 · X17)"
    )
    return words % {"share": share, "places": month.cut, "ranked": month.ranked}


def exported(month: Month) -> tuple[Column, ...]:
    """The columns of the CSV; the ends of the interval say its confidence."""
    low, high = bounds_words(month.edition)
    return (
        Column("rank", _("Rank"), get=lambda line: line.result.rank),
        Column("rank_best", _("Best rank"), get=lambda line: line.result.rank_best),
        Column("rank_worst", _("Worst rank"), get=lambda line: line.result.rank_worst),
        Column("person", _("Staff number"), get=lambda line: line.result.person),
        Column("name", _("Name"), get=lambda line: line.result.name),
        Column("team", _("Team")),
        Column("total", _("Total"), get=lambda line: line.result.total),
        Column("low", low, get=lambda line: line.result.low),
        Column("high", high, get=lambda line: line.result.high),
        Column("coverage", _("Coverage %"), get=lambda line: line.result.coverage),
        Column("contacts", _("Contacts"), get=lambda line: line.result.contacts),
        Column("fatal", _("Contacts with a fatal item"), get=lambda line: line.result.fatal_contacts),
        Column("change", _("Since last month")),
        Column("standing", _("Standing"), get=lambda line: line.result.standing),
        Column("by_reason", _("By written reason"), get=lambda line: by_reason(line.cut)),
        Column("written_reason", _("Written reason"), get=lambda line: line.cut.reason if line.cut else None),
        Column("why", _("Why no rank"), get=lambda line: _why(line)),
        Column(
            "on_trial",
            pgettext_lazy("results", "Provisional"),
            get=lambda line: gettext("no ground for pay") if line.on_trial else "",
        ),
    )


def by_reason(cut: CutReason | None) -> str | None:
    """In or out with who wrote it, for files."""
    return f"{gettext('In') if cut.is_in else gettext('Out')} · {cut.written_by.name}" if cut else None


def strip_of(month: Month) -> list[Timing]:
    """The figures above the ranking; whoever sees but their own line is told no figures of others."""
    boxes: list[Timing | None] = [
        _mean(month),
        Timing(
            gettext("May be ranked"),
            f"{month.ranked} / {month.everybody}",
            note=gettext("%(n)s without a rank") % {"n": month.everybody - month.ranked},
        ),
        _places(month),
        _unsure(month) if month.sees_others else None,
        _human(month),
    ]
    if month.provisional:
        note = gettext("first-contact window still open")
        boxes.append(
            Timing(gettext("Provisional"), gettext("%(n)s people") % {"n": month.provisional}, note=note, tone="warn")
        )
    return [box for box in boxes if box]


def _mean(month: Month) -> Timing | None:
    if month.mean is None:
        return None
    mean, low, high = month.mean
    label = gettext("Department mean") if month.sees.everything else gettext("Mean of your people")
    label = gettext("Mean of the part") if month.kept.scope and month.sees.everything else label
    return Timing(label, formats.number(mean, 2), Target(interval_words(month.edition)), formats.interval(low, high, 1))


def _places(month: Month) -> Timing:
    share = formats.share(month.policy.top_share, 0)
    note = f"⌈{month.ranked} × {share}⌉" if month.cut else gettext("too few people for a cut")
    value = gettext("%(n)s people") % {"n": month.cut}
    return Timing(gettext("Places of the best %(share)s") % {"share": share}, value, note=note)


def _unsure(month: Month) -> Timing:
    value = gettext("%(n)s people") % {"n": month.unsure}
    if not month.unsure:
        return Timing(gettext("Not separable at the cut"), value)
    if month.kept.is_provisional:
        note = gettext("provisional: nothing is decided yet")
        return Timing(gettext("Not separable at the cut"), value, note=note, tone="warn")
    if month.undecided:
        note = gettext("%(n)s still need a written reason") % {"n": month.undecided}
        return Timing(gettext("Not separable at the cut"), value, note=note, tone="warn")
    return Timing(gettext("Not separable at the cut"), value, note=gettext("none waits for a written reason"))


def _human(month: Month) -> Timing:
    reviewed = month.reviewed
    sampling = month.edition.sampling if month.edition else {}
    low, high = sampling.get("daily_share_low"), sampling.get("daily_share_high")
    wanted = f"{formats.interval(low.value, high.value, 0)} %" if low and high else ""
    target = Target(gettext("target %(share)s") % {"share": wanted}) if wanted else None
    counts = gettext("%(counts)s, all in the record") % {"counts": reviewed.counts}
    note = counts if reviewed.n else gettext("no human evaluations yet")
    return Timing(gettext("Human review rate"), formats.percent(reviewed.share, 1), target, note)


def scheme_tabs(schemes: Mapping[str, str], chosen: str, address: Any) -> list[Tab]:
    """One tab per scheme of the set."""
    return [Tab(name, address(scheme=key), key == chosen) for key, name in schemes.items()]


def sets_of(month: date) -> Sequence[ResultSet]:
    """Every set kept for a month, by whatever edition, newest first, with its number of results as `lines`."""
    rows = ResultSet.objects.filter(month=month).select_related("computed_by")
    return list(rows.annotate(lines=Count("results")).order_by("-sequence"))


def standing_of(kept: ResultSet, official: Sequence[ResultSet], in_use: Edition) -> tuple[str, str, str] | None:
    """(text, tone, icon) where the set shown is not simply the one that holds by the edition in use."""
    if kept not in official:
        return gettext("By another edition, to compare; it decides nothing"), "warn", "arrows-exchange"
    if kept != official[0]:
        return gettext("Old version #%(n)s") % {"n": kept.sequence}, "warn", "history"
    if kept.edition_hash != in_use.hash:
        return gettext("The edition in use has changed since: compute again"), "warn", "refresh"
    return None


def versions(sets: Sequence[ResultSet], shown: ResultSet | None) -> Table:
    """Every set kept for the month, the newest first; each can be opened as it was."""
    return Table(VERSIONS, [(kept, kept == shown) for kept in sets])


def _version_url(row: tuple[ResultSet, bool]) -> str:
    kept = row[0]
    return f"{reverse('workplace:month', args=[f'{kept.month:%Y-%m}'])}?set={kept.pk}"


def _edition_title(row: tuple[ResultSet, bool]) -> str:
    title, part = row[0].edition_title, part_of(row[0])
    words = f"{values.said(title) or row[0].edition_ref} {title.get('version', '')}{f' · {part}' if part else ''}"
    return f"{words} · {row[0].edition_hash[:HASH_SHOWN]}"


VERSIONS: Final = (
    Column("sequence", _("Version"), get=lambda row: f"#{row[0].sequence}", url=_version_url),
    Column("shown", _("On this page"), get=lambda row: gettext("shown") if row[1] else None),
    Column("at", _("Computed at"), "moment", get=lambda row: row[0].computed_at),
    Column("by", _("By"), get=lambda row: str(row[0].computed_by or gettext("the system"))),
    Column(
        "edition",
        _("Edition"),
        get=_edition_title,
        url=lambda row: reverse("standards:edition", args=[row[0].edition_hash]),
    ),
    Column("manifest", _("Record"), get=lambda row: row[0].manifest[:HASH_SHOWN]),
    Column("engine", _("Engine"), get=lambda row: engine_words(row[0].engine)),
    Column("lines", _("Lines"), "number", get=lambda row: row[0].lines),
)
