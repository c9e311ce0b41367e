"""Numbers of an edition in words: value with its unit, as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bihuan.standards.rules.edition import Number

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("", ""),
    "s": (" 秒", " s"),
    "min": (" 分钟", " min"),
    "h": (" 小时", " h"),
    "d": (" 天", " d"),
    "working_days": (" 个工作日", " working days"),
    "months": (" 个月", " months"),
    "%": (" %", " %"),
    "points": (" 分", " points"),
    "times": (" 倍", " times"),
    "occasions": (" 次", " times"),
    "people": (" 人", " people"),
    "contacts": (" 次会话", " contacts"),
    "rings": (" 声", " rings"),
    "CNY": (" 元", " yuan"),
    "classes": (" 类", " classes"),
    "steps": (" 步", " steps"),
    "decimals": (" 位小数", " decimals"),
    "hour": (" 时", " o'clock"),
    "parts": (" 份", " parts"),
    "nps": ("", ""),
    "messages": (" 条", " messages"),
}


def figure(number: Number, language: str) -> str:
    """`30 秒`, `30 s`: the value as written in the edition, with its unit in the language."""
    zh, en = WORDS[number.unit]
    sign = "−" if number.value < 0 else ""
    return f"{sign}{abs(number.value).normalize():f}{zh if language.startswith('zh') else en}"
