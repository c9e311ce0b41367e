"""Names inside a document that point to nothing: an edition with one of these cannot be used at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.reading import card_document

Document = Mapping[str, Any]


def broken_references(document: Document) -> list[Issue]:
    """Every use of an undeclared check, item, input or dimension, and every name used twice. Shape is valid already."""
    issues = list(_doubled_targets(document))
    for name, card in document.get("scorecards", {}).items():
        issues += _base_issues(document, card, f"scorecards.{name}")
        if not issues:
            issues += _card_issues(document, card_document(document, name), f"scorecards.{name}")
    for name, scheme in document.get("schemes", {}).items():
        issues += _term_issues(document, scheme["terms"], f"schemes.{name}.terms")
    return issues


def _doubled_targets(document: Document) -> Iterator[Issue]:
    scopes = Counter(
        (target["metric"], *(target[name] for name in ("channel", "level", "context") if name in target))
        for target in document.get("targets", ())
    )
    for scope, times in scopes.items():
        if times > 1:
            place = ".".join(["targets", *scope])
            message = f"This scope has {times} targets; which one holds is undecided."
            yield Issue(Level.ERROR, place, message, "X1", "X1.clash")


def _base_issues(document: Document, card: Document, place: str) -> Iterator[Issue]:
    base = card.get("derives_from")
    if base is None:
        return
    if base not in document["scorecards"]:
        yield _missing(place, "scorecard", base)
    elif "derives_from" in document["scorecards"][base]:
        yield Issue(
            Level.ERROR, place, f"'{base}' derives from another card itself; derive from that.", code="reference"
        )


def _card_issues(document: Document, card: Document, place: str) -> Iterator[Issue]:
    checks, dimensions = document.get("checks", {}), card["dimensions"]
    yield from _nameless_models(checks, card, place)
    items = [item for dimension in dimensions.values() for item in dimension["items"]]
    for item, times in Counter(items).items():
        if times > 1:
            yield Issue(Level.ERROR, place, f"Item '{item}' stands in {times} dimensions.", code="clash")
    for item in sorted(set(items) & set(checks)):
        yield Issue(Level.ERROR, f"{place}.{item}", f"'{item}' names both an item and a check.", code="clash")
    for where, check in _named_checks(card):
        if check not in checks:
            yield _missing(f"{place}.{where}", "check", check)
    for entry in card.get("raises", ()):
        if entry["item"] not in items:
            yield _missing(f"{place}.raises", "item", entry["item"])
    for entry in card.get("fatal", ()):
        if entry["zeroes"] not in {"form", *dimensions}:
            yield _missing(f"{place}.fatal", "dimension", entry["zeroes"])


def _nameless_models(checks: Document, card: Document, place: str) -> Iterator[Issue]:
    """Trust is earned by one model and must not pass to the next one an installation is set up with."""
    for where, check in _named_checks(card):
        definition = checks.get(check, {}).get("definition", {})
        if "question" in definition and "model" not in definition:
            message = f"A score takes notice of '{check}', which a model answers: the check has to name its `model`."
            yield Issue(Level.ERROR, f"{place}.{where}", message, code="check.model_counts")


def _named_checks(card: Document) -> Iterator[tuple[str, str]]:
    for dimension in card["dimensions"].values():
        for name, item in dimension["items"].items():
            for feed in item.get("fed_by", ()):
                yield name, feed if isinstance(feed, str) else feed["check"]
    for kind in ("fatal", "deductions"):
        for entry in card.get(kind, ()):
            yield kind, entry["check"]


def _term_issues(document: Document, terms: Document, place: str) -> Iterator[Issue]:
    for name, term in terms.items():
        if "parts" in term:
            yield from _term_issues(document, term["parts"], f"{place}.{name}.parts")
        elif term["input"] not in document.get("inputs", {}):
            yield _missing(f"{place}.{name}", "input", term["input"])


def _missing(place: str, kind: str, name: str) -> Issue:
    return Issue(Level.ERROR, place, f"There is no {kind} '{name}' in this edition.", code="reference")
