"""Item statistics as a page shows them: the filters, the table, the strip above it, and in words what stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.inspection.items.columns import (
    COLUMNS,
    PAIRS,
    PEOPLE,
    Line,
    Linked,
    Pair,
    ends,
    interval_said,
    percent,
    reason_said,
    scale,
)
from bihuan.inspection.items.statistics import ItemPage
from bihuan.inspection.rules.items import ItemReport, ItemStatistic, Redundancy
from bihuan.inspection.trust.standing import Stand, stands
from bihuan.inspection.trust.words import STANDINGS, word
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED
from bihuan.ui import formats, values
from bihuan.ui.figures import Choice, FilterBar, Timing
from bihuan.ui.tables import Column, Sorting, Table

LINKED: Final = (VIOLATED, NOT_APPLICABLE, CANNOT_TELL)


@dataclass(frozen=True)
class Finding:
    """What stands out in one sentence, and where to look."""

    word: str
    tone: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class ItemTables:
    """The page of item statistics in the words of a language."""

    columns: ClassVar[tuple[Column, ...]] = COLUMNS
    page: ItemPage
    language: str
    query: Mapping[str, str]

    @property
    def report(self) -> ItemReport:
        return self.page.report

    @property
    def scored(self) -> tuple[str, ...]:
        return self.page.scored

    @cached_property
    def people(self) -> PeoplesTables:
        """The same of what people answered."""
        return PeoplesTables(self.page, self.language, self.query)

    @cached_property
    def lines(self) -> list[Line]:
        report = self.report
        twins: dict[str, list[str]] = {}
        for pair in self._redundant:
            twins.setdefault(pair.first, []).append(pair.second)
            twins.setdefault(pair.second, []).append(pair.first)
        scales = (
            scale([percent(end) for one in report.items for end in ends(one.share_met)]),
            scale([0.0, *(end for one in report.items for end in ends(one.discrimination))]),
        )
        return [self._line(one, scales, tuple(twins.get(one.item, ()))) for one in report.items]

    @cached_property
    def table(self) -> Table:
        sorting = Sorting.from_query(self.query, self.columns)
        return Table(self.columns, sorting.apply(self.lines, self.columns), sorting=sorting, query=self.query)

    @cached_property
    def pairs(self) -> Table:
        return Table(PAIRS, [Pair(self._name(p.first), self._name(p.second), p.phi) for p in self._redundant])

    @property
    def counted_words(self) -> tuple[str, str]:
        return _("Conversations counted"), _("Checks in the score")

    @property
    def strip(self) -> list[Timing]:
        report, reliability = self.report, self.report.reliability
        always = sum(bool(line.statistic.always) for line in self._scored)
        negative = sum(line.statistic.is_negative for line in self._scored)
        note = interval_said(reliability) or reason_said(reliability)
        return [
            Timing(self.counted_words[0], values.number(report.contacts)),
            Timing(self.counted_words[1], values.number(len(self.scored))),
            Timing(_("Reliability"), formats.number(reliability.value, 2), note=note),
            Timing(_("Tell nobody apart"), values.number(always), tone="warn" if always else ""),
            Timing(_("Negative discrimination"), values.number(negative), tone="bad" if negative else ""),
            Timing(_("Doubled"), values.number(len(self._redundant)), tone="warn" if self._redundant else ""),
        ]

    @property
    def findings(self) -> list[Finding]:
        """Sentences about what is scored, the gravest first."""
        told = [self._negative(line) for line in self._scored if line.statistic.is_negative]
        told += [self._doubled(pair) for pair in self._redundant]
        return [*told, *(self._always(line) for line in self._scored if line.statistic.always)]

    @property
    def left_out(self) -> str:
        """Names of the items the reliability does without."""
        return " · ".join(self._name(item) for item in self.report.left_out)

    @property
    def bar(self) -> FilterBar:
        page = self.page
        editions = [(digest, _edition_name(one, self.language)) for digest, one in page.editions.items()]
        choices = [
            Choice("edition", _("Edition"), editions, page.edition.hash),
            Choice("month", _("Month"), [(month, month) for month in page.months], page.month),
        ]
        if page.card and len(page.edition.scorecards) > 1:
            cards = [(name, card.label.said(self.language)) for name, card in page.edition.scorecards.items()]
            choices.append(Choice("card", _("Scorecard"), cards, page.card.id))
        return FilterBar(choices=choices)

    @cached_property
    def _scored(self) -> list[Line]:
        return [line for line in self.lines if line.scored]

    @cached_property
    def _redundant(self) -> list[Redundancy]:
        """Pairs that count twice: both are scored."""
        scored = set(self.scored)
        return [pair for pair in self.report.redundant if {pair.first, pair.second} <= scored]

    def _line(self, one: ItemStatistic, scales: Any, twins: tuple[str, ...]) -> Line:
        edition = self.page.edition
        return Line(
            statistic=one,
            name=self._name(one.item),
            source=edition.checks[one.item].source,
            scored=one.item in self.scored,
            effect=self._effect(one.item),
            address=f"{reverse('standards:edition', args=[edition.hash])}#{edition.checks[one.item].place}",
            counts={word: Linked.to(one.counts[word], self._contacts(one.item, word)) for word in LINKED},
            scales=scales,
            twins=twins,
            standing=word(STANDINGS, self._standing[one.item].standing),
            trust=f"{reverse('inspection:trust_check', args=[one.item])}?edition={edition.hash}",
        )

    @cached_property
    def _standing(self) -> Mapping[str, Stand]:
        return stands(self.page.edition)

    def _effect(self, check: str) -> str:
        if check in self.page.zeroing:
            return pgettext("effect of a check", "Fatal")
        return _("Deducts points") if check in self.page.deducting else _("Not in the score")

    def _contacts(self, check: str, verdict: str) -> str:
        """The conversations with this verdict; nothing where the library judges by another edition or may not be seen."""
        if not self.page.opens_contacts:
            return ""
        first, last = self.page.period
        query = {"from": first.isoformat(), "to": last.isoformat(), "check": check, "verdict": verdict}
        return f"{reverse('workplace:contacts')}?{urlencode(query)}"

    def _name(self, item: str) -> str:
        return self.page.edition.checks[item].label.said(self.language) or item

    def _negative(self, line: Line) -> Finding:
        figure = line.statistic.discrimination
        told = {"item": line.name, "value": formats.number(figure.value, 2), "interval": interval_said(figure)}
        text = _(
            "%(item)s: discrimination %(value)s (%(interval)s). Whoever meets it does worse on the rest: look at its rule."
        )
        return Finding(_("Negative"), "bad", text % told, line.counts[VIOLATED].url)

    def _doubled(self, pair: Redundancy) -> Finding:
        told = {
            "first": self._name(pair.first),
            "second": self._name(pair.second),
            "phi": formats.number(pair.phi.value, 2),
        }
        text = _("%(first)s and %(second)s nearly always answer alike (φ %(phi)s): the same thing counts twice.")
        return Finding(_("Doubled"), "warn", text % told)

    def _always(self, line: Line) -> Finding:
        told = {"item": line.name, "share": formats.number(line.share, 1), "n": values.number(line.judged)}
        if line.statistic.always == MET:
            text = _(
                "%(item)s: met in %(share)s %% of %(n)s judgements. It tells nobody apart; sampling it now and then is enough."
            )
            return Finding(_("Nearly always met"), "warn", text % told, line.counts[VIOLATED].url)
        text = _(
            "%(item)s: met in only %(share)s %% of %(n)s judgements. Either the rule misreads, or everybody lacks it."
        )
        return Finding(_("Hardly ever met"), "warn", text % told, line.counts[VIOLATED].url)


@dataclass(frozen=True)
class PeoplesTables(ItemTables):
    """The figures of what people answered to the form's questions."""

    columns: ClassVar[tuple[Column, ...]] = PEOPLE

    @property
    def report(self) -> ItemReport:
        return self.page.people.report

    @property
    def scored(self) -> tuple[str, ...]:
        return self.page.people.scored

    @property
    def counted_words(self) -> tuple[str, str]:
        return _("Evaluations counted"), _("Items in the score")

    def _line(self, one: ItemStatistic, scales: Any, twins: tuple[str, ...]) -> Line:
        question = self.page.people.questions[one.item]
        return Line(
            statistic=one, name=self._name(one.item), source=question.source, scored=one.item in self.scored,
            effect=self._effect(one.item), address="", scales=scales, twins=twins,
            counts={verdict: Linked.to(one.counts[verdict], "") for verdict in LINKED},
        )  # fmt: skip

    def _name(self, item: str) -> str:
        return self.page.people.questions[item].label.said(self.language) or item


def _edition_name(edition: Any, language: str) -> str:
    return f"{edition.title.said(language)} {edition.version}"
