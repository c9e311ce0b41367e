"""Figures of one conversation that look alike say what each counts: two lengths, two weights of a dimension."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.test import Client

from bihuan.archive.reader import ContactRecord
from bihuan.kit.clock import MINUTE, SECOND
from bihuan.standards.editions import load_edition
from bihuan.workplace.contacts.timings import timings

SignIn = Callable[[str], Client]


def lengths(**share: Any) -> dict[str, str]:
    known: dict[str, Any] = defaultdict(lambda: None, {"is_primary": True, **share})
    record = ContactRecord({"channel": "chat", "level": "L1"}, rollup=[known])
    return {box.label: f"{box.value} · {box.note}" for box in timings(record, load_edition("recommended"))}


def test_X20_handle_time_and_contact_duration_say_from_when_to_when_each_counts(db: None) -> None:
    whole = {"handle_us": 5 * MINUTE, "duration_us": 3 * MINUTE}
    assert lengths(**whole, wrap_up_us=30 * SECOND) == {
        "处理时长": "5 分 · 从接手到放手，不含排队 · 含话后 30 秒",
        "服务时长": "3 分 · 从客户接入到结束，含排队",
    }
    assert lengths(**whole)["处理时长"] == "5 分 · 从接手到放手，不含排队"


def test_X6_the_weight_of_the_edition_and_the_weight_here_stand_beside_each_other_on_both_tabs(
    signed_in: SignIn,
) -> None:
    """Satisfaction joins at the end of the period: its tenth is shared out among the others."""
    answer = signed_in("manager").get("/contacts/leak/")
    page = answer.context["page"]
    told = {group.name: group.note for group in page.groups}
    by_tab = {row.label: (row.declared, row.weight) for row in page.tree_rows if row.kind == "dimension"}
    assert by_tab["服务态度"] == ("50 %", "55.56 %")
    for name, (declared, here) in by_tab.items():
        if name in told and here != "0 %":
            assert told[name] == f"标准权重 {declared}，本次折算 {here}"
    text = answer.content.decode()
    assert re.search(r"55\.56 % <small[^>]*>标准 50 %</small>", text)
    assert "折算权重：" in text
