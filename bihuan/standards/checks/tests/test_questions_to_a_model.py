"""Checks of an edition that only a model can answer: their shape, their linting, and what is said before anybody asks."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bihuan.kit.errors import DefinitionError, Level
from bihuan.standards.checks.authored.asking import asked_of
from bihuan.standards.checks.authored.reading import definition_of
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.examining import examine
from bihuan.standards.rules.edition import Edition

QUESTION: dict[str, Any] = {
    "question": {"zh": "客服的语气是否亲切？", "en": "Is the agent's tone warm?"},
    "answers": {
        "warm": {"verdict": "met", "label": {"zh": "亲切", "en": "warm"}},
        "cold": {"verdict": "violated", "label": {"zh": "冷淡", "en": "cold"}},
        "unclear": {"verdict": "cannot_tell", "label": {"zh": "看不出", "en": "unclear"}},
    },
    "evidence": {"speaker": "agent", "what": {"zh": "最能说明语气的一句", "en": "The words that show the tone best"}},
    "examples": [
        {"verdict": "met", "messages": ["C: 在吗", "A: 在的呀，您别急，我来看看"]},
        {"verdict": "violated", "messages": ["C: 在吗", "A: 说事"]},
    ],
}


def edition_asking(*, question: dict[str, Any] | None = None, card: Any = None, **setting: Any) -> Edition:
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text("utf-8"))
    head = {key: document[key] for key in ("format", "calendar", "rounding")}
    check = {
        "label": {"zh": "语气亲切", "en": "Warm in tone"}, "severity": "minor", "source": "house", "counts": False,
        **setting, "definition": {**QUESTION, **(question or {})},
    }  # fmt: skip
    mine = {"id": "asking", "version": "1", "title": {"zh": "试", "en": "Trial"}, **head, "checks": {"tone": check}}
    if card:
        mine["scorecards"] = {"own": card}
    return parse_edition(yaml.safe_dump(mine, allow_unicode=True))


def test_before_anybody_asks_the_verdict_is_cannot_tell_and_without_an_agent_not_applicable() -> None:
    talks = [dialogue("C: 在吗", "A: 在的"), dialogue("C: 在吗")]
    table = Engine.for_edition(edition_asking(), only=["tone"]).judge(Batch.of_many(talks))
    assert table["verdict"].to_list() == ["cannot_tell", "not_applicable"]
    assert table["reason"].to_list() == ["not_asked", "no_agent_message"]


def test_every_answer_has_its_own_reason_in_both_languages() -> None:
    reasons = checks_of(edition_asking())["tone"].reasons
    assert (reasons["says_cold"].verdict, reasons["says_cold"].zh) == ("violated", "模型判断：冷淡")
    assert reasons["says_warm"].en == "The model's answer: warm"


def test_judgements_need_a_quote_unless_the_edition_says_otherwise() -> None:
    answers = {**QUESTION["answers"], "cold": {**QUESTION["answers"]["cold"], "quotes": 0}}
    asked = asked_of(edition_asking(question={"answers": answers}).checks["tone"])
    assert asked is not None
    assert {choice.code: choice.quotes for choice in asked.choices} == {"warm": 1, "cold": 0, "unclear": 0}
    assert asked_of(load_edition("recommended").checks["greeting"]) is None


CARD = {
    "label": {"zh": "评分表", "en": "Card"}, "source": "S3-3", "method": "share_of_applicable", "na": "redistribute",
    "dimensions": {
        "manner": {
            "label": {"zh": "态度", "en": "Manner"}, "weight": {"value": 100, "unit": "%", "source": "S3-4"},
            "items": {
                "warmth": {
                    "label": {"zh": "亲切", "en": "Warmth"}, "fed_by": ["tone"],
                    "points": {"value": 20, "unit": "points", "source": "S3-4"},
                }
            },
        }
    },
}  # fmt: skip


def test_before_a_score_takes_notice_of_a_question_it_names_its_model() -> None:
    with pytest.raises(DefinitionError) as refused:
        edition_asking(counts=True)
    assert [(issue.place, issue.code) for issue in refused.value.issues] == [("checks.tone.counts", "check.model")]
    with pytest.raises(DefinitionError) as refused:
        edition_asking(card=CARD)
    assert [issue.code for issue in refused.value.issues] == ["check.model_counts"]
    asked = asked_of(edition_asking(counts=True, card=CARD, question={"model": "m-1"}).checks["tone"])
    assert asked is not None
    assert asked.model == "m-1"


def test_both_verdicts_must_be_possible_and_unknown_words_are_refused() -> None:
    with pytest.raises(DefinitionError) as refused:
        edition_asking(question={"answers": {key: QUESTION["answers"][key] for key in ("warm", "unclear")}})
    assert "No answer stands for 'violated'." in str(refused.value)
    with pytest.raises(DefinitionError):
        edition_asking(question={"prompt": "x"})
    with pytest.raises(DefinitionError):
        edition_asking(question={"examples": QUESTION["examples"][:1]})


def test_the_linter_notes_that_a_model_answers_and_tries_no_example() -> None:
    found = [issue for issue in examine(edition_asking(), "en") if issue.code.startswith("check")]
    assert [(issue.level, issue.code) for issue in found] == [(Level.NOTE, "check.model")]


def test_a_question_has_no_conditions_for_whoever_asks_how_near_a_conversation_came() -> None:
    assert definition_of(edition_asking().checks["tone"]).met == ""


def test_the_question_in_the_handbook_is_one_that_can_be_used() -> None:
    handbook = (LIBRARY.parents[2] / "docs" / "EDITIONS.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in handbook.split("```yaml\n")[1:]]
    block = next(block for block in blocks if "question:" in block)
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text("utf-8"))
    document["checks"] |= yaml.safe_load(block)["checks"]
    edition = parse_edition(yaml.safe_dump(document, allow_unicode=True))
    asked = asked_of(edition.checks["reason_explained"])
    assert asked is not None
    assert len(asked.choices) == 5
