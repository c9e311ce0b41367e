"""The daily score sheet 日评分表 on paper: of the whole day, of one agent, of one inspector (S3-13)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from bihuan.inspection.daily_sheet.sheets import AGENTS, HASH_SHOWN, INSPECTORS, SINGLE, Sheet
from bihuan.inspection.desk import Desk, open_desk
from bihuan.inspection.models import Answer, Evaluation
from bihuan.inspection.rules.form import ASKED, DEDUCTION, ITEM, Question
from bihuan.inspection.wording import KINDS, STATES, VERDICT_WORDS, said, subject_of, when_of
from bihuan.kit.clock import now
from bihuan.people.models import User
from bihuan.standards.checks.personal_data import mask
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.ui import formats, values
from bihuan.ui.documents import Document, Facts, Line, Part, Rows, Signatures, Title, Words, listed, pdf_of

WIDE: Final = {"worst": 5, "contact": 4}
ITEM_WIDTHS: Final = (5, 2, 2, 0, 6)


def sheet_pdf(user: User, sheet: Sheet, *, shares: str) -> bytes:
    """The bytes of the sheet. `shares`: the planned human share in words, beside the true one (X12)."""
    parts: list[Part] = []
    if not sheet.agent:
        parts += [Title(_("Agents"), _("lowest first; means and intervals from the random sample"))]
        parts += [listed(AGENTS, sheet.agents, WIDE)]
    if not sheet.agent and not sheet.inspector:
        parts += [Title(_("Inspectors")), listed(INSPECTORS, sheet.inspectors)]
    parts += [Title(_("Evaluations")), listed(SINGLE, sheet.evaluations, WIDE)]
    if sheet.agent or sheet.inspector:
        parts += [part for one in sheet.evaluations for part in _evaluation(user, one)]
    document = Document(
        title=_("Daily score sheet"),
        subtitle=" · ".join(filter(None, (formats.day(sheet.day), sheet.whose))),
        facts=facts_of(sheet, shares),
        parts=[*parts, Signatures(_signers(sheet))],
        foot=f"{_('Printed')} {values.moment(now())} · {user.get_username()}",
        lang=values.language(),
    )
    return pdf_of(document)


def facts_of(sheet: Sheet, shares: str) -> list[tuple[str, str]]:
    """What stands above the tables, for every file of the sheet."""
    reviewed = f"{values.percent(sheet.reviewed.share, 1)} ({sheet.reviewed.counted})"
    found = [
        (_("Evaluations"), str(len(sheet.evaluations))),
        (_("Human review rate"), f"{reviewed} · {_('plan')} {shares}"),
        (_("Mean score of the random sample"), values.number(sheet.mean, 2)),
        (_("Fatal findings"), str(sheet.fatal)),
        (_("Edition"), "; ".join(sheet.editions) or formats.MISSING),
    ]
    draws = [f"{_('seed')} {draw.seed} · {_('record')} {draw.manifest[:HASH_SHOWN]}" for draw in sheet.draws]
    return [*found, (_("Draw"), "; ".join(draws) or formats.MISSING)]


def _signers(sheet: Sheet) -> list[str]:
    agent = [f"{_('Agent')} {sheet.whose}"] if sheet.agent else []
    inspector = f"{_('Inspector')} {sheet.whose}" if sheet.inspector else _("Inspector")
    return [*agent, inspector, _("Supervisor"), _("Day")]


def _evaluation(user: User, one: Any) -> Iterator[Part]:
    """Everything people said of one conversation."""
    score = values.number(one.total, 2)
    if one.fatal:
        score += f" · {_('%(score)s without the fatal finding') % {'score': values.number(one.unfailed, 2)}}"
    work = one.assignment
    yield Title(f"{subject_of(work)} · {when_of(work)}", score, level=2)
    yield Facts(
        (
            (_("Agent"), f"{one.agent_name} {work.person}"),
            (_("Inspector"), one.first.evaluator.name),
            (_("Conversation"), work.contact_id),
            (_("State"), f"{said(STATES, one.state)} · {said(KINDS, work.kind)} · {_('version')} {one.version}"),
        )
    )
    desk = open_desk(user, work, one, blind=False)
    if desk is None:
        yield Words(_("The conversation is not in the record any more, or not open to you."), small=True)
        return
    yield _items(desk, one)
    yield from _comments(desk)


def _items(desk: Desk, one: Evaluation) -> Rows:
    tree = one.score
    lines = [
        _line(row.label, row.question, row.answer, tree)
        for row in desk.rows
        if row.answer is not None
    ]  # fmt: skip
    head = (_("Item"), _("Source"), _("Answer"), _("Points"), _("Reason"))
    return Rows(head, lines, ITEM_WIDTHS, ("left", "left", "left", "right", "left"))


def _line(label: str, question: Question, answer: Answer, tree: ScoreNode | None) -> Line:
    cells = (
        label,
        question.source,
        said(VERDICT_WORDS, answer.verdict),
        _points(question, answer, tree),
        mask(answer.reason),
    )
    return Line(cells, strong=answer.verdict == VIOLATED)


def _points(question: Question, answer: Answer, tree: ScoreNode | None) -> str:
    """Points reached of those that were possible; what a violation took off, or that it zeroes the form."""
    node = tree.find(question.kind, question.id) if tree else None
    if question.kind == ITEM:
        return formats.MISSING if node is None or not node.possible else _of(node.earned, node.possible)
    if answer.verdict != VIOLATED or question.kind == ASKED:
        return formats.MISSING
    return values.signed(question.points) if question.kind == DEDUCTION else _("zeroes the form")


def _of(earned: Decimal | None, possible: Decimal) -> str:
    return f"{values.number(earned)} / {values.number(possible)}"


def _comments(desk: Desk) -> Iterator[Part]:
    """Comments under the words they stand on, masked as on the page."""
    said_in = {row["seq"]: mask(row["text"] or "") for row in desk.record.messages}
    for comment in desk.comments:
        quoted = said_in.get(comment.message, "")[comment.start : comment.end]
        stands_on = desk.where(comment) if comment.message is None else f"#{comment.message} “{quoted}”"
        yield Words(f"{stands_on} — {mask(comment.words)}")
