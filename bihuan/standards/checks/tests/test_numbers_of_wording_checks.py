"""Numbers of checks of wording hold as the edition in use sets them, and another number gives another verdict."""

from __future__ import annotations

import copy

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.reading import read

RECOMMENDED = load_edition("recommended")


def verdict(check: str, lines: list[str], param: str = "", number: int | None = None) -> str:
    """By the recommended edition, or with one number of it changed."""
    document = copy.deepcopy(dict(RECOMMENDED.document))
    if number is not None:
        document["checks"][check]["params"][param]["value"] = number
    engine = Engine.for_edition(read(document), only=[check])
    found: str = engine.judge(Batch.of_one(dialogue(*lines)))["verdict"][0]
    return found


@pytest.mark.parametrize(
    ("place", "within", "expected"),
    [(2, None, "met"), (3, None, "violated"), (2, 1, "violated"), (3, 3, "met")],
)  # fmt: skip
def test_S0_4_understanding_is_due_within_as_many_answers_as_the_edition_says(
    place: int, within: int | None, expected: str
) -> None:
    lines = ["C: 气死我了", "A: 我看看", "A: 稍等", "A: 查到了"]
    lines[place] = "A: 非常理解您的心情"
    assert verdict("empathy", lines, "reply_messages", within) == expected


@pytest.mark.parametrize(
    ("asked", "short", "expected"),
    [(1, None, "not_applicable"), (2, None, "violated"), (1, 0, "violated"), (2, 2, "not_applicable")],
)  # fmt: skip
def test_S0_5_a_question_is_short_up_to_as_many_messages_as_the_edition_says(
    asked: int, short: int | None, expected: str
) -> None:
    lines = ["C: 蓝色那款", "C: 想要大号"][:asked]
    assert verdict("restate", [*lines, "A: 好的，已为您备注"], "short_messages", short) == expected
