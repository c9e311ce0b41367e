"""Verdicts in the JSON form of `bihuan check`: items with reasons in words and quoted evidence, and the score tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.rules.applying import OUTSIDE, where_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import Verdict


def in_words(check: Check, reason: str, lang: str = "zh") -> str:
    """The words for a stored reason such as `late?target=30&took=42`; `lang` is `zh…` or `en`. A reason that only an
    earlier engine gave stands as it is until the record is judged again."""
    code, _, values = reason.partition("?")
    declared = check.reasons.get(code)
    if declared is None:
        return code
    text = declared.zh if lang.startswith("zh") else declared.en
    for name, value in parse_qsl(values):
        text = text.replace(f"{{{name}}}", value)
    return text


def answers(
    engine: Engine, edition: Edition, contacts: Sequence[Mapping[str, Any]], lang: str = "zh"
) -> list[dict[str, Any]]:
    """One answer per contact, in order. `message` is the index in the contact's `messages`, from 0. Who is told to be
    outside the part of the department the edition is for gets no verdict and is told why."""
    why = [_outside(edition, contact) for contact in contacts]
    inside = [contact for contact, outside in zip(contacts, why, strict=True) if not outside]
    table = engine.judge(Batch.of_many(inside)).drop("contact_id").rows(named=True) if inside else []
    size = len(engine.checks)
    parts = (table[start : start + size] for start in range(0, len(table), size))
    return [
        _no_answer(edition, outside, lang) if outside else _answer(edition, contact, next(parts), lang)
        for contact, outside in zip(contacts, why, strict=True)
    ]


def _outside(edition: Edition, contact: Mapping[str, Any]) -> str:
    """What sets the contact outside the edition's part; nothing where it is inside or the document does not tell."""
    facts = contact.get("facts")
    told = {**(facts if isinstance(facts, Mapping) else {}), "channel": contact.get("channel")}
    asked = where_of(edition.applies_to).items()
    return next((name for name, wanted in asked if told.get(name) and told[name] not in wanted), "")


def _no_answer(edition: Edition, outside: str, lang: str) -> dict[str, Any]:
    said = {"code": outside, "reason": OUTSIDE[outside].said(lang)}
    return {"edition": _named(edition), "items": [], "score": None, "outside": said}


def _named(edition: Edition) -> dict[str, str]:
    return {"id": edition.id, "version": edition.version, "hash": edition.hash}


def _answer(edition: Edition, contact: Mapping[str, Any], rows: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    verdicts = {row["item"]: Verdict.from_row(row) for row in rows}
    messages, checks = contact.get("messages"), checks_of(edition)
    known = list(checks)
    return {
        "edition": _named(edition),
        "items": [
            _item(row, checks[row["item"]], messages if isinstance(messages, list) else [], lang)
            for row in sorted(rows, key=lambda row: known.index(row["item"]))
        ],
        "score": score_contact(edition, verdicts).to_json(),
    }


def _item(row: dict[str, Any], check: Check, messages: list[Any], lang: str) -> dict[str, Any]:
    code, _, values = row["reason"].partition("?")
    return {
        "id": row["item"],
        "verdict": row["verdict"],
        "code": code,
        "values": {name: int(value) for name, value in parse_qsl(values)},
        "reason": in_words(check, row["reason"], lang),
        "evidence": [_quoted(span, messages) for span in row["evidence"] if span["message"] is not None],
    }


def _quoted(span: Mapping[str, Any], messages: list[Any]) -> dict[str, Any]:
    start, end = span["start"], span["end"]
    text = str(messages[span["message"]].get("text") or "")[start:end]
    return {"message": span["message"], "start": start, "end": end, "text": text, "role": span["role"]}
