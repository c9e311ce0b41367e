import json
import re

import pytest

from bihuan.kit.errors import Level
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition, shipped
from bihuan.standards.examining import examine
from bihuan.standards.rules.calling import FACTS, SCALES, UNITS, Named
from bihuan.standards.rules.edition import Label
from bihuan.standards.rules.findings import KINDS
from bihuan.standards.rules.lint import lint
from bihuan.standards.rules.lint_schemes import SCALES_OF_UNIT
from bihuan.standards.rules.reach import reaches
from bihuan.standards.web.reporting import report_of

LITERAL = load_edition("service-quality")


def codes(edition):
    return {issue.code for issue in lint(edition)}


def changed(name, *replacements):
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_edition(text)


def test_nothing_is_doubtful_about_the_recommended_edition():
    assert lint(load_edition("recommended")) == []


@pytest.mark.parametrize("name", ["service-process", "performance-appraisal"])
def test_editions_that_score_nothing_have_nothing_to_find(name):
    assert lint(load_edition(name)) == []


def test_X3_points_times_weight_reach_53():
    issue = next(i for i in lint(LITERAL) if i.code == "X3.raw_points")
    assert issue.level is Level.ERROR
    assert "53 of 100" in issue.message
    assert "50 / 60 / 50 / 50" in issue.message


def test_X4_units_double_counting_and_reach_of_the_literal_total():
    assert {"X4.units", "X4.counted_twice", "X4.reach"} <= codes(LITERAL)


def test_X4_the_complaint_term_hardly_moves_even_on_0_to_100():
    typed = load_edition("recommended")
    complaints = reaches(typed.schemes["service_quality_month"], typed.inputs)[2]
    assert (complaints.declared, complaints.points) == (20, 1)
    assert round(float(complaints.effective), 2) == 3.03
    scaled = reaches(typed.schemes["service_quality_month_scaled"], typed.inputs)[2]
    assert scaled.points == 20


def test_X4_reach_is_reported_once_nobody_accepts_it():
    unaccepted = changed("recommended", ("code: X4.reach", "code: X4.other"))
    assert codes(unaccepted) == {"X4.reach"}


def test_X5_an_item_of_40_does_not_fit_into_a_dimension_of_30():
    issue = next(i for i in lint(LITERAL) if i.code == "X5.item_past_dimension")
    assert issue.place.endswith("correct_answers.adjustable_to")


def test_X6_rates_do_not_exist_per_contact():
    assert "X6.rate_per_contact" in codes(LITERAL)
    assert "X6.rate_per_contact" in codes(changed("recommended", ("per: period", "per: contact")))


def test_X7_one_input_enters_once_and_every_total_says_its_layer():
    assert {"X7.input_twice", "X7.layer"} <= codes(LITERAL)
    assert "X7.layer" in codes(load_edition("training-assessment"))
    twice = changed("recommended", ("input: five_star_share", "input: first_contact_resolution"))
    assert "X7.input_twice" in codes(twice)


def test_X7_a_check_feeds_one_dimension_only():
    twice = changed("recommended", ("fed_by: [progress_told,", "fed_by: [greeting, progress_told,"))
    assert "X7.check_twice" in codes(twice)


def test_X8_the_resolution_rate_of_S4_is_first_contact_resolution():
    issue = next(i for i in lint(load_edition("training-assessment")) if i.code == "X8.label")
    assert "Resolution rate (" in issue.message
    assert "first_contact_resolution" in issue.message


def test_X9_satisfaction_names_the_figure_in_use():
    assert "X9.vague" in codes(load_edition("training-assessment"))


def test_S4_11_the_text_does_not_split_its_terms():
    assert "totals.unsplit" in codes(load_edition("training-assessment"))


@pytest.mark.parametrize(
    ("code", "replacement"),
    [
        ("totals.weights", ("weight: {value: 60, unit: \"%\", source: S3-14}", "weight: {value: 50, unit: \"%\", source: S3-14}")),
        ("totals.weights", ("business: {value: 40", "business: {value: 50")),
        ("S4-7.confirmations", ("level_2_confirmations: {value: 3", "level_2_confirmations: {value: 2")),
        ("S4-7.confirmations", ("steps: [problem, responsibility, solution]", "steps: [problem, solution]")),
        ("X11.nested", ("classified_within: {value: 24, unit: h", "classified_within: {value: 30, unit: min")),
        ("X11.nested", ("closed_within_with_others: {value: 72", "closed_within_with_others: {value: 12")),
        ("X11.two_limits", ("level_3_within: {value: 10, unit: min", "level_3_within: {value: 5, unit: min")),
        ("totals.bounds", ("daily_share_low: {value: 10", "daily_share_low: {value: 30")),
        ("S2-8.window", ("fcr_window: {value: 7, unit: d", "fcr_window: {value: 8, unit: d")),
        ("S2-8.window", ("repeat_window: {value: 7, unit: d", "repeat_window: {value: 71, unit: h")),
        ("appeals.time", ("window: {value: 5, unit: working_days", "window: {value: 0, unit: working_days")),
        ("appeals.time", ("decided_within: {value: 5,", "decided_within: {value: 1.5,")),
        ("appeals.reminder", ("remind_before: {value: 1,", "remind_before: {value: 5,")),
        ("appeals.floor", ("precision_floor: {value: 80", "precision_floor: {value: 180")),
        ("X1.units", ("context: training, at_most: {value: 15, unit: s", "context: training, at_most: {value: 15, unit: rings")),
        ("X1.direction", ("context: training, at_most:", "context: training, at_least:")),
        ("severity.unheeded", ("Absolute promise}\n    severity: major", "Absolute promise}\n    severity: fatal")),
        ("severity.zeroes", ("severity: fatal", "severity: major")),
        ("checks.counts", ("source: S0-3\n", "source: S0-3\n    counts: false\n")),
        ("X4.units", ("scale: {kind: complement}", "scale: {kind: points}")),
    ],
)  # fmt: skip
def test_a_wrong_edition_is_told_so(code, replacement):
    assert code in codes(changed("recommended", replacement))


def test_X5_raised_items_cannot_take_more_than_the_whole():
    raised = ("{item: correct_answers, weight: {value: 40", "{item: correct_answers, weight: {value: 140")
    assert "X5.too_high" in codes(changed("recommended", raised))


def test_all_issues_come_at_once_gravest_first_in_both_languages():
    english, chinese = lint(LITERAL), lint(LITERAL, "zh-hans")
    assert len(english) == len(chinese) > 10
    order = list(Level)
    assert [i.level for i in english] == sorted((i.level for i in english), key=order.index)
    assert all(issue.source == KINDS[issue.code].source for issue in english)
    assert any("满分" in issue.message for issue in chinese)


def test_every_shipped_edition_can_be_linted():
    assert {name: isinstance(lint(load_edition(name)), list) for name in shipped()} == dict.fromkeys(shipped(), True)


def test_what_a_silent_edition_is_lent_is_said_section_by_section():
    silent = {issue.place: issue for issue in examine(load_edition("service-quality")) if issue.code == "lent"}
    assert "一次解决观察期" in silent["numbers.metrics"].message
    assert {"numbers.trust", "numbers.appeals", "numbers.calibration"} <= set(silent)
    assert not [issue for issue in examine(load_edition("recommended")) if issue.code == "lent"]


def test_X11_the_clocks_of_a_complaint_nest_and_the_hand_over_has_one_limit():
    given = "classified_within: {value: 24, unit: h"
    assert "X11.nested" not in codes(changed("recommended", (given, "classified_within: {value: 2, unit: h")))
    assert "X11.nested" in codes(changed("recommended", (given, "classified_within: {value: 30, unit: h")))
    longer = ("level_3_within: {value: 10, unit: min", "level_3_within: {value: 20, unit: min")
    assert "X11.two_limits" in codes(changed("recommended", longer))


@pytest.mark.parametrize("name", ["service-quality", "training-assessment"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_name_what_the_reader_knows_and_keep_the_id_behind_it(name, language):
    """Every id in a sentence stands in brackets behind its word: what is left without the brackets is plain language."""
    behind = re.compile(r"（[a-z_]+）| \([a-z_]+\)")
    for issue in lint(load_edition(name), language):
        assert not re.search(r"[a-z]+_[a-z]+", behind.sub("", issue.message)), issue.message
    counted = next(i for i in lint(LITERAL, "zh") if i.code == "X7.input_twice" and "好评率" in i.message)
    assert "“好评率（positive_rate）”经“日评分均值（daily）”" in counted.message


def test_every_fact_unit_and_scale_an_edition_may_use_has_a_word():
    allowed = json.loads((LIBRARY.parent / "edition.schema.json").read_text(encoding="utf-8"))
    scales = next(one["kind"]["enum"] for one in of_properties(allowed) if "raw" in one.get("kind", {}).get("enum", ()))
    assert set(scales) == set(SCALES)
    assert set(SCALES_OF_UNIT) == set(UNITS)
    used = {fact for one in shipped() for given in load_edition(one).inputs.values() for fact in given.facts}
    assert used <= set(FACTS)


def of_properties(schema):
    """Every `properties` mapping of a JSON schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema["properties"]
        for value in schema.values():
            yield from of_properties(value)


def test_an_id_without_a_name_stands_alone():
    assert Named("later_one", Label("", "")).said("zh") == "later_one"
    assert Named("nps", Label("净推荐值", "nps")).said("en") == "nps"


@pytest.mark.django_db
def test_a_page_calls_the_place_of_lent_numbers_by_its_section():
    report = report_of(load_edition("service-quality"), "zh")
    called = {finding.place: finding.name for finding in report.findings}
    assert called["numbers.sampling"] == "抽检"
    assert any("借用“推荐标准（recommended）”的数字" in finding.message for finding in report.findings)
    assert [place for place in called if place.startswith("numbers.") and called[place] == place] == []
