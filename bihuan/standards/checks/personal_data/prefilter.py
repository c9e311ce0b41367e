"""The cheap question asked of millions of messages first: could there be personal data at all?

Three regular expressions without look-around, so that every engine answers them in one linear pass. Together they may
say yes too often, never no where `find` would find something (held by a property test).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from bihuan.standards.checks.expression import Regexp, compiled

_NUMERALS: Final = "零〇○一二三四五六七八九幺洞壹贰貳叁參肆伍陆陸柒捌玖"
_DIGIT: Final = rf"\p{{Nd}}\p{{No}}{_NUMERALS}"
_LETTER: Final = "A-Za-zＡ-Ｚａ-ｚ"
_COUNT: Final = rf"{_DIGIT}十百{_LETTER}"
_GAP: Final = r"[^\p{Han}\p{Latin}\p{Nd}\p{No}]{0,3}"
# Words are cut at these, so no address reaches across them.
_STOP: Final = "是为為到在址您你我往的给給把去至寄送住跟这這请請改了呢吗哦:：。;；!！?？"

_MAIL: Final = r"[@＠]|艾特|[\[(（［][AaＡａ][TtＴｔ][\])）］]"
_LONG_NUMBER: Final = rf"[{_DIGIT}lI](?:{_GAP}[{_DIGIT}OoIl]){{10}}"
_ORDER_WORD: Final = r"[单單]|交易号|交易號|[OoＯｏ][RrＲｒ][DdＤｄ]"
_ORDER: Final = rf"[{_DIGIT}{_LETTER}](?:[ \-_\p{{Z}}\p{{Pd}}\p{{Cf}}\p{{M}}\t\r\n]{{0,2}}[{_DIGIT}{_LETTER}]){{7}}"
_PASSPORT: Final = "护照|護照|[Pp][Aa][Ss][Ss][Pp][Oo][Rr][Tt]"
_BUILDING: Final = rf"[{_COUNT}](?:[号號#＃]?[楼樓]|[号號]院|[栋棟幢座#＃])"
_STREET: Final = rf"[街路巷同弄里道段条條][^{_STOP}]{{0,20}}[{_DIGIT}十百][号號弄]"
_VILLAGE: Final = rf"[村屯寨庄莊组組][{_DIGIT}十百]"

_FEW: Final = 256  # texts up to which compiled expressions in a loop beat a columnar call that compiles each time

CANDIDATE_PATTERN: Final = f"{_MAIL}|{_LONG_NUMBER}|{_PASSPORT}|{_BUILDING}|{_STREET}|{_VILLAGE}"


def may_hold(texts: pl.Series) -> pl.Series:
    """One flag per message; null texts hold nothing."""
    if len(texts) <= _FEW:
        return pl.Series([text is not None and may_hold_one(text) for text in texts.to_list()], dtype=pl.Boolean)
    held = texts.str.contains(CANDIDATE_PATTERN).fill_null(False)
    ordered = texts.str.contains(_ORDER_WORD).fill_null(False) & ~held
    rows = ordered.arg_true()
    if len(rows):
        held = held.scatter(rows, texts.gather(rows).str.contains(_ORDER))
    return held


def may_hold_one(text: str) -> bool:
    """`may_hold` for one message."""
    return any(expression.search(text.encode()) for expression in _compiled())


@cache
def _compiled() -> tuple[Regexp, ...]:
    return compiled(CANDIDATE_PATTERN), compiled(_ORDER)
