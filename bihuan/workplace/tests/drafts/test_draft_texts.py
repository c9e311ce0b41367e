"""A check as text: every fault with its line, and the complete new edition it becomes part of."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from bihuan.standards.editions import load_edition, parse_edition, shipped
from bihuan.standards.queries import Listed
from bihuan.workplace.drafts.acts import STARTER
from bihuan.workplace.drafts.editions import new_edition, next_version, with_check
from bihuan.workplace.drafts.texts import Fault, entry_of, id_in, read_draft, text_of
from bihuan.workplace.drafts.wording import examples_in_words, place_in_words, sentence
from bihuan.workplace.tests.drafts.texts import GREETING


def said(text: str) -> list[tuple[int, str, str]]:
    with override("zh-hans"):
        return [(fault.line, fault.place, sentence(fault.message)) for fault in read_draft(text).faults]


def test_what_a_new_draft_starts_with_can_be_read() -> None:
    assert read_draft(STARTER).faults == ()
    assert read_draft(STARTER).setting.id == id_in(STARTER) == "my_check"


def test_every_fault_is_told_at_once_with_its_line_and_in_words() -> None:
    text = STARTER.replace("after: asks", "after: askz").replace("met: rules", "met: rules and zzz")
    assert [(line, place) for line, place, _ in said(text)] == [
        (8, "definition.conditions.rules.after"),
        (10, "definition.met"),
    ]
    assert "askz" in said(text)[0][2]
    assert "没有条件“zzz”" in said(text)[1][2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n  - [", 2, "YAML"),
        ("a: 1\n", 1, "键值映射"),
        ("", 1, "键值映射"),
        (STARTER.replace("severity: major", "severity: low"), 3, "可选值"),
        (STARTER.replace("  source: house\n", ""), 1, "缺少“source”"),
        (STARTER.replace("verdict: violated", "verdict: met"), 11, "一个满足、一个违反"),
        (STARTER.replace("words: [退货, 退款]", "words: [退货], regex: 退"), 7, "一个条件只问一件事"),
        (STARTER.replace("words: [退货, 退款]", "words: [退货], sayer: agent"), 7, "此处不认识：'sayer'"),
        (STARTER.replace("words: [退货, 退款]", "word: [退货]"), 7, "一个条件只问一件事"),
        (STARTER + "two: {label: {zh: 二, en: Two}, severity: minor, source: house}\n", 0, "一次只写一个"),
        ("greeting: {label: {zh: 一, en: One}, severity: minor, source: house}\n", 1, "definition"),
        (STARTER.replace("met: rules", "met: rules or asks()"), 10, "只能有名称"),
        (STARTER.replace("words: [退货, 退款]", "words: [退货], hold: 3"), 7, "不可能命中 3 个"),
    ],
)
def test_a_fault_names_its_line_and_says_what_is_wrong(text: str, line: int, words: str) -> None:
    found = said(text)
    assert line in [one[0] for one in found]
    assert words in " ".join(one[2] for one in found)


def test_a_draft_cannot_leave_its_place_in_the_edition() -> None:
    for text in ("x: 1\n...\nid: other\n", "&a x: *a\n", "}\nid: other\n", "---\nid: other\n"):
        assert read_draft(text).edition is None


@pytest.mark.parametrize("name", shipped())
def test_a_check_joins_a_shipped_edition_without_touching_the_rest(name: str) -> None:
    base = load_edition(name)
    text = with_check(text_of(Listed(base, "shipped")), STARTER, "my_check")
    made = parse_edition(text)
    assert list(made.checks) == [*base.checks, "my_check"]
    assert {**made.document, "checks": None} == {**base.document, "checks": None}
    assert entry_of(text, "my_check") == STARTER
    again = parse_edition(with_check(text, STARTER.replace("major", "minor"), "my_check"))
    assert list(again.checks) == list(made.checks)
    assert again.checks["my_check"].severity == "minor"


def test_a_check_is_replaced_where_it_stands_and_remarks_stay() -> None:
    base = text_of(Listed(load_edition("recommended"), "shipped"))
    text = with_check(base, GREETING, "greeting")
    assert list(parse_edition(text).checks) == list(load_edition("recommended").checks)
    assert [line for line in base.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize("checks", ["", "checks: {}\n", "checks: {greeting: {label: {zh: 一, en: A}, severity: minor, source: S0-3}}\n"])  # fmt: skip
def test_editions_without_checks_or_with_checks_in_braces_take_one_too(checks: str) -> None:
    head = text_of(Listed(load_edition("recommended"), "shipped")).split("targets:")[0]
    made = parse_edition(with_check(head + checks, STARTER, "my_check"))
    assert made.checks["my_check"].definition is not None


def test_the_version_is_raised_past_those_that_are_taken() -> None:
    assert next_version("2026.1", ()) == "2026.2"
    assert next_version("2026.1", ("2026.2", "2026.3")) == "2026.4"
    assert next_version("first", ()) == "first.1"


def test_failing_examples_and_lint_errors_stop_a_new_edition_with_their_sentences() -> None:
    base = Listed(load_edition("recommended"), "shipped")
    wrong = STARTER.replace("A: 7天内可以退", "A: 稍等")
    made = new_edition(base, wrong, "my_check", taken=(), language="zh-hans")
    assert not made.may_go_on
    assert ["第 1 个示例应为" in issue.message for issue in made.errors] == [True]
    good = new_edition(base, STARTER, "my_check", taken=("2026.2",), language="zh-hans")
    assert good.may_go_on
    assert good.content is not None
    assert good.content.version == "2026.3"
    assert [change.place for change in good.changes] == ["checks.my_check"]


def test_places_and_examples_are_told_in_words() -> None:
    with override("zh-hans"):
        assert place_in_words("checks.x.definition.conditions.asks.words") == "条件 asks · words"
        assert place_in_words("checks.x.definition.examples.0") == "示例 1"
        edition = read_draft(STARTER).edition
        assert edition is not None
        assert examples_in_words(edition, "my_check").startswith("满足 (C: 我想退货 / A: 7天内可以退); 违反")
        assert examples_in_words(edition, "other") == ""


def test_a_fault_is_a_value() -> None:
    assert read_draft("a: 1\n").faults == (Fault(1, "", "1 is not of type 'object'", "shape.type"),)
