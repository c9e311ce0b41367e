"""What an edition's ids are called in a sentence: the reader's word first, the id behind it for whoever edits the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bihuan.standards.rules.edition import Dimension, Edition, Label, Term
from bihuan.standards.rules.naming import VALUES, Names
from bihuan.standards.rules.units import WORDS

FACTS: Final[Names] = {
    "attitude_verdicts": Label("态度判定", "verdicts on attitude"),
    "complaints": Label("投诉台账", "the complaint ledger"),
    "contact_verdicts": Label("会话判定", "verdicts on contacts"),
    "exams": Label("考试", "exams"),
    "outcomes": Label("处理结果", "outcomes"),
    "process_verdicts": Label("流程判定", "verdicts on the process"),
    "recommendation_answers": Label("推荐意愿回答", "answers on recommending"),
    "repeat_contacts": Label("再次来访", "returns of customers"),
    "shifts": Label("班次", "shifts"),
    "support_requests": Label("支援请求", "requests for support"),
    "survey_answers": Label("满意度评价", "ratings by customers"),
    "wording_verdicts": Label("话术判定", "verdicts on wording"),
}
UNITS: Final[Names] = {
    "points": Label("分", "number of points"),
    "share": Label("比率", "share"),
    "nps": Label("净推荐值", "promoter score"),
    "mean": Label("均值", "mean"),
}
SCALES: Final[Names] = {
    "points": Label("按分计", "as points"),
    "raw": Label("原值", "as it is"),
    "raw_complement": Label("一减原值", "one less what it is"),
    "share": Label("按比率折算", "as a share"),
    "complement": Label("按一减比率折算", "as one less the share"),
    "linear": Label("线性折算", "on a line"),
}

_UNNAMED: Final = Label("", "")


@dataclass(frozen=True)
class Named:
    """An id of an edition with what it is called there; without a name the id stands alone."""

    id: str
    label: Label

    def said(self, language: str) -> str:
        """`投诉率（complaint_rate）`, `Complaint rate (complaint_rate)`."""
        word = self.label.said("zh" if language.startswith("zh") else "en")
        if not word or word == self.id:
            return self.id
        return f"{word}（{self.id}）" if language.startswith("zh") else f"{word} ({self.id})"


@dataclass(frozen=True)
class Several:
    """Several names in a row."""

    names: tuple[Named, ...]

    def said(self, language: str) -> str:
        return ("、" if language.startswith("zh") else ", ").join(one.said(language) for one in self.names)


def check_named(edition: Edition, check: str) -> Named:
    setting = edition.checks.get(check)
    return Named(check, setting.label if setting else _UNNAMED)


def input_named(edition: Edition, name: str) -> Named:
    given = edition.inputs.get(name)
    return Named(name, given.label if given else _UNNAMED)


def metric_named(edition: Edition, metric: str) -> Named:
    """A metric by the first of its targets that has a name."""
    labels = (target.label for target in edition.targets if target.metric == metric and target.label.zh)
    return Named(metric, next(labels, _UNNAMED))


def part_named(part: Dimension | Term) -> Named:
    """A dimension or a term by its label."""
    return Named(part.id, part.label)


def word_named(words: Names, code: str) -> Named:
    return Named(code, words.get(code, _UNNAMED))


def severity_named(severity: str) -> Named:
    return word_named(VALUES, severity)


def unit_named(unit: str) -> Named:
    """The unit of a limit."""
    zh, en = WORDS[unit]
    return Named(unit, Label(zh.strip(), en.strip()))


def facts_named(facts: Iterable[str]) -> Several:
    return Several(tuple(word_named(FACTS, fact) for fact in facts))


DEDUCTED: Final = Named("deductions", Label("扣分", "deductions"))
