"""What counts as a customer's personal data in an agent's words (S2-6, S4-4): digits in every disguise, and what is none."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.checks.personal_data import disclosed, find, find_many, may_hold
from bihuan.standards.checks.personal_data.checksums import is_id_card, is_luhn

MOBILE = "13812345678"
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
WRITTEN = str.maketrans("0123456789", "〇一二三四五六七八九")


def kinds(text: str) -> list[str]:
    return [span.kind for span in find(text)]


@pytest.mark.parametrize("table", [CIRCLED, FULL_WIDTH, SPOKEN, WRITTEN])
@pytest.mark.parametrize("gap", ["", " ", "-", "－", "·"])
def test_S4_4_no_disguise_hides_a_mobile_number(table: dict[int, str], gap: str) -> None:
    grouped = gap.join((MOBILE[:3], MOBILE[3:7], MOBILE[7:])).translate(table)
    [span] = find(f"您的号码是{grouped}对吗")
    assert (span.kind, span.start, span.end) == ("mobile", 5, 5 + len(grouped))


@pytest.mark.parametrize("text", ["+86 13812345678", "(86)13812345678", "1 3 8 1 2 3 4 5 6 7 8", "手机138o1234567"])
def test_S4_4_prefixes_and_single_digits_hide_nothing(text: str) -> None:
    assert kinds(text) == ["mobile"]


def test_S4_4_a_failing_check_digit_is_no_id_card_and_no_bank_card() -> None:
    assert is_id_card("110105199003072311")
    assert kinds("身份证110105199003072311") == ["id_card"]
    assert kinds("身份证110105199003072312") == []
    assert is_luhn("6217001230004567893")
    assert kinds("卡号6217001230004567893") == ["bank_card"]
    assert kinds("卡号6217001230004567894") == []


@pytest.mark.parametrize("label", ["订单号", "您的订单", "订单编号：", "訂單號："])
def test_S2_6_a_full_order_number_is_known_by_what_announces_it(label: str) -> None:
    assert kinds(f"{label}2026112200014417") == ["order"]


@pytest.mark.parametrize("label", ["运单号", "快递单号", "物流单号", "工单号", "服务单号", "快递已发出，单号"])
def test_S2_6_waybill_and_work_order_numbers_are_no_personal_data(label: str) -> None:
    assert kinds(f"{label}2026112200014417") == []


@pytest.mark.parametrize(
    "text",
    ["400-820-8820", "95588", "12315", "10086", "138****5678", "尾号5678", "13812345678元", "2026-11-22 13:20:15",
     "https://www.example.com/track/7312345678901", "xxx@qq.com", "z***@qq.com", "2026********4417", "3号楼在装修",
     "下载进度100%", "广东省深圳市南山区", "预计3-5个工作日", "SF1380013800012"],
)  # fmt: skip
def test_S4_4_hot_lines_masked_values_amounts_dates_and_links_are_none(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "address",
    ["广东省深圳市南山区科技园路12号3栋502室", "阳光小区3栋2单元501室", "浙江省杭州市西湖区文三路478号", "河北省保定市清苑县李庄村3组15号",
     "上海市浦东新区张杨路500弄12号602室", "翠湖小区十二栋三单元六零二"],
)  # fmt: skip
def test_S4_4_a_home_is_found_whole(address: str) -> None:
    assert [(span.kind, span.start, span.end) for span in find(f"您住在{address}对吗")] == [
        ("address", 3, 3 + len(address))
    ]


def test_S4_4_a_couriers_number_is_found_for_masking_but_is_no_disclosure() -> None:
    assert kinds("师傅电话13912345678") == ["mobile"]
    assert disclosed("师傅电话13912345678，您可以直接联系") == []
    assert [span.kind for span in disclosed("配送员会打您的手机13912345678")] == ["mobile"]


def test_many_messages_give_what_single_messages_give() -> None:
    texts = ["您好", "手机13812345678", None, "订单号2026112200014417，邮箱a1b2c3@qq.com"]
    assert list(find_many(pl.Series(texts))) == [(1, find(texts[1] or "")), (3, find(texts[3] or ""))]


@given(
    st.text(
        alphabet="0123456789一二三四五六七八九幺零①②③ -.@a.comqX号楼室栋单元路区市省村的是订手机１２３", max_size=60
    )
)
def test_the_prefilter_never_loses_a_finding(text: str) -> None:
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert may_hold(pl.Series([text]))[0] or not spans


@pytest.mark.parametrize("card", ["4111111111111111", "6222021234567890128", "6222 0212 3456 7890 128"])
def test_S4_4_a_refund_to_a_card_tells_the_card_and_a_refund_number_is_none(card: str) -> None:
    assert kinds(f"退款到卡号{card}") == ["bank_card"]
    assert kinds(f"退款单号{card}") == []
