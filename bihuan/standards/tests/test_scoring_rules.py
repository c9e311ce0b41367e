from decimal import Decimal
from fractions import Fraction

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.rules.plan import item_weights
from bihuan.standards.rules.scoring import period_score, score_contact
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import Verdict

EDITION = load_edition("recommended")
CARD = EDITION.scorecard()
ENGINE = Engine.for_edition(EDITION, only=["self_introduction", "contact_promise", "ask_satisfied"])
MET, VIOLATED, NA, UNKNOWN = (Verdict(word) for word in ("met", "violated", "not_applicable", "cannot_tell"))
ALL_MET = {
    **{check: MET for check in EDITION.checks if check != "impatience"},
    "impatience": MET,
    "correct_answers": MET,
}

CUSTOMERS_SAY = ("positive_share", "few_complaints", "recommendation")


def score(**changes):
    return score_contact(EDITION, {**ALL_MET, **changes})


@pytest.mark.parametrize(
    ("dimension", "weight", "points"),
    [
        pytest.param("service_attitude", 50, [20, 20, 10], id="S3-4"),
        pytest.param("professional_ability", 30, [30, 20, 10], id="S3-5"),
        pytest.param("response_efficiency", 10, [20, 20, 10], id="S3-6"),
        pytest.param("customer_satisfaction", 10, [20, 20, 10], id="S3-7"),
    ],
)
def test_S3_4_S3_5_S3_6_S3_7_weights_and_points_are_those_of_the_source(dimension, weight, points):
    for name, card in (("recommended", "service_quality"), ("service-quality", "daily_sheet")):
        found = next(d for d in load_edition(name).scorecards[card].dimensions if d.id == dimension)
        assert found.weight.value == weight
        assert [item.points.value for item in found.items] == points


def test_S3_4_S3_5_S3_6_S3_7_an_answer_sheet_comes_out_as_it_does_by_hand():
    """Attitude 13.333 + 10 + 5 of 50, ability 30 + 13.333 + 5 of 60, efficiency 0 + 20 + 10 of 50, customers 20 + 0 + 10 of 50.

    A contact: (50 × 28.333 ÷ 50 + 30 × 48.333 ÷ 60 + 10 × 30 ÷ 50) ÷ 90 = 58.5 ÷ 90; the period: 65 × 90 % + 60 × 10 %.
    """
    wrong = ("greeting", "impatience", "self_introduction", "progress_told", "first_response")
    tree = score(**dict.fromkeys(wrong, VIOLATED))
    found = {
        one: tree.find("dimension", one) for one in ("service_attitude", "professional_ability", "response_efficiency")
    }
    assert {one: (node.earned, node.possible) for one, node in found.items()} == {
        "service_attitude": (Decimal("28.333"), 50),
        "professional_ability": (Decimal("48.333"), 60),
        "response_efficiency": (30, 50),
    }
    assert tree.value == 65
    customers = dict(zip(CUSTOMERS_SAY, (MET, VIOLATED, MET), strict=True))
    assert period_score(CARD, tree.value, customers).value == Decimal("64.500")


def test_S3_3_customers_and_management_are_two_views_and_both_make_the_whole():
    """What customers say moves no contact's score and moves the period's; what management sees moves both."""
    pleased, angry = dict.fromkeys(CUSTOMERS_SAY, MET), dict.fromkeys(CUSTOMERS_SAY, VIOLATED)
    assert score(**pleased).value == score(**angry).value == 100
    assert score(polite_wording=VIOLATED, **pleased).value < 100
    whole = {(mean, view): period_score(CARD, Decimal(mean), says).value
             for mean in (100, 80) for view, says in (("pleased", pleased), ("angry", angry))}  # fmt: skip
    assert whole == {(100, "pleased"): 100, (100, "angry"): 90, (80, "pleased"): 82, (80, "angry"): 72}


def test_X3_everything_met_is_100_although_dimensions_have_different_points():
    assert score().value == 100


def test_X5_a_raised_item_shrinks_the_rest_in_proportion():
    weights = item_weights(EDITION.scorecards["complex_business"])
    before = item_weights(CARD)
    assert weights["correct_answers"] == 40
    assert sum(weights.values()) == 100
    others = {item for item in weights if item != "correct_answers"}
    assert {weights[item] / before[item] for item in others} == {Fraction(60, 85)}


@pytest.mark.parametrize(("card", "cost"), [(None, "16.667"), ("complex_business", "43.038")])
def test_S3_8_X5_a_wrong_answer_costs_as_much_as_the_business_weighs_it(card, cost):
    """By hand: 15 of the 90 a contact has; raised to 40, of 40 + 75 × 60/85 = 92.941."""
    tree = score_contact(EDITION, {**ALL_MET, "correct_answers": VIOLATED}, scorecard=card)
    assert 100 - tree.value == Decimal(cost)


def test_S3_8_another_weight_of_the_business_changes_the_score():
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
    given = "{item: correct_answers, weight: {value: 40,"
    assert given in text
    milder = parse_edition(text.replace(given, given.replace("40", "20")))
    wrong = {**ALL_MET, "correct_answers": VIOLATED}
    found = [score_contact(one, wrong, scorecard="complex_business").value for one in (milder, EDITION)]
    assert found == [Decimal("77.922"), Decimal("56.962")]  # 20 of 20 + 75 × 80/85, 40 of 40 + 75 × 60/85


def test_X6_rates_are_not_applicable_to_a_contact_and_weighted_away():
    tree = score(polite_wording=VIOLATED)
    rates = tree.find("dimension", "customer_satisfaction")
    assert (rates.verdict, rates.reason, rates.weight) == ("not_applicable", "joins_at_period_end", 0)
    assert tree.find("dimension", "service_attitude").weight == Decimal("55.556")
    assert tree.coverage == 100


def test_X6_the_rates_join_at_period_end():
    tree = period_score(CARD, Decimal(90), {"positive_share": MET, "few_complaints": VIOLATED, "recommendation": MET})
    assert tree.value == Decimal("87.000")  # 90 × 0.9 + 30/50 × 100 × 0.1
    assert period_score(CARD, Decimal(90), {}).value == 90


def test_not_applicable_leaves_both_sides():
    without = score(simple_resolution=NA, first_response=VIOLATED)
    efficiency = without.find("dimension", "response_efficiency")
    assert (efficiency.earned, efficiency.possible, efficiency.coverage) == (10, 30, 100)


def test_cannot_tell_leaves_both_sides_and_lowers_coverage():
    tree = score(simple_resolution=UNKNOWN)
    efficiency = tree.find("dimension", "response_efficiency")
    assert (efficiency.possible, efficiency.coverage, tree.value) == (30, 60, 100)
    assert tree.coverage < 100


def test_below_the_floor_a_score_reads_insufficient():
    tree = score_contact(EDITION, {"greeting": MET})
    assert (tree.value, tree.verdict, tree.reason, tree.unfailed) == (None, "insufficient", "below_coverage_floor", 100)


def test_S4_4_a_leak_zeroes_the_form_and_keeps_the_score_beside_it():
    span = Evidence(message=9, start=4, end=15)
    tree = score(personal_data_leak=Verdict("violated", "mobile", (span,)))
    assert (tree.value, tree.unfailed, tree.reason) == (0, 100, "fatal")
    fatal = tree.find("fatal", "personal_data_leak")
    assert (fatal.source, fatal.evidence, fatal.reason) == ("S4-4", (span,), "mobile")


def test_a_leak_counts_even_where_little_else_could_be_told():
    tree = score_contact(EDITION, {"personal_data_leak": VIOLATED})
    assert (tree.value, tree.reason) == (0, "fatal")


def test_X18_forbidden_wording_is_a_deduction():
    tree = score(forbidden_promise=VIOLATED)
    assert tree.value == 95
    assert tree.find("deduction", "forbidden_promise").contribution == -5


# Said by nobody whose lines the lists or models were taught; a talk takes one of each.
SCRIPTS = (
    ("您好，我这边是客服小周", "后面再碰到什么情况，随时到这个窗口喊我们就好", "您看这样处理可以吗"),
    ("您好，很高兴为您服务，我姓陈", "以后有问题您随时打这个电话", "还有别的要帮忙的吗"),
    ("我是今天接待您的小林", "要是还有别的事，您再来这里留言", "这个方案您能接受吗"),
    ("工号3317，请讲", "有需要您随时联系在线客服", "您这边还有其他疑问没有"),
    ("您好，这里是售后的王静，有什么可以帮到您", "之后使用中遇到麻烦，拨我们热线就行", "不知道您的问题解决了没有"),
    ("我叫阿俊，您的问题由我来跟进", "随时欢迎您再来咨询", "您对这个结果还满意吗"),
    ("您好～我是您的专属顾问晓雯", "有任何问题都可以回到这个对话框找我们", "除了这件事，还有什么我能帮您的"),
)
PLAIN = ("您好", "好的", "已经处理了")
LETTERS_ALONE = (
    "您好，小林刚才接待过您吗",
    "别再来这里留言了",
    "您不满意也没办法",
)  # words of a script, another meaning


def scripts_of(introduction, promise, question):
    """Points of the item, as the engine judges a talk with these lines."""
    lines = (
        f"A: {introduction}",
        "C: 查一下",
        "A: 已经帮您催了",
        "C: 好",
        f"A: {question}",
        "C: 没了",
        f"A: {promise}",
    )
    rows = ENGINE.judge(Batch.of_one(dialogue("C: 快递怎么还没到", *lines))).rows(named=True)
    found = {row["item"]: Verdict(row["verdict"]) for row in rows}
    return score_contact(EDITION, {**ALL_MET, **found}).find("item", "standard_scripts").earned


@pytest.mark.parametrize("said", SCRIPTS)
def test_X18_standard_scripts_are_fed_by_meaning_not_by_letters(said):
    assert scripts_of(*said) == 20


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("instead", [PLAIN, LETTERS_ALONE])
def test_X18_a_script_nobody_said_in_any_words_costs_its_third_of_the_points(place, instead):
    said = [instead[at] if at == place else line for at, line in enumerate(SCRIPTS[0])]
    assert scripts_of(*said) == Decimal("13.333")


def test_several_checks_share_the_points_of_their_item_equally():
    item = score(polite_wording=VIOLATED).find("item", "polite_language")
    assert [leaf.possible for leaf in item.children] == [Decimal("6.667")] * 3
    assert item.earned == Decimal("13.333")


def test_what_only_people_can_judge_waits_for_them():
    tree = score_contact(EDITION, {key: word for key, word in ALL_MET.items() if key != "correct_answers"})
    item = tree.find("item", "correct_answers")
    assert (item.verdict, item.reason) == ("cannot_tell", "awaits_people")


def test_people_score_every_item_by_its_name():
    answers = {item.id: MET for item in CARD.items} | {"polite_language": VIOLATED}
    tree = score_contact(EDITION, answers, judge="people")
    assert tree.find("item", "polite_language").earned == 0
    assert tree.find("dimension", "service_attitude").value == 60


def test_evidence_hangs_below_its_verdict():
    span = Evidence(message=3, start=0, end=4)
    node = score(greeting=Verdict("met", "greeted", (span,))).find("verdict", "greeting")
    assert [child.evidence for child in node.children] == [(span,)]
    assert (node.reason, node.source) == ("greeted", "S0-3")


def test_an_edition_without_a_scorecard_scores_nothing():
    tree = score_contact(load_edition("service-process"), ALL_MET)
    assert (tree.value, tree.reason) == (None, "no_scorecard")
