"""The cheap question asked of millions of messages first: could there be personal data at all?

One regular expression without look-around, so that polars' engine answers it in one pass. It may say yes too often,
never no where `find` would find something (held by a property test).
"""

from __future__ import annotations

from typing import Final

import polars as pl

_DIGIT: Final = r"\p{Nd}\p{No}零〇○一二三四五六七八九幺洞壹贰貳叁參肆伍陆陸柒捌玖"
_PLACE: Final = "号號栋棟幢座室楼樓弄村户戶#＃元单單房组組梯门門层層"
CANDIDATE_PATTERN: Final = (
    rf"[@＠]|\([Aa][Tt]\)|\[[Aa][Tt]\]|艾特|[{_DIGIT}](?:.?.?.?[{_DIGIT}]){{5}}|[{_DIGIT}十百A-Za-z][{_PLACE}]"
)


def may_hold(texts: pl.Series) -> pl.Series:
    """One flag per message; null texts hold nothing."""
    return texts.str.contains(CANDIDATE_PATTERN).fill_null(False)
