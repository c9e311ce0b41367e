"""Opens a result below its terms: days of the daily score, and contacts down to the words they rest on."""

from __future__ import annotations

from dataclasses import replace

from bihuan.appraisal.decisions import Decided
from bihuan.appraisal.models import Result
from bihuan.appraisal.queries import (
    ContactScore,
    contact_tree,
    day_scores,
    decisions_of,
    edition_of_set,
    lowest_contacts,
    reader_of,
)
from bihuan.appraisal.rules.month import DAILY_SCORE
from bihuan.archive.reader import Reader
from bihuan.standards.checks.personal_data import mask
from bihuan.standards.rules.edition import Edition, Label
from bihuan.standards.rules.schemes import inputs_of
from bihuan.standards.rules.tree import Evidence, ScoreNode


def below_total(result: Result, contacts: int) -> ScoreNode:
    """The stored tree with the days below the daily score, and the lowest `contacts` opened to their spans."""
    tree = ScoreNode.from_json(result.tree)
    edition = edition_of_set(result.set)
    scheme = edition.schemes[result.scheme]
    daily = {key for key, term in inputs_of(scheme).items() if term.input == DAILY_SCORE}
    return _opened(tree, daily, _days(result, edition, contacts))


def _opened(node: ScoreNode, daily: set[str], days: tuple[ScoreNode, ...]) -> ScoreNode:
    if node.kind == "term" and node.id in daily:
        return replace(node, children=days)
    return replace(node, children=tuple(_opened(child, daily, days) for child in node.children))


def _days(result: Result, edition: Edition, contacts: int) -> tuple[ScoreNode, ...]:
    reader, decided = reader_of(result.set), decisions_of(result.set)
    lowest = _lowest(result, contacts)
    nodes = []
    for day in day_scores(result):
        opened = tuple(_contact(reader, edition, score, decided) for at, score in lowest if at == day.day.isoformat())
        nodes.append(
            ScoreNode("day", day.day.isoformat(), value=day.value, n=day.n, coverage=day.coverage, children=opened)
        )
    return tuple(nodes)


def _lowest(result: Result, count: int) -> list[tuple[str, ContactScore]]:
    if not count:
        return []
    return [(day.isoformat(), score) for day, score in lowest_contacts(result, count)]


def _contact(reader: Reader, edition: Edition, score: ContactScore, decided: Decided) -> ScoreNode:
    tree = contact_tree(reader, edition, score.contact_id, decided)
    record = reader.contact(score.contact_id)
    texts = {message["seq"]: message["text"] or "" for message in record.messages} if record else {}
    return replace(_quoting(tree, texts), label=Label(score.contact_id, score.contact_id))


def _quoting(node: ScoreNode, texts: dict[int, str]) -> ScoreNode:
    """Spans say their words, personal data masked."""
    if node.kind == "span" and node.evidence:
        words = _words(node.evidence[0], texts)
        return replace(node, label=Label(words, words))
    return replace(node, children=tuple(_quoting(child, texts) for child in node.children))


def _words(evidence: Evidence, texts: dict[int, str]) -> str:
    if evidence.message is None:
        return f"event {evidence.event}"
    text = mask(texts.get(evidence.message, ""))
    return f"#{evidence.message} “{text[evidence.start : evidence.end]}”"
