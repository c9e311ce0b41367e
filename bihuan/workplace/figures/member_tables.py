"""The members of a team with figures, intervals and the month's result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.appraisal.models import Result
from bihuan.people.queries import Standing
from bihuan.ui.figures import Sparkline
from bihuan.ui.tables import Column
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import scale_of, whisker_of
from bihuan.workplace.figures.people_figures import Members, goals_of
from bihuan.workplace.figures.regrouping import Group
from bihuan.workplace.figures.team_tables import change_over, figure_column, low_end, missing_reason
from bihuan.workplace.months.result_words import unranked_words

_SPARK = (88, 24)


@dataclass(frozen=True)
class MemberRow:
    """One person of a team: who, as what, with which figures and which result of the month."""

    number: str
    name: str
    standing: str
    group: Group
    result: Result | None
    url: str
    sort_key: str
    only_leads: bool = False


def member_rows(
    members: Members, present: Iterable[Standing], names: Mapping[str, str], results: Mapping[str, Result],
    leads: Collection[str] = (),
) -> list[MemberRow]:  # fmt: skip
    """Present members, whether they served or not, then others who served here in the period; `leads` are staff numbers."""
    known = {one.person.number: one for one in present}
    others = sorted(set(members.groups) - set(known))
    query = members.spans.now.query(team=None)
    rows = []
    for number in (*known, *others):
        one = known.get(number)
        name = one.person.name if one else names.get(number, number)
        only_leads = number in leads and number not in members.groups
        word = _("leads, takes no contacts") if only_leads else _standing(one, number in leads)
        group = members.groups.get(number, members.none)
        url = f"{reverse('workplace:agent', args=[number])}?{query}" if one or number in names else ""
        key = one.person.sort_key if one else name
        rows.append(MemberRow(number, name, word, group, results.get(number), url, key, only_leads))
    return rows


def _standing(one: Standing | None, leads: bool) -> str:
    if one is None:
        return _("served here, now elsewhere")
    words = [_("leads the team")] if leads else []
    return " · ".join(
        [*words, *([str(wording.CLASSES[one.agent_class])] if one.agent_class in wording.CLASSES else [])]
    )


def member_columns(members: Members, month: str) -> tuple[Column, ...]:
    """The declared columns; the month's total stands last, with the way to its explanation."""
    goals, decimals = goals_of(members.view), members.view.params.decimals

    def value(name: str) -> Column:
        column = figure_column(name, lambda row: row.group[name], goals[name], decimals)
        return replace(column, reason=lambda row: _only_leads(row) or missing_reason(row.group[name]))

    return (
        Column("name", _("Name"), url=lambda row: row.url, sortable=True, order=lambda row: row.sort_key),
        Column("standing", _("Class"), sortable=True, reason=lambda row: _("No agent class is recorded")),
        value("served_contacts"),
        value("agent_frt_within"),
        value("first_contact_resolution"),
        value("csat_top2"),
        _interval(members, "csat_top2"),
        value("complaint_rate"),
        value("check_met_share"),
        _trend(members, "check_met_share"),
        Column(
            "total", _("Month %(month)s") % {"month": month}, "number", get=_total, decimals=2, sortable=True,
            url=lambda row: reverse("workplace:result", args=[row.result.pk]), reason=_no_total,
        ),
    )  # fmt: skip


def _total(row: MemberRow) -> object:
    return row.result.total if row.result else None


def _no_total(row: MemberRow) -> str:
    if row.result:
        return unranked_words(row.result.reason)
    return _only_leads(row) or _("No result of this month yet")


def _only_leads(row: MemberRow) -> str:
    return _("Leads the team and takes no contacts") if row.only_leads else ""


def _interval(members: Members, name: str) -> Column:
    goal, decimals = goals_of(members.view)[name], members.view.params.decimals
    scale = scale_of([group[name] for group in members.groups.values()], goal)
    head = _("Interval %(low)s–%(high)s") % {"low": f"{scale[0]:.0f}", "high": f"{scale[1]:.0f}"}
    return Column(
        f"{name}_interval", head, "whisker", get=lambda row: whisker_of(row.group[name], goal, scale, decimals),
        sortable=True, order=lambda row: low_end(row.group[name]), hint=_("Sorts by the low end of the interval"),
    )  # fmt: skip


def _trend(members: Members, name: str) -> Column:
    trends = {number: members.trend(number, name) for number in members.groups}
    known = [value for trend in trends.values() for value in trend if value is not None]
    scale = (min(known), max(known)) if known else None

    def drawn(row: MemberRow) -> Sparkline | None:
        return Sparkline(trends[row.number], None, *_SPARK, scale) if row.number in trends else None

    return Column(
        f"{name}_trend", _("Trend"), "spark", get=drawn, exported=False,
        sortable=True, order=lambda row: change_over(trends.get(row.number, ())), hint=_("Sorts by last less first day"),
    )  # fmt: skip
