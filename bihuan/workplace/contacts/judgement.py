"""What the machine found about one contact, arranged for reading: verdicts by dimension, and the score above them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext, gettext_noop, pgettext
from django.utils.translation import gettext as _

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.answers import in_words
from bihuan.standards.checks.registry import CHECKS, checks_of
from bihuan.standards.rules.edition import Dimension, Edition, Scorecard
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VERDICTS, VIOLATED, Verdict
from bihuan.ui import formats, values

REASONS: Final[Mapping[str, str]] = {
    "not_judged": gettext_noop("not judged yet"),
    "awaits_people": gettext_noop("only people judge this"),
    "joins_at_period_end": gettext_noop("joins at the end of the period"),
    "fatal": gettext_noop("a fatal item zeroes the score"),
    "below_coverage_floor": gettext_noop("too little could be judged"),
    "no_scorecard": gettext_noop("this edition has no scorecard"),
}
PENDING: Final = "pending"
WORDS: Final[Mapping[str, str]] = {
    MET: gettext_noop("Met"),
    VIOLATED: gettext_noop("Violated"),
    NOT_APPLICABLE: gettext_noop("Not applicable"),
    CANNOT_TELL: gettext_noop("Cannot tell"),
    PENDING: gettext_noop("For people"),
}
_SECONDS: Final = re.compile(r"(\d{3,}) (?:秒|s\b|seconds)")  # 4677 seconds are hard to read
_TONES: Final = ((MET, "met"), (VIOLATED, "bad"), (CANNOT_TELL, "warn"))


@dataclass(frozen=True)
class Mark:
    """What people have to do with a verdict: an appeal that may be made (`is_act`), waits or was decided."""

    word: str
    tone: str = ""
    url: str = ""
    reason: str = ""
    is_act: bool = False


@dataclass(frozen=True)
class Row:
    """One check: what was found, why, what it costs, which rule says so and where its text stands."""

    check: str
    verdict: str
    name: str
    reason: str
    source: str
    place: str
    effect: str = ""
    mark: Mark | None = None
    stopped: bool = False
    standing: str = ""  # while the check does not count in full

    @property
    def word(self) -> str:
        return gettext(WORDS[self.verdict])


@dataclass(frozen=True)
class Group:
    """Checks of one dimension, its weight in the total, and how many of the applicable ones could be judged."""

    name: str
    note: str
    rows: Sequence[Row]

    @property
    def applicable(self) -> int:
        return sum(row.verdict != NOT_APPLICABLE for row in self.rows)

    @property
    def judged(self) -> int:
        return sum(row.verdict in (MET, VIOLATED) for row in self.rows)


@dataclass(frozen=True)
class Score:
    """The one score of a contact. `value` is None where too little could be judged."""

    value: Decimal | None
    unfailed: Decimal | None
    coverage: Decimal | None
    fatal: Sequence[str]
    reason: str
    counts: Mapping[str, int]

    @property
    def shown(self) -> str:
        return formats.number(self.value, 2)

    @property
    def without_fatal(self) -> str:
        return formats.number(self.unfailed, 2)

    @property
    def judged(self) -> int:
        return self.counts[MET] + self.counts[VIOLATED]

    @property
    def applicable(self) -> int:
        return self.judged + self.counts[CANNOT_TELL]


@dataclass(frozen=True)
class Bar:
    """A stretch of the meter, in percent of its width."""

    tone: str
    x: float
    width: float


def meter(score: Score) -> list[Bar]:
    """How many checks are met, violated and undecided, side by side; not applicable ones are the rest."""
    whole, x = sum(score.counts.values()) or 1, 0.0
    bars = []
    for word, tone in _TONES:
        width = 100 * score.counts[word] / whole
        bars.append(Bar(tone, round(x, 2), round(width, 2)))
        x += width
    return bars


def reason_in_words(item: str, reason: str, edition: Edition | None = None) -> str:
    """The sentence of a verdict's or a node's reason in the user's language; an unknown code stands as it is.

    `edition` tells the checks that are its own.
    """
    if not reason:
        return ""
    if reason in REASONS:
        return gettext(REASONS[reason])
    code, check = reason.partition("?")[0], checks_of(edition).get(item)
    if check is None or code not in check.reasons:
        return code
    return _SECONDS.sub(_duration, in_words(check, reason, values.language()))


def _duration(seconds: re.Match[str]) -> str:
    return values.duration(int(seconds[1]) * SECOND)


def score_of(tree: ScoreNode, verdicts: Mapping[str, Verdict]) -> Score:
    """Score, coverage and how many checks got which verdict."""
    fatal = [node.label.said(values.language()) for node in tree.children if node.kind == "fatal"]
    counts = {word: sum(one.verdict == word for one in verdicts.values()) for word in VERDICTS}
    return Score(tree.value, tree.unfailed, tree.coverage, fatal, reason_in_words("", tree.reason), counts)


def groups(edition: Edition, verdicts: Mapping[str, Verdict], tree: ScoreNode) -> list[Group]:
    """Verdicts as the edition's scorecard counts them: what zeroes or deducts, each dimension, and the rest.

    `tree` tells what each dimension weighs here, where others leave both sides.
    """
    card = edition.scorecard() if edition.scorecards else None
    effects = _effects(card) if card else {}
    found = [_group(_("Compliance"), _("fatal items and deductions"), effects, edition, verdicts, effects)]
    counted = set(effects)
    for dimension in card.dimensions if card else ():
        if dimension.per == "contact":
            keys = dict.fromkeys(key for key in _keys(dimension) if key not in counted)
            name = dimension.label.said(values.language())
            labels = {item.id: item.label.said(values.language()) for item in dimension.items}
            found.append(_group(name, _weights(dimension, tree), keys, edition, verdicts, {}, labels))
            counted |= set(keys)
    others = [check for check in edition.checks if check not in counted and check in verdicts]
    found.append(_group(_("Not in the score"), _("told, not counted"), others, edition, verdicts, {}))
    return [group for group in found if group.rows]


def weight_here(dimension: Dimension, tree: ScoreNode) -> Decimal | None:
    """What the dimension weighs in this score where that is not the edition's weight; None where it is or counts nothing."""
    node = next((one for one in tree.children if one.kind == "dimension" and one.id == dimension.id), None)
    return node.weight if node and node.weight and node.weight != dimension.weight.value else None


def _weights(dimension: Dimension, tree: ScoreNode) -> str:
    """Both weights by their names, as the score tree has them too."""
    declared = {"weight": short_percent(dimension.weight.value)}
    here = weight_here(dimension, tree)
    if here is None:
        return _("weight in the edition %(weight)s") % declared
    return _("weight in the edition %(weight)s, here %(here)s") % {**declared, "here": short_percent(here)}


def short_percent(value: Decimal) -> str:
    """With decimals only where there are any."""
    return formats.percent(value, 2).replace(".00", "")


def _effects(card: Scorecard) -> dict[str, str]:
    fatal = {entry.check: pgettext("verdict", "fatal") for entry in card.fatal}
    return fatal | {
        entry.check: _("%(points)s points") % {"points": formats.number(-entry.points.value)}
        for entry in card.deductions
    }


def _keys(dimension: Dimension) -> Iterator[str]:
    for item in dimension.items:
        yield from [feed.check for feed in item.feeds] or [item.id]


def _group(
    name: str, note: str, keys: Iterable[str], edition: Edition, verdicts: Mapping[str, Verdict],
    effects: Mapping[str, str], labels: Mapping[str, str] | None = None,
) -> Group:  # fmt: skip
    made = [_row(key, edition, verdicts.get(key), effects.get(key, ""), labels or {}) for key in keys]
    return Group(name, note, [row for row in made if row is not None])


def _row(key: str, edition: Edition, verdict: Verdict | None, effect: str, labels: Mapping[str, str]) -> Row | None:
    setting = edition.checks.get(key)
    if setting is None:  # an item that only people answer
        return Row(key, PENDING, labels.get(key, key), reason_in_words(key, "awaits_people"), "", "")
    if verdict is None:
        return None
    label = setting.label.said(values.language()) or CHECKS[key].label[values.language()]
    return Row(
        key, verdict.verdict, label, reason_in_words(key, verdict.reason, edition), setting.source, setting.place,
        effect if verdict.verdict == VIOLATED else "",
    )  # fmt: skip
