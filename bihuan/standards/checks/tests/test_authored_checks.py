"""Checks that an edition defines itself: every word of the language, its refusals, and its tests beside it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.errors import DefinitionError
from bihuan.standards.checks.answers import answers
from bihuan.standards.checks.authored.trials import trials
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import LIBRARY, parse_edition
from bihuan.standards.examining import examine
from bihuan.standards.rules.diff import diff
from bihuan.standards.rules.edition import Edition

HEAD = {"id": "mine", "version": "1", "title": {"zh": "自定", "en": "Mine"}}
EXAMPLES = [{"verdict": "met", "messages": ["A: 好"]}, {"verdict": "violated", "messages": ["A: 不"]}]


def edition_with(conditions: dict[str, Any], met: str, **more: Any) -> Edition:
    definition = {"conditions": conditions, "met": met, "examples": EXAMPLES, **more}
    check = {
        "label": {"zh": "自定检查", "en": "Own check"},
        "severity": "major",
        "source": "house",
        "definition": definition,
    }
    head = {key: _head()[key] for key in ("format", "calendar", "rounding")}
    return parse_edition(yaml.safe_dump({**HEAD, **head, "checks": {"own": check}}, allow_unicode=True))


@cache
def _head() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((LIBRARY / "recommended.yaml").read_text("utf-8"))
    return document


def verdict(edition: Edition, *lines: str, **contact: Any) -> tuple[str, str]:
    table = Engine.for_edition(edition, only=["own"]).judge(Batch.of_one(dialogue(*lines, **contact)))
    return table["verdict"][0], table["reason"][0]


def evidence(edition: Edition, *lines: str, **contact: Any) -> list[str]:
    told = answers(Engine.for_edition(edition, only=["own"]), edition, [dialogue(*lines, **contact)])
    return [span["text"] for span in told[0]["items"][0]["evidence"] if span["role"] == "hit"]


def is_met(edition: Edition, *lines: str, **contact: Any) -> bool:
    return verdict(edition, *lines, **contact)[0] == "met"


def test_any_of_the_words_is_enough_and_is_shown() -> None:
    mine = edition_with({"offer": {"words": ["会员", "VIP"]}}, "offer")
    assert is_met(mine, "A: 办个ｖｉｐ更划算")
    assert evidence(mine, "C: 在吗", "A: 办个ｖｉｐ更划算") == ["ｖｉｐ"]
    assert verdict(mine, "A: 您好") == ("violated", "violated")


def test_all_words_must_stand_in_one_message_unless_the_conversation_is_meant() -> None:
    one = edition_with({"both": {"words": ["运费", "七天"], "hold": "all"}}, "both")
    across = edition_with({"both": {"words": ["运费", "七天"], "hold": "all", "in": "conversation"}}, "both")
    assert is_met(one, "A: 七天内退货，运费我们出")
    assert not is_met(one, "A: 七天内可退", "A: 运费我们出")
    assert is_met(across, "A: 七天内可退", "A: 运费我们出")
    assert sorted(evidence(across, "A: 七天内可退", "A: 运费我们出")) == ["七天", "运费"]


def test_some_of_the_words_and_none_of_them() -> None:
    two = edition_with({"some": {"words": ["品牌", "型号", "颜色"], "hold": 2}}, "some")
    assert is_met(two, "A: 请说下品牌和颜色")
    assert not is_met(two, "A: 请说下品牌")
    none = edition_with({"clean": {"words": ["亲", "宝贝"], "hold": "none", "times": 1}}, "clean")
    assert not is_met(none, "A: 亲，在的")
    assert is_met(none, "A: 您好")


def test_words_inside_an_excluded_phrase_do_not_count() -> None:
    mine = edition_with({"offer": {"words": ["会员"], "unless": ["不是会员", "会员日"]}}, "offer")
    assert not is_met(mine, "A: 您还不是会员呢")
    assert is_met(mine, "A: 会员日之前，会员也有价")


def test_a_regular_expression_knows_the_word_classes_of_the_house() -> None:
    mine = edition_with({"offer": {"regex": "帮<you><..4>登记", "unless": ["没帮<you>"]}}, "offer")
    assert is_met(mine, "A: 这就帮您先行登记")
    assert not is_met(mine, "A: 没帮您登记")


def test_likeness_to_a_script_is_the_share_of_its_pairs_of_characters() -> None:
    mine = edition_with({"said": {"like": ["本次通话将被录音，请您知悉"], "alike": 70}}, "said")
    assert is_met(mine, "A: 您好，本次通话将会被录音，请您知悉。")
    assert not is_met(mine, "A: 通话录音")


def test_places_count_the_messages_of_the_speaker() -> None:
    first = edition_with({"hi": {"words": ["您好"], "first": 1}}, "hi")
    last = edition_with({"bye": {"words": ["再见"], "last": 1}}, "bye")
    middle = edition_with({"ask": {"words": ["几号"], "from": 2, "to": 3}}, "ask")
    assert is_met(first, "C: 喂", "A: 您好", "A: 请讲")
    assert not is_met(first, "A: 请讲", "A: 您好")
    assert is_met(last, "A: 好的", "A: 再见", "C: 再见")
    assert not is_met(last, "A: 再见", "A: 等等")
    assert is_met(middle, "A: 您好", "A: 几号下单")
    assert not is_met(middle, "A: 几号下单", "A: 好", "A: 嗯", "A: 几号")


def test_other_speakers_are_asked_for_by_name() -> None:
    bot = edition_with({"menu": {"words": ["请按1"], "speaker": "bot"}}, "menu", without_agent=True)
    assert is_met(bot, "B: 查询请按1", "C: 1")
    anybody = edition_with({"word": {"words": ["退款"], "speaker": "anybody"}}, "word")
    assert is_met(anybody, "C: 退款", "A: 好")


ANCHORED = {"asks": {"words": ["退"], "speaker": "customer"}}


@pytest.mark.parametrize(
    ("place", "lines", "met"),
    [
        ({"after": "asks"}, ["A: 核实", "C: 退", "A: 好"], False),
        ({"after": "asks"}, ["C: 退", "A: 核实"], True),
        ({"after": "asks", "within_messages": 1}, ["C: 退", "A: 好", "A: 核实"], False),
        ({"after": "asks", "within_messages": 2}, ["C: 退", "A: 好", "A: 核实"], True),
        ({"after": "asks", "within_seconds": 30}, ["C0: 退", "A31: 核实"], False),
        ({"after": "asks", "within_seconds": 30}, ["C0: 退", "A30: 核实"], True),
        ({"after": "asks", "within_seconds": 30}, ["C: 退", "A: 核实"], False),  # times are not known
        ({"before": "asks"}, ["A: 核实", "C: 退", "A: 好"], True),
        ({"after": "asks", "nth": 2}, ["C: 退", "A: 核实", "C: 退", "A: 好"], False),
        ({"after": "asks", "nth": 2}, ["C: 退", "C: 退", "A: 核实"], True),
        ({"after": "asks", "nth": -1}, ["C: 退", "A: 核实", "C: 退"], False),
    ],
)
def test_a_look_may_be_anchored_at_a_hit_of_another(place: dict[str, Any], lines: list[str], met: bool) -> None:
    mine = edition_with({**ANCHORED, "checks": {"words": ["核实"], **place}}, "checks")
    assert is_met(mine, *lines) is met


BESIDE = {**ANCHORED, "checks": {"words": ["核实"], "after": "asks", "within_seconds": 30}}


@pytest.mark.parametrize(
    ("met", "lines", "told"),
    [
        ("checks", ["C: 退", "A: 核实"], ("cannot_tell", "field_unknown")),
        ("not checks", ["C: 退", "A: 核实"], ("cannot_tell", "field_unknown")),
        ("checks", ["C: 退", "A: 好"], ("violated", "violated")),  # it was never said, whatever the time
        ("checks", ["C0: 退", "A31: 核实"], ("violated", "violated")),
        ("checks", ["C0: 退", "A30: 核实"], ("met", "met")),
        ("checks or hi", ["C: 退", "A: 您好，核实"], ("met", "met")),  # the other holds
        ("checks and hi", ["C: 退", "A: 核实"], ("violated", "violated")),  # the other fails
    ],
)
def test_a_time_that_is_not_known_accuses_nobody_where_the_verdict_hangs_on_it(
    met: str, lines: list[str], told: tuple[str, str]
) -> None:
    mine = edition_with({**BESIDE, "hi": {"words": ["您好"]}}, met)
    assert verdict(mine, *lines) == told


def test_a_process_without_times_is_late_for_nobody() -> None:
    steps = {**STEPS, "order": {"steps": ["soothe", "record"], "within_seconds": 60}}
    mine = edition_with({name: steps[name] for name in ("soothe", "record", "order")}, "order")
    assert verdict(mine, "A: 抱歉", "A: 登记") == ("cannot_tell", "field_unknown")
    assert verdict(mine, "A: 登记", "A: 抱歉") == ("violated", "missing_record")
    assert verdict(mine, "A0: 抱歉", "A61: 登记") == ("violated", "missing_record")
    assert verdict(mine, "A0: 抱歉", "A60: 登记") == ("met", "met")


def test_what_spares_a_conversation_and_hangs_on_an_unknown_time_leaves_it_open() -> None:
    mine = edition_with({**BESIDE, "hi": {"words": ["您好"]}}, "hi", not_applicable="checks")
    assert verdict(mine, "C: 退", "A: 核实") == ("cannot_tell", "field_unknown")
    assert verdict(mine, "C: 退", "A: 在") == ("violated", "violated")


def test_repetition_and_counts() -> None:
    echo = edition_with({"echo": {"repeated": 3}}, "not echo")
    assert is_met(echo, "A: 请稍等", "A: 请稍等", "C: 请稍等")
    assert not is_met(echo, "A: 请稍等", "C: ?", "A: 请稍等", "A: 请稍等")
    thrice = edition_with({"sorry": {"words": ["抱歉"], "times": 2}}, "sorry")
    assert is_met(thrice, "A: 抱歉", "A: 很抱歉")
    assert not is_met(thrice, "A: 抱歉抱歉")


def test_fields_of_the_record_and_what_is_not_known() -> None:
    short = edition_with({"short": {"field": "duration", "at_most": 300}, "hi": {"words": ["您好"]}}, "short and hi")
    assert verdict(short, "A: 您好", facts={"duration_seconds": 300})[0] == "met"
    assert verdict(short, "A: 您好", facts={"duration_seconds": 301})[0] == "violated"
    assert verdict(short, "A: 您好") == ("cannot_tell", "field_unknown")
    assert verdict(short, "A: 喂")[0] == "violated"  # whatever the field says
    low = edition_with(
        {"low": {"field": "rating", "at_most": 2}, "chat": {"field": "channel", "is": ["chat"]}}, "chat and not low"
    )
    assert verdict(low, "A: 您好", facts={"rating": 2})[0] == "violated"
    assert verdict(low, "A: 您好", facts={"rating": 3})[0] == "met"
    rated = edition_with({"low": {"field": "rating", "is": ["1", "2"]}}, "not low")
    assert [verdict(rated, "A: 您好", facts={"rating": rating})[0] for rating in (1, 2, 3)] == [
        "violated",
        "violated",
        "met",
    ]


def test_bounds_with_a_fraction_hold_exactly() -> None:
    """Ratings are whole: from 4.5 on means 5, up to 2.5 means 2."""
    good = edition_with({"good": {"field": "rating", "at_least": 4.5}}, "good")
    assert [is_met(good, "A: 您好", facts={"rating": rating}) for rating in (4, 5)] == [False, True]
    bad = edition_with({"bad": {"field": "rating", "at_most": 2.5}}, "bad")
    assert [is_met(bad, "A: 您好", facts={"rating": rating}) for rating in (2, 3)] == [True, False]
    quick = edition_with({"quick": {"field": "queue", "at_most": 0.5}}, "quick")
    assert [is_met(quick, "A: 您好", facts={"queue_seconds": took}) for took in (0.5, 0.500001)] == [True, False]
    slow = edition_with({"slow": {"field": "queue", "at_least": 0.0000015}}, "slow")  # between two microseconds
    assert [is_met(slow, "A: 您好", facts={"queue_seconds": took}) for took in (0.000001, 0.000002)] == [False, True]


def test_a_queue_has_a_name_and_a_time_spent_in_it() -> None:
    named = edition_with({"vip": {"field": "queue", "is": ["贵宾"]}}, "vip")
    assert [is_met(named, "A: 您好", facts={"queue": queue}) for queue in ("贵宾", "普通")] == [True, False]
    assert verdict(named, "A: 您好", facts={"queue_seconds": 3}) == ("cannot_tell", "field_unknown")
    waited = edition_with({"quick": {"field": "queue", "at_most": 60}}, "quick")
    assert [is_met(waited, "A: 您好", facts={"queue_seconds": took}) for took in (60, 61)] == [True, False]
    assert verdict(waited, "A: 您好", facts={"queue": "贵宾"}) == ("cannot_tell", "field_unknown")


STEPS = {
    "soothe": {"words": ["抱歉"], "label": {"zh": "安抚", "en": "Soothe"}},
    "record": {"words": ["登记"], "label": {"zh": "登记", "en": "Record"}},
    "feed_back": {"words": ["小时内"], "label": {"zh": "反馈时限", "en": "Feed back"}},
    "order": {"steps": ["soothe", "record", "feed_back"], "within_messages": 4},
}


def test_a_process_names_the_step_that_is_missing() -> None:
    mine = edition_with(STEPS, "order", not_applicable="not complaint")
    talk = ["C: 投诉", "A: 非常抱歉", "A: 已经登记", "A: 24小时内回您"]
    assert verdict(mine, *talk, facts={"category": "complaint"}) == ("met", "met")
    assert verdict(mine, *talk) == ("not_applicable", "not_applicable")
    skipped = verdict(mine, "C: 投诉", "A: 非常抱歉", "A: 24小时内回您", facts={"category": "complaint"})
    assert skipped == ("violated", "missing_record")
    swapped = verdict(mine, "A: 已经登记", "A: 非常抱歉", "A: 24小时内回您", facts={"category": "complaint"})
    assert swapped == ("violated", "missing_record")
    late = verdict(mine, "A: 抱歉", "C: 1", "C: 2", "C: 3", "C: 4", "A: 登记", facts={"category": "complaint"})
    assert late == ("violated", "missing_record")
    assert checks_of(mine)["own"].reasons["missing_record"].zh.startswith("缺少步骤“登记”")


def test_a_step_may_have_a_bound_of_its_own() -> None:
    steps = [{"look": "soothe"}, "record", {"look": "feed_back", "within_messages": 1, "within_seconds": 30}]
    mine = edition_with({**STEPS, "order": {"steps": steps, "within_messages": 3}}, "order")
    assert verdict(mine, "A0: 抱歉", "C: 1", "C: 2", "A5: 登记", "A35: 2小时内回") == ("met", "met")
    assert verdict(mine, "A0: 抱歉", "A5: 登记", "C: 1", "A9: 2小时内回") == ("violated", "missing_feed_back")
    assert verdict(mine, "A0: 抱歉", "A5: 登记", "A36: 2小时内回") == ("violated", "missing_feed_back")
    assert verdict(mine, "A: 抱歉", "A: 登记", "A: 2小时内回") == ("cannot_tell", "field_unknown")
    assert verdict(mine, "A0: 抱歉", "C: 1", "C: 2", "C: 3", "A5: 登记", "A9: 2小时内回") == (
        "violated",
        "missing_record",
    )


def test_a_shipped_wording_is_asked_for_by_its_name_and_shown_by_its_words() -> None:
    mine = edition_with({"hello": {"said": ["greeting"], "first": 1}, "sure": {"said": ["restate"]}}, "hello or sure")
    assert is_met(mine, "C: 在吗", "A: 下午好，请讲")
    assert not is_met(mine, "C: 在吗", "A: 讲", "A: 您好")
    assert is_met(mine, "C: 洗衣机坏了", "A: 您是说洗衣机坏了想换新的对吗")
    assert evidence(mine, "C: 在吗", "A: 嗯，您好") == ["您好"]


def test_where_it_is_not_known_whether_a_check_applies_nobody_is_accused() -> None:
    mine = edition_with(
        {"big": {"field": "level", "is": ["L2"]}, "hi": {"words": ["您好"]}}, "hi", not_applicable="not big"
    )
    assert verdict(mine, "A: 喂") == ("cannot_tell", "field_unknown")
    assert verdict(mine, "A: 喂", facts={"level": "L2"})[0] == "violated"
    assert verdict(mine, "A: 喂", facts={"level": "L1"})[0] == "not_applicable"


def test_steps_may_stand_in_one_message_and_the_nearest_hit_counts() -> None:
    mine = edition_with(STEPS, "order")
    assert is_met(mine, "A: 抱歉，已登记，24小时内回您")
    assert is_met(mine, "A: 抱歉", "C: 1", "C: 2", "C: 3", "C: 4", "A: 真的抱歉", "A: 已登记", "A: 2小时内回您")


def test_without_an_agent_nothing_is_judged_unless_the_check_says_so() -> None:
    mine = edition_with({"hi": {"words": ["您好"]}}, "hi")
    assert verdict(mine, "C: 您好", "B: 您好") == ("not_applicable", "no_agent_message")


@pytest.mark.parametrize(
    ("conditions", "met", "place"),
    [
        ({"a": {"words": ["x"]}}, "a and b", "definition.met"),
        ({"a": {"words": ["x"]}}, "a +", "definition.met"),
        ({"a": {"words": ["x"]}}, "a or __import__('os')", "definition.met"),
        ({"a": {"words": ["x"], "after": "z"}}, "a", "conditions.a.after"),
        ({"a": {"words": ["x"], "after": "b"}, "b": {"words": ["y"], "after": "a"}}, "a", "conditions.a"),
        ({"a": {"regex": "(?=x)y"}}, "a", "conditions"),
        ({"a": {"regex": "x*"}}, "a", "conditions.a"),
        ({"a": {"regex": "(开"}}, "a", "conditions"),
        ({"a": {"words": ["x"], "hold": 2}}, "a", "conditions.a.hold"),
        ({"a": {"field": "shoe_size", "at_least": 3}}, "a", "conditions.a.field"),
        ({"a": {"words": ["x"], "like": ["xy"], "alike": 5}}, "a", "conditions.a"),
        ({"complaint": {"words": ["x"]}}, "complaint", "conditions.complaint"),
        ({"a": {"words": ["x"]}, "s": {"steps": ["a", "t"]}}, "s", "conditions.s.steps"),
        (
            {"a": {"words": ["x"]}, "s": {"steps": ["a", {"look": "a", "within_messages": 1}]}},
            "s",
            "conditions.s.steps",
        ),
        ({"a": {"said": ["no_such_wording"]}}, "a", "conditions.a.said"),
        ({"a": {"field": "channel", "at_least": 3}}, "a", "conditions.a"),
        ({"a": {"field": "rating", "is": ["low"]}}, "a", "conditions.a.is"),
        ({"a": {"field": "rating", "is": ["4.5"]}}, "a", "conditions.a.is"),
        ({"a": {"field": "ring", "is": ["9"]}}, "a", "conditions.a.is"),
        ({"a": {"field": "longest_silence", "is": ["60"]}}, "a", "conditions.a.is"),
        ({"a": {"field": "ring_us", "at_most": 9}}, "a", "conditions.a.field"),
        ({"a": {"field": "queue", "is": ["贵宾"], "at_most": 9}}, "a", "conditions.a"),
        ({"held": {"words": ["稍等"]}}, "held", "conditions.held"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_its_place(conditions: dict[str, Any], met: str, place: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        edition_with(conditions, met)
    assert any(place in issue.place for issue in refused.value.issues), [issue.place for issue in refused.value.issues]


def test_examples_are_the_tests_of_a_check() -> None:
    mine = edition_with({"yes": {"words": ["好"]}}, "yes")
    assert [trial.passed for trial in trials(mine, [checks_of(mine)["own"]])] == [True, True]
    wrong = edition_with({"yes": {"words": ["不"]}}, "yes")
    assert [(trial.number, trial.verdict) for trial in trials(wrong, [checks_of(wrong)["own"]])] == [
        (1, "violated"),
        (2, "met"),
    ]


def test_the_linter_names_an_example_that_comes_out_otherwise() -> None:
    wrong = edition_with({"yes": {"words": ["不"]}}, "yes")
    found = [issue for issue in examine(wrong) if issue.code == "check.example"]
    assert [issue.place for issue in found] == [f"checks.own.definition.examples.{number}" for number in (0, 1)]
    assert found[0].message.startswith("第 1 个示例应为“符合”，检查的结论却是“违反”")
    assert not [
        issue for issue in examine(edition_with({"yes": {"words": ["好"]}}, "yes")) if issue.code == "check.example"
    ]


def test_a_changed_definition_is_told_in_words() -> None:
    before = edition_with({"yes": {"words": ["好"]}}, "yes")
    after = edition_with({"yes": {"words": ["好", "行"]}}, "yes")
    (change,) = diff(before, after)
    assert change.said.zh.endswith("由 好 改为 好、行")


LINES = st.lists(
    st.sampled_from(["A: 抱歉", "A: 已登记", "A: 2小时内回", "C: 投诉退款", "A: 您好", "B: 您好"]), max_size=8
)


@given(st.lists(LINES, min_size=1, max_size=6))
def test_one_by_one_and_together_give_the_same(talks: list[list[str]]) -> None:
    conditions = {
        **STEPS, "asks": {"words": ["退"], "speaker": "customer"},
        "answer": {"words": ["您好", "登记"], "after": "asks", "hold": "any"}, "echo": {"repeated": 2},
    }  # fmt: skip
    engine = Engine.for_edition(edition_with(conditions, "order or answer and not echo"), only=["own"])
    together = engine.judge(Batch.of_many([dialogue(*talk) for talk in talks])).drop("contact_id").rows()
    alone = [engine.judge(Batch.of_one(dialogue(*talk))).drop("contact_id").row(0) for talk in talks]
    assert together == alone
