"""Results in words: why there is no rank, no value, or one that time may still change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition, Label
from bihuan.standards.rules.tree import ScoreNode
from bihuan.ui import formats
from bihuan.ui.values import language

UNRANKED: Final[Mapping[str, Any]] = {
    "too_few_contacts": _("Too few contacts for a rank"),
    "below_coverage_floor": _("Too little could be judged for a rank"),
    "no_ranking_rules": _("The edition has no rules of ranking"),
    "no_total": _("No total"),
}
SHORT: Final[Mapping[str, Any]] = {
    "too_few_contacts": _("Too few contacts"),
    "below_coverage_floor": _("Coverage too low"),
    "no_ranking_rules": _("Not ranked"),
    "no_total": _("No total"),
}
TERMS: Final[Mapping[str, Any]] = {
    "not_recorded": _("Not recorded yet: left out, its weight goes to the other terms"),
    "no_input": _("No input: left out, its weight goes to the other terms"),
    "nothing_recorded": _("Nothing recorded this month: left out"),
    "cannot_tell": _("The record does not hold what is needed to tell, such as a complaint ledger: left out"),
    "nothing_to_divide": _("Nothing to count this month: left out"),
    "not_judged": _("No contact was judged by this edition"),
    "too_little_judged": _("In no contact enough could be judged"),
    "below_coverage_floor": _("Below the floor of coverage: insufficient"),
    "provisional": _("Provisional: a window is still open"),
    "no_target": _("The edition sets no target for it: left out"),
}
_ENGINE: Final = re.compile(r"appraisal (?P<appraisal>\S+), checks (?P<checks>\S+)")


def unranked_words(reason: str) -> str:
    """Why somebody takes no rank; nothing for whoever takes one."""
    return str(UNRANKED.get(reason, reason)) if reason else ""


def unranked_short(reason: str) -> str:
    """The same, for a narrow cell."""
    return str(SHORT.get(reason, reason)) if reason else ""


def term_words(reason: str) -> str:
    """The remark beside a term of a total."""
    return str(TERMS.get(reason, reason)) if reason else ""


def confidence_words(edition: Edition | None) -> str:
    """The confidence of a result's intervals, such as `95 %`: the edition's own, else the lent one it was computed by; a
    dash where the edition's text is gone."""
    return formats.MISSING if edition is None else formats.share(number_of(edition, "statistics.confidence").share, 0)


def interval_words(edition: Edition | None) -> str:
    """What an interval is called in a head."""
    return gettext("%(share)s interval") % {"share": confidence_words(edition)}


def bounds_words(edition: Edition | None) -> tuple[str, str]:
    """The heads of an interval's two ends."""
    share = {"share": confidence_words(edition)}
    return gettext("Low (%(share)s)") % share, gettext("High (%(share)s)") % share


def engine_words(engine: str) -> str:
    """`appraisal 2, checks 4` as kept with a result, in the reader's language; another form stays as it is."""
    known = _ENGINE.fullmatch(engine)
    if known is None:
        return engine
    return gettext("appraisal %(appraisal)s, checks %(checks)s") % known.groupdict()


def label_of(node: ScoreNode) -> str:
    return node.label.said(language()) or node.id


def in_words(node: ScoreNode) -> ScoreNode:
    """The tree with its reasons as sentences, and beside each how many records and how much could be told."""
    told = [term_words(node.reason)] if node.reason else []
    if node.n is not None and node.value is not None:
        told.append(f"n = {node.n:,}")
    children = tuple(in_words(child) for child in node.children)
    label = Label(node.label.zh or node.id, node.label.en or node.id)
    return replace(node, reason=" · ".join(told), children=children, label=label)
