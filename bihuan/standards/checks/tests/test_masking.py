"""Masking keeps lengths, hides enough, and is stable (S4-4)."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.checks.personal_data import find, mask, mask_many


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("手机13812345621", "手机138****5621"),
        ("手机138-1234-5621", "手机138-****-5621"),
        ("１３８１２３４５６２１", "１３８****５６２１"),
        ("订单号2026112200014417", "订单号2026********4417"),
        ("身份证110105199003072311", "身份证110***********2311"),
        ("卡号6222 0210 0011 2230", "卡号6222 **** **** 2230"),
        ("邮箱zhangsan@qq.com", "邮箱z*******@qq.com"),
        ("北京市朝阳区建国路88号", "北京市朝阳区******"),
        ("热线400-820-8820", "热线400-820-8820"),
        ("", ""),
        (None, ""),
    ],
)
def test_S4_4_each_kind_is_masked_in_its_own_way(text: str | None, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(alphabet="0123456789一二三幺①１ -@a.com号楼室栋单元路区市订单手机是*", max_size=60))
def test_S4_4_masking_keeps_the_length_and_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert len(once) == len(text)
    assert mask(once) == once


def test_S4_4_a_masked_number_is_found_no_more() -> None:
    assert find(mask("手机13812345621，订单号2026112200014417")) == []


def test_a_column_is_masked_as_its_messages_are() -> None:
    texts = ["您好", "手机13812345621", None]
    assert mask_many(pl.Series(texts)).to_list() == ["您好", "手机138****5621", None]
