"""One-to-one folding of digits in disguise, so that offsets in the folded text are offsets in the original."""

from __future__ import annotations

import unicodedata
from typing import Final

_NUMERALS: Final = {
    "零": "0", "〇": "0", "○": "0", "洞": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6",
    "七": "7", "八": "8", "九": "9", "幺": "1", "壹": "1", "贰": "2", "貳": "2", "叁": "3", "參": "3", "肆": "4",
    "伍": "5", "陆": "6", "陸": "6", "柒": "7", "捌": "8", "玖": "9",
}  # fmt: skip
_UNREADABLE: Final = "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3\u00ad"
_DASHES: Final = "‐‑‒–—―－−﹣─━ー"
_SPACES: Final = "\t\r\n\u00a0\u3000\u2002\u2003\u2009\u202f"
_TRADITIONAL: Final = dict(
    zip(
        "號樓單員電話運遞訂編號華東區縣鄉鎮莊園廣場門衛開頭護證卡銀行戶棟層碼機給與為聯絡郵遞網師傅騎財務訊",
        "号楼单员电话运递订编号华东区县乡镇庄园广场门卫开头护证卡银行户栋层码机给与为联络邮递网师傅骑财务讯",
        strict=True,
    )
)


class _Folds(dict[int, str]):
    """Translation table that learns each code point once; every answer is one character long."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = folded = _fold_char(char)
        return folded


def _fold_char(char: str) -> str:
    if char in _UNREADABLE or char in _SPACES:
        return " "
    if char in _DASHES:
        return "-"
    if char in _TRADITIONAL:
        return _TRADITIONAL[char]
    number = unicodedata.numeric(char, None) if not "\u4e00" <= char <= "\u9fff" else None
    if number is not None and number in range(10):
        return str(int(number))
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


_FOLDS: Final = _Folds()
_NUMERAL_TABLE: Final = str.maketrans(_NUMERALS)


def fold(text: str) -> str:
    """The text with full-width, circled, keycap and other digits and marks as ASCII; equally long."""
    return text.translate(_FOLDS)


def fold_numerals(folded: str) -> str:
    """Chinese numerals as ASCII digits too (幺三八 → 138); equally long."""
    return folded.translate(_NUMERAL_TABLE)
