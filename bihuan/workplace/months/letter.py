"""One person's month on paper: the total, what it is made of and why, for the talk about it and to be signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from bihuan.kit.clock import now
from bihuan.standards.rules.tree import ScoreNode
from bihuan.ui import formats, values
from bihuan.ui.documents import Document, Facts, Line, Part, Rows, Signatures, Title, Words, pdf_of
from bihuan.workplace.months.result import Opened

HASH_SHOWN: Final = 12
DEEPEST: Final = 2  # levels below the total: terms and what they are made of
INDENT: Final = "\u3000"
SHORT: Final = 1  # decimals of intervals, as on the page


def letter_pdf(page: Opened, *, printed_by: str, appeal: str = "") -> bytes:
    """The bytes of the letter. `appeal`: until when it may be appealed, in words."""
    result = page.result
    parts: list[Part] = [
        Words(_("%(name)s, this is your result of %(month)s and what it rests on.") % {"name": result.name, "month": page.month}),
        Title(_("What the total is made of")),
        _tree(page.tree),
        *_period(page),
        Title(_("Why this rank")),
        *[Words(f"· {sentence}") for sentence in page.why],
        *_figures(page),
        *_days(page),
        *([Words(appeal)] if appeal else []),
        Title(_("Where it comes from")),
        Facts(_origin(page)),
        Signatures((f"{_('Agent')} {result.name}", _("Supervisor"), _("Day"))),
    ]  # fmt: skip
    document = Document(
        title=_("Monthly result"),
        subtitle=f"{page.month} · {result.name} {result.person}",
        facts=_facts(page),
        parts=parts,
        foot=f"{_('Printed')} {values.moment(now())} · {printed_by}",
        lang=values.language(),
    )
    return pdf_of(document)


def _facts(page: Opened) -> list[tuple[str, str]]:
    result, reviewed = page.result, page.reviewed
    between = formats.interval(result.low, result.high, SHORT)
    could = _("could be %(best)s–%(worst)s") % {"best": result.rank_best, "worst": result.rank_worst}
    rank = f"{result.rank} / {page.ranked} · {could}" if result.rank else _("no rank")
    counted = _("%(counts)s served last") % {"counts": reviewed.counts}
    return [
        (_("Total"), values.number(result.total, 2)),
        (page.interval_name, between),
        (_("Rank"), rank),
        (_("Team"), page.team),
        (_("Contacts served"), _("%(all)s, %(judged)s judged") % {"all": result.contacts, "judged": page.judged}),
        (_("Coverage"), values.percent(result.coverage)),
        (_("Human review rate"), f"{values.percent(reviewed.share)} ({counted})"),
        (_("With a fatal item"), str(result.fatal_contacts)),
    ]


def _tree(tree: ScoreNode) -> Rows:
    head = (_("Part of the total"), _("Weight %"), _("Score"), _("Contribution"), _("Remark"))
    lines = [Line(cells, strong=depth == 0) for depth, cells in _nodes(tree, 0)]
    return Rows(head, lines, (4, 0, 0, 0, 5), ("left", "right", "right", "right", "left"))


def _period(page: Opened) -> Iterator[Part]:
    if page.period is not None:
        yield Title(_("Score of the period"), _("the scorecard's own, beside the total and no part of it"))
        yield _tree(page.period)


def _nodes(node: ScoreNode, depth: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    figures = (node.weight, node.value, node.contribution)
    source = " · ".join(filter(None, (node.source, node.reason)))
    yield (
        depth,
        (INDENT * depth + node.label.said(values.language()), *(values.number(one, 2) for one in figures), source),
    )
    if depth < DEEPEST:
        for child in node.children:
            yield from _nodes(child, depth + 1)


def _figures(page: Opened) -> Iterator[Part]:
    if page.figures:
        head = (_("Figure"), _("Value"), "n", page.interval_name, _("Remark"))
        lines = [Line((one.label, one.value, values.number(one.n), one.interval, one.reason)) for one in page.figures]
        yield Title(_("Figures it takes"))
        yield Rows(head, lines, (4, 2, 0, 3, 4), ("left", "right", "right", "left", "left"))


def _days(page: Opened) -> Iterator[Part]:
    if page.days:
        head = (_("Day"), _("Score"), _("Contacts"), _("Coverage %"), _("With a fatal item"))
        sides = ("left", "right", "right", "right", "right")
        yield Title(_("Daily scores"), _("the month is the mean of its days"))
        yield Rows(head, [Line(_day(page, at)) for at in range(len(page.days))], (2, 2, 2, 2, 2), sides)


def _day(page: Opened, at: int) -> tuple[str, ...]:
    """Of a day that holds a contact the reader is still to judge blind, the contacts alone."""
    day = page.days[at]
    score = day.score
    told = (values.number(score.value, 2), values.number(score.coverage, 1), str(score.fatal))
    value, coverage, fatal = (formats.MISSING,) * len(told) if day.is_blind else told
    return formats.day(score.day), value, values.number(score.n), coverage, fatal


def _origin(page: Opened) -> list[tuple[str, str]]:
    kept = page.result.set
    edition = f"{page.scheme_name} · {kept.edition_ref} {kept.edition_title.get('version', '')} · {kept.edition_hash[:HASH_SHOWN]}"
    return [
        (_("Edition"), edition),
        *([(_("Holds for"), page.part)] if page.part else []),
        (_("Record"), kept.manifest[:HASH_SHOWN]),
        (_("Engine"), page.engine),
        (_("Computed at"), f"{values.moment(kept.computed_at)} · #{kept.sequence}"),
    ]
