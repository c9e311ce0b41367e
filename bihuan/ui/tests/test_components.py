import re

import pytest
from django.template import engines
from django.utils import translation

from bihuan.kit.clock import SECOND
from bihuan.ui.figures import FigureCard, Part, Parts, Scale, Sparkline, Target, Whisker


def drawn(source: str, **context) -> str:
    with translation.override("en"):
        return " ".join(engines["django"].from_string(source).render(context).split())


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [
        ("met", "vd-met", "Met"),
        ("violated", "vd-bad", "Violated"),
        ("not_applicable", "vd-na", "Not applicable"),
        ("cannot_tell", "vd-unk", "Cannot tell"),
        ("insufficient", "vd-unk", "Insufficient"),
        ("pending", "vd-todo", "To do"),
    ],
)
def test_a_verdict_always_has_shape_and_word(state, shape, word):
    html = drawn("{% verdict state %}", state=state)
    assert shape in html
    assert f">{word}</span>" in html
    assert f'aria-label="{word}"' in drawn("{% verdict state word=False %}", state=state)


def test_what_is_to_do_shares_no_shape_with_what_does_not_apply():
    shapes = [re.findall(r"vd-[a-z]+", drawn("{% verdict s %}", s=s))[0] for s in ("pending", "not_applicable")]
    assert shapes == ["vd-todo", "vd-na"]
    assert "ti-minus" not in drawn("{% verdict 'pending' %}")


@pytest.mark.parametrize(
    ("met", "sure", "classes", "word"),
    [(True, True, "vd vd-met", "On target"), (False, False, "vd vd-bad is-open", "Off target")],
)
def test_a_target_is_open_where_the_interval_includes_it(met, sure, classes, word):
    html = drawn("{% target goal %}", goal=Target("≥ 85 %", met, sure))
    assert f'class="{classes}"' in html
    assert word in html
    assert "≥ 85 %" in html


def test_a_figure_is_a_link_with_value_target_and_interval():
    card = FigureCard(
        "FCR", "83.6", "%", n="n 1,102", url="/metrics/fcr/", target=Target("≥ 85 %", False, False), interval="81–86"
    )
    html = drawn("{% figure card %}", card=card)
    assert html.startswith('<a href="/metrics/fcr/" class="fig">')
    for piece in ("83.6<small>%</small>", "n 1,102", "Off target", "81–86 includes the target"):
        assert piece in html


def test_a_figure_that_time_may_change_says_so_before_its_interval():
    said = "provisional</span> · Interval 81–86"
    assert said in drawn("{% figure card %}", card=FigureCard("FCR", "83.6", "%", interval="81–86", provisional=True))
    assert said not in drawn("{% figure card %}", card=FigureCard("FCR", "83.6", "%", interval="81–86"))


def test_a_missing_figure_gives_its_reason_and_never_a_zero():
    html = drawn("{% figure card %}", card=FigureCard("CSAT", "—", reason="No answers", target=Target("≥ 90 %", None)))
    assert "—" in html
    assert "No answers" in html
    assert ">0<" not in html


def test_a_missing_value_is_a_dash_with_its_reason_for_everybody():
    html = drawn('{% value None "share" reason="Fewer than 5" %}')
    assert 'title="Fewer than 5"' in html
    assert '<span class="visually-hidden">Fewer than 5</span>' in html
    assert drawn('{% value 0 "share" %}') == "0.0 %"


@pytest.mark.parametrize(("left", "state"), [(120 * SECOND, "is-ok"), (30 * SECOND, "is-near"), (-SECOND, "is-over")])
def test_a_clock_warns_before_it_is_over(left, state):
    assert state in drawn("{% clock left near %}", left=left, near=60 * SECOND)


def test_text_given_to_components_is_escaped():
    evil = "<script>alert(1)</script>"
    for source in (
        "{% tag evil %}",
        "{% mask evil %}",
        "{% toast evil %}",
        "{% kbd evil %}",
        "{% source evil %}",
        "{% missing evil %}",
        "{% icon 'x' evil %}",
        "{% empty evil %}",
        "{% dialog 'd' evil %}{{ evil }}{% enddialog %}",
        "{% note %}{{ evil }}{% endnote %}",
    ):
        html = drawn(source, evil=evil)
        assert "<script>" not in html, source
        assert "&lt;script&gt;" in html, source


def test_a_sparkline_leaves_a_gap_where_a_value_is_missing():
    line = Sparkline((1, 2, None, 3), goal=2, width=100, height=20)
    assert [run.count(",") for run in line.lines] == [2, 1]
    assert 3 <= line.goal_y <= 17


def test_sparklines_on_one_scale_are_comparable():
    low, high = (Sparkline((value,), scale=(0, 100), height=28).lines[0] for value in (10, 90))
    assert float(low.split(",")[1]) > float(high.split(",")[1])


def test_a_whisker_draws_dot_and_interval_on_its_columns_scale():
    whisker = Whisker(90, 85, 95, 80, 100, target=90, unsure=True, width=112)
    assert (whisker.dot_x, whisker.bar_x, whisker.bar_width, whisker.tick_x) == (56.0, 31.0, 50.0, 56.0)
    assert "is-unsure" in drawn("{% whisker w %}", w=whisker)
    assert "90.0 (85.0–95.0)" in drawn("{% whisker w %}", w=whisker)


def test_a_scale_keeps_outliers_at_its_edge():
    assert [Scale(0, 10, 5, 105).at(value) for value in (-3, 0, 5, 12)] == [5, 5, 55, 105]


def test_parts_are_as_wide_as_their_weight_and_filled_as_far_as_reached():
    parts = Parts((Part("a", 20, 1), Part("b", 80, 0.5), Part("c", 0, None)), width=102).parts
    assert [(part.width, part.filled) for part in parts] == [(20.0, 20.0), (80.0, 40.0), (0.0, 0.0)]


def test_a_region_gets_its_id_from_one_helper():
    class Meta:
        model_name = "case"

    case = type("Case", (), {"_meta": Meta, "pk": 42})()
    assert drawn('{% dom_id case "closure" %}', case=case) == "case-42-closure"
    assert drawn('{% dom_id "figures" %}') == "figures"


def test_a_score_tree_keeps_order_depth_and_the_score_without_the_fatal_item():
    node = {
        "kind": "total",
        "id": "total",
        "label": {"zh": "总分", "en": "Total"},
        "value": 0,
        "unfailed": "87.59",
        "contribution": 0,
        "children": [{"kind": "item", "id": "i", "label": {"zh": "", "en": "Item"}, "verdict": "cannot_tell"}],
    }
    html = drawn("{% score_tree node %}", node=node)
    assert (
        html.index("Total")
        < html.index("87.59")
        < html.index("Cannot tell")
        < html.index(">Item<", html.index("Cannot"))
    )
    assert 'data-key="score-0" data-parent="score"' in html


def test_filters_print_figures_in_the_language_of_the_page():
    assert drawn("{{ 258000000|duration }} {{ 0.925|share }} {{ n|points }}", n=-1.1) == "4 min 18 s 92.5 % −1.1 pts"
    with translation.override("zh-hans"):
        assert engines["django"].from_string("{{ 258000000|duration }}").render({}) == "4 分 18 秒"
