"""The score of a contact as rows of a table: reasons in words, quoted words masked, each row with its place in the edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import Evidence, ScoreNode
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.ui import formats, values
from bihuan.workplace.contacts.judgement import reason_in_words, short_percent

OPEN_LEVELS = 2
DEEPEST = 5
_JUDGED = ("verdict", "fatal", "deduction")
QUOTED = 24
"""Characters of a quotation in the tree: enough to recognise the place, the words themselves stand in the transcript."""


@dataclass(frozen=True)
class TreeRow:
    """One node. `key` and `parent` tie rows together for opening; `checks` links a verdict to its words."""

    key: str
    parent: str
    level: int
    kind: str
    label: str
    weight: str
    points: str
    contribution: str
    declared: str = ""  # the edition's weight, where it is another one
    verdict: str = ""
    reason: str = ""
    source: str = ""
    place: str = ""
    checks: str = ""
    message: int | None = None
    has_children: bool = False
    is_open: bool = False
    is_shown: bool = True


def score_rows(tree: ScoreNode, texts: Mapping[int, str], edition: Edition) -> list[TreeRow]:
    """All nodes in reading order. `texts` are the messages as the page shows them, so that offsets fit."""
    return list(_rows(tree, _Place("score", "", 1, True, "", edition), texts))


@dataclass(frozen=True)
class _Place:
    key: str
    parent: str
    level: int
    shown: bool
    check: str
    edition: Edition


def _rows(node: ScoreNode, at: _Place, texts: Mapping[int, str]) -> Iterator[TreeRow]:
    is_open = at.level < OPEN_LEVELS or _leads_to_violation(node)
    yield _row(node, at, is_open, texts)
    check = node.id if node.kind in _JUDGED else at.check
    fatal = sum(child.kind == "fatal" for child in node.children)  # they come first
    for number, child in enumerate(node.children):
        if fatal and number == fatal:
            yield _unfailed(node, at)
        below = _Place(f"{at.key}-{number}", at.key, at.level + 1, at.shown and is_open, check, at.edition)
        yield from _rows(child, below, texts)


def _leads_to_violation(node: ScoreNode) -> bool:
    """What cost points stands open; everything else opens on demand."""
    return node.kind in ("fatal", "deduction") or (
        node.kind in ("dimension", "item")
        and any(below.kind == "verdict" and below.verdict == VIOLATED for below in node.walk())
    )


def _row(node: ScoreNode, at: _Place, is_open: bool, texts: Mapping[int, str]) -> TreeRow:
    evidence = node.evidence[0] if node.kind == "span" and node.evidence else None
    return TreeRow(
        key=at.key,
        parent=at.parent,
        level=min(at.level, DEEPEST),
        kind=node.kind,
        label=_quoted(evidence, texts) if evidence else node.label.said(values.language()) or node.id,
        weight=_weight(node),
        points=_points(node),
        contribution=_contribution(node),
        declared=_declared(node, at.edition),
        verdict=node.verdict or "",
        reason=reason_in_words(node.id, node.reason, at.edition),
        source=node.source,
        place=node.place,
        checks=at.check if evidence else node.id if node.kind in _JUDGED else "",
        message=evidence.message if evidence else None,
        has_children=bool(node.children),
        is_open=is_open,
        is_shown=at.shown,
    )


def _unfailed(node: ScoreNode, at: _Place) -> TreeRow:
    """The score as it would be without the fatal item: it always stands beside the fatal one."""
    score = formats.number(node.unfailed, 2)
    return TreeRow(
        f"{at.key}-unfailed", at.parent, at.level, "unfailed", _("Score without the fatal item"), "", "", score
    )


def _weight(node: ScoreNode) -> str:
    if node.kind == "item":
        return _("%(points)s points") % {"points": _short(node.weight)}
    return "" if node.weight is None else short_percent(node.weight)


def _declared(node: ScoreNode, edition: Edition) -> str:
    dimensions = edition.scorecard().dimensions if node.kind == "dimension" and edition.scorecards else ()
    meant = next((one for one in dimensions if one.id == node.id), None)
    return short_percent(meant.weight.value) if meant and node.weight != meant.weight.value else ""


def _points(node: ScoreNode) -> str:
    if node.possible is None or (node.verdict and node.kind == "dimension"):
        return ""
    if not node.possible and node.kind == "item":
        return ""
    return f"{_short(node.earned)} / {_short(node.possible)}"


def _contribution(node: ScoreNode) -> str:
    if node.kind == "fatal":
        return "→ 0"
    value = node.value if node.kind == "total" else node.contribution
    missing = formats.MISSING if node.kind in ("total", "dimension", "item") else ""
    return missing if value is None else formats.number(value, 2)


def _short(value: Decimal | None) -> str:
    return formats.number(value, 2).removesuffix(".00")


def _quoted(evidence: Evidence, texts: Mapping[int, str]) -> str:
    """Where the evidence stands, and its first words as the page shows them."""
    if evidence.message is None:
        return _("Event %(number)s") % {"number": evidence.event}
    where = {"number": evidence.message}
    if evidence.role == "looked":
        return _("Message %(number)s: looked here, not found") % where
    words = texts.get(evidence.message, "")[evidence.start : evidence.end]
    more = "…" if len(words) > QUOTED else ""
    return _("Message %(number)s “%(words)s”") % {**where, "words": words[:QUOTED] + more}
