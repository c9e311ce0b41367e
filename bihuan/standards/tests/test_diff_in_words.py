from bihuan.standards.editions import LIBRARY, load_edition, parse_edition, shipped
from bihuan.standards.rules.diff import diff

TEXT = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
OLD = parse_edition(TEXT)


def sentences(old, new):
    changes = diff(parse_edition(TEXT), parse_edition(TEXT.replace(old, new, 1)))
    return [(change.said.zh, change.said.en) for change in changes]


def test_equal_editions_have_no_differences():
    assert [diff(load_edition(name), load_edition(name)) for name in shipped()] == [[]] * 5


def test_X1_a_changed_target_is_one_sentence():
    said = sentences(
        "context: training, at_most: {value: 15, unit: s, source: S4-3}",
        "context: training, at_most: {value: 20, unit: s, source: S4-3}",
    )
    assert said == [
        ("首次响应目标（培训） 由 15 秒 改为 20 秒", "Target of First response (training) changes from 15 s to 20 s")
    ]


def test_a_changed_scope_is_one_sentence():
    chat, more = ("calendar:", "applies_to: {channel: [chat]}\ncalendar:"), "{channel: [chat], team: [east, west]}"
    assert sentences(*chat) == [
        ("适用范围 由 整个部门 改为 渠道：在线", "Scope changes from the whole department to channel chat")
    ]
    one = parse_edition(TEXT.replace(*chat, 1))
    other = parse_edition(TEXT.replace("calendar:", f"applies_to: {more}\ncalendar:", 1))
    assert [change.said.en for change in diff(one, other)] == [
        "Scope changes from channel chat to channel chat; team east, west"
    ]


def test_a_changed_weight_names_scorecard_and_dimension():
    said = sentences('weight: {value: 50, unit: "%", source: S3-4}', 'weight: {value: 45, unit: "%", source: S3-4}')
    assert said[0][0] == "服务质量评分表 · 服务态度 · 权重 由 50 % 改为 45 %"


def test_a_new_source_for_the_same_number_is_told():
    said = sentences("at_most: {value: 30, unit: s, source: S1-3}", "at_most: {value: 30, unit: s, source: S2-2}")
    assert said == [
        ("首次响应目标 仍为 30 秒，依据由 S1-3 改为 S2-2", "Target of First response stays 30 s, source S1-3 → S2-2")
    ]


def test_a_check_that_comes_or_goes_is_one_sentence():
    block = "  surname:\n    label: {zh: 称呼姓氏, en: Addresses by surname}\n    severity: minor\n    source: S4-1\n    counts: false\n"
    without = parse_edition(TEXT.replace(block, ""))
    assert [change.said.zh for change in diff(OLD, without)] == ["删除 称呼姓氏"]
    assert [change.said.en for change in diff(without, OLD)] == ["Addresses by surname is new"]


def test_a_removed_number_says_what_it_was():
    said = sentences("    compensation_limit: {value: 50, unit: CNY, source: S2-9}\n", "")
    assert said == [("删除 坐席补偿权限（原为 50 元）", "Agent's compensation limit is gone (was 50 yuan)")]


def test_a_new_name_is_a_sentence():
    assert sentences("zh: 问候语, en: Greeting", "zh: 开场问候, en: Opening") == [
        ("问候语 改名为 开场问候", "Greeting is now called Opening")
    ]


def test_every_difference_between_any_two_shipped_editions_can_be_said():
    for one in shipped():
        for other in shipped():
            for change in diff(load_edition(one), load_edition(other)):
                assert change.said.zh
                assert change.said.en
                assert "Number(" not in change.said.zh
                assert "Label(" not in change.said.zh
