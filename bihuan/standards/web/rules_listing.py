"""The page of rules: what each mark stands for and where it is carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from bihuan.metrics.catalog import CATALOG
from bihuan.standards.checks.registry import CHECKS
from bihuan.standards.cited import Cited, citations
from bihuan.standards.editions import load_edition
from bihuan.ui.rule_words import RULES, source_words

Link = tuple[str, str]  # words, address; without one nothing is opened


@dataclass(frozen=True)
class RuleLine:
    """One rule with where it is seen."""

    id: str
    words: str
    metrics: Sequence[Link]
    editions: Sequence[Link]
    checks: Sequence[Link]


def rule_sections(language: str) -> list[tuple[str, list[RuleLine]]]:
    """(the text they are from, its rules), in the order of the ids."""
    sections: dict[str, list[RuleLine]] = {}
    for rule, words in RULES.items():
        line = _line(rule, words[0 if language == "zh" else 1], citations().get(rule, _NOWHERE), language)
        sections.setdefault(source_words(rule, language), []).append(line)
    return list(sections.items())


_NOWHERE: Final = Cited()


def _line(rule: str, words: str, cited: Cited, language: str) -> RuleLine:
    metrics = [(_metric(name, language), _address("workplace:metric", name)) for name in cited.metrics]
    editions = [
        (load_edition(name).title.said(language), reverse("standards:edition", args=[name])) for name in cited.editions
    ]
    checks = [(_label(CHECKS[check].label, language), "") for check in cited.checks]
    return RuleLine(rule, words, metrics, editions, checks)


def _metric(name: str, language: str) -> str:
    return CATALOG[name].zh if language == "zh" else CATALOG[name].en


def _label(label: Mapping[str, str], language: str) -> str:
    return label[language]


def _address(view: str, name: str) -> str:
    """Nothing where the site has no pages of figures."""
    try:
        return reverse(view, args=[name])
    except NoReverseMatch:
        return ""
