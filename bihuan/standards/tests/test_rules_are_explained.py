"""Rule marks beside numbers explain themselves: each has words in both languages and a line on the page of rules."""

import re

import pytest
from django.template import engines
from django.utils import translation
from django.utils.html import escape

from bihuan.standards.cited import citations
from bihuan.standards.tests.test_standards_pages import _without_side_bar, client, page  # noqa: F401 - fixtures
from bihuan.ui.rule_words import RULES, rule_words

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.standards.tests.urls")]


def test_every_rule_that_anything_cites_has_words_in_both_languages() -> None:
    assert set(citations()) <= set(RULES)
    assert all(chinese and english for chinese, english in RULES.values())
    assert len({chinese for chinese, _english in RULES.values()}) == len(RULES)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "S3-14 月度总分按 60/20/20 合成"), ("en", "S3-14 monthly total 60/20/20")]
)
def test_a_mark_says_what_it_stands_for(language: str, words: str) -> None:
    template = engines["django"].from_string('{% source "S3-14" %}{% source "S3-14" "/there/" %}')
    with translation.override(language):
        assert template.render({}).count(f'title="{words}"') == 2


def test_several_marks_in_a_text_are_told_one_after_another_and_unknown_ones_left_out() -> None:
    assert rule_words("X16 · X17, S9-9", "en") == "X16 top tenth, ties, separability; X17 not the score alone"
    assert rule_words("house", "zh") == ""


def test_the_page_of_rules_tells_each_rule_and_where_it_is_seen(client) -> None:  # noqa: F811 - the fixture
    text = page(client, "/standards/rules/")
    assert set(re.findall(r'<tr id="([^"]+)">', text)) == set(RULES)
    for chinese, _english in RULES.values():
        assert escape(chinese) in text
    of_weights = text.partition('<tr id="S3-14">')[2].partition("</tr>")[0]
    assert "/standards/service-quality/" in of_weights
    assert "没有数字引用" in text.partition('<tr id="S0-2">')[2].partition("</tr>")[0]
    assert "/standards/rules/" in page(client, "/standards/")
