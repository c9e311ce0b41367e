"""Numbers that are personal data: mobile, ID card, bank card, order and passport numbers, however they are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from bihuan.standards.checks.personal_data.checksums import is_id_card, is_luhn
from bihuan.standards.checks.personal_data.spans import BANK_CARD, ID_CARD, MOBILE, ORDER, PASSPORT, Span

_GAP: Final = r"[ .\-_·]{0,2}"
_WIDE: Final = r"[ .\-_·,，、/~()]{1,3}"
_MOBILE: Final = re.compile(
    rf"(?<![0-9*])(?:\(?\+?(?:00)?86\)?{_GAP})?"
    rf"(?P<mobile>1[ \-]{{0,2}}[3-9](?:[ \-]{{0,3}}[0-9]){{9}}"
    rf"|1[3-9][0-9]{_WIDE}[0-9]{{4}}{_WIDE}[0-9]{{4}}|1[3-9][0-9]{_WIDE}[0-9]{{8}}|1[3-9][0-9]{{5}}{_WIDE}[0-9]{{4}}"
    rf"|1[3-9][0-9]{_WIDE}[0-9]{{3}}{_WIDE}[0-9]{{3}}{_WIDE}[0-9]{{2}}|1[3-9][0-9]{{3}}{_WIDE}[0-9]{{3}}{_WIDE}[0-9]{{3}})"
    r"(?![0-9*]|[ ]?(?:元|块|万|[.][0-9]))"
)
_LETTERED_MOBILE: Final = re.compile(r"(?<![0-9A-Za-z*])[1lI][3-9](?:[0-9OoIl]){9}(?![0-9A-Za-z*])")
_ID_CARD: Final = re.compile(rf"(?<![0-9*])[1-8](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx×](?![0-9*])")
_BANK_CARD: Final = re.compile(rf"(?<![0-9*A-Za-z])[2-69](?:{_GAP}[0-9]){{14,18}}(?![0-9*A-Za-z])")
_PASSPORT: Final = re.compile(
    r"(?<![0-9A-Za-z*])(?:[EeGgDdSsPpHh][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7})(?![0-9A-Za-z*])"
)
_ORDER: Final = re.compile(
    r"(?<![0-9A-Za-z*])(?:[A-Za-z]{0,6}[\-]?[0-9][0-9A-Za-z]{2,}(?:[ \-_][0-9A-Za-z]{3,}){0,6}"
    r"|[0-9](?:[ \-][0-9]){7,30})(?![0-9A-Za-z*])"
)
_ORDER_AFTER: Final = re.compile(r"[ \])】”\"']{0,2}(?:的|这|那|此|该)?(?:一)?(?:个|笔|张|条)?(?:订单|订單|单子)")
_LABEL: Final = re.compile(
    r"(?P<waybill>[运递流裹工务修诉理货换]单(?:号码?|编号|编码)?|(?:快递|物流|包裹|受理|流水|取件|退款|发票|税号|识别号|信用代码|"
    r"商品|货品|型号|序列号|批次|条码|会员卡号?|会员|参考|追踪|跟踪|凭证|工单|SKU|sku|IMEI|SN|tracking|ticket)[^0-9，,。；;!！?？会将卡账帐订您你我打留短手电邮实证]{0,6})"
    r"|(?P<order>订单(?:号码?|编号|编码|ID|id|No\.?)?|定单(?:号|编号)?|下单号|交易单?号|[单單]号|"
    r"[Oo]rder(?: ?(?:[Nn]o\.?|[Nn]umber|ID|id|#))?)"
    r"|(?P<card>卡号|银行卡|储蓄卡|信用卡|借记卡|账号|帐号|账户|卡)"
    r"|(?P<passport>护照(?:号码?)?|passport)"
    r"|(?P<phone>手机号?|电话|号码|联系方式|致电|拨打|联系)"
)
_CONNECTOR: Final = re.compile(r"[\s:：是为#＃=号码编\[【(（<《「『\"'“‘~,，_\-您的呢哦No.]{0,8}")
_CARRIER: Final = re.compile(r"快递|物流|运单|顺丰|圆通|中通|韵达|申通|极兔|邮政|EMS|ems|包裹|寄出|发出|运输|派送|揽收")
# A carrier's number stays one after a bare 单号; what is called an order number is one, whatever letters it begins with.
# Agents open orders, not parcels.
_OPENED: Final = re.compile("[，, ]?(?:我|这边)?(?:已经|已|刚刚?|给您|帮您)*(?:打开|点开|调出)")
_ORDER_NAMED: Final = re.compile("[订定][单單]|下单号|交易单?号|[Oo]rder")
_WAYBILL_VALUE: Final = re.compile(r"(?:SF|YT|ZTO|STO|JDV|JD[A-Z0-9]|EMS|JT|YD|DPK|VC|VA|VB)[0-9A-Z]", re.IGNORECASE)
_CARD_BEGINS: Final = re.compile(r"62|4[0-9]|5[1-5]|35|2[2-7]|60|65|95588|9558|3[47]")
_TELEPHONE_LETTERS: Final = frozenset({"tel", "mobile", "phone", "vx", "wx", "v", "m", "t", "p", "cell"})
_BARE: Final = ("单号", "單号")
_LABEL_REACH: Final = 26
_FOREIGN_CARD_PLACES: Final = 16
_LEAST_ORDER_PLACES: Final = 8
_LEAST_ORDER_DIGITS: Final = 6
_LEAST_UNLABELLED_ORDER: Final = 10


def numbers_in(folded: str) -> Iterator[Span]:
    """Every personal number in a folded text; spans may overlap, the best reading of each place comes first."""
    yield from _id_cards(folded)
    yield from _mobiles(folded)
    yield from _orders(folded)
    yield from _bank_cards(folded)
    for hit in _PASSPORT.finditer(folded):
        if _label(folded, hit.start()) == "passport":
            yield Span(hit.start(), hit.end(), PASSPORT)


def _id_cards(folded: str) -> Iterator[Span]:
    for hit in _ID_CARD.finditer(folded):
        number = _places(hit.group()).replace("×", "X")
        if is_id_card(number) and _label(folded, hit.start()) not in ("waybill", "order"):
            yield Span(hit.start(), hit.end(), ID_CARD)


def _mobiles(folded: str) -> Iterator[Span]:
    for hit in _MOBILE.finditer(folded):
        start = hit.start("mobile")
        if _is_glued(folded, hit.start()) or _label(folded, hit.start()) == "waybill":
            continue
        yield Span(start, hit.end("mobile"), MOBILE)
    for hit in _LETTERED_MOBILE.finditer(folded):
        if _label(folded, hit.start()) == "phone" and not hit.group().isdigit():
            yield Span(hit.start(), hit.end(), MOBILE)


def _is_glued(folded: str, start: int) -> bool:
    """A number that goes on from letters (SF138…) is a code, unless the letters name a telephone or account."""
    before = re.search(r"[A-Za-z]+\Z", folded[:start])
    return before is not None and before.group().lower() not in _TELEPHONE_LETTERS


def _orders(folded: str) -> Iterator[Span]:
    for hit in _ORDER.finditer(folded):
        value = hit.group()
        digits = sum(char.isdigit() for char in value)
        if digits < _LEAST_ORDER_DIGITS or len(_places(value)) < _LEAST_ORDER_PLACES or _is_date(value):
            continue
        named = _label(folded, hit.start()) == "order" and _is_order_value(folded, hit.start(), value)
        followed = digits >= _LEAST_UNLABELLED_ORDER and _ORDER_AFTER.match(folded, hit.end())
        followed = followed or (_is_bare(folded, hit.start()) and _OPENED.match(folded, hit.end()))
        if named or followed:
            yield Span(hit.start(), hit.end(), ORDER)


def _is_bare(folded: str, start: int) -> bool:
    """Whether only 单号 announces it: an order's or a waybill's."""
    label = _labelled(folded, start)
    return label is not None and label.group() in _BARE


def _is_order_value(folded: str, start: int, value: str) -> bool:
    label = _labelled(folded, start)
    named = label is not None and _ORDER_NAMED.match(label.group())
    return bool(named) or not _WAYBILL_VALUE.match(value)


def _bank_cards(folded: str) -> Iterator[Span]:
    for hit in _BANK_CARD.finditer(folded):
        number, label = _places(hit.group()), _label(folded, hit.start())
        if label not in ("waybill", "order") and is_luhn(number) and (label == "card" or _begins_as_card(number)):
            yield Span(hit.start(), hit.end(), BANK_CARD)


def _begins_as_card(number: str) -> bool:
    """Without the word card before it, a number must begin and be long as cards in circulation here."""
    if len(number) == _FOREIGN_CARD_PLACES:
        return bool(_CARD_BEGINS.match(number))
    return len(number) > _FOREIGN_CARD_PLACES and number.startswith(("62", "9558"))


def _label(folded: str, start: int) -> str | None:
    """Which kind of number the words right before it announce; a bare 单号 near a carrier's name is a waybill."""
    label = _labelled(folded, start)
    if label is None:
        return None
    if label.group() in _BARE and _CARRIER.search(_clause(label)):
        return "waybill"
    return label.lastgroup


def _labelled(folded: str, start: int) -> re.Match[str] | None:
    """The last word before the number that announces one, where only connecting words stand between."""
    window = folded[max(0, start - _LABEL_REACH) : start]
    labels = list(_LABEL.finditer(window))
    if not labels or not _CONNECTOR.fullmatch(window, labels[-1].end()):
        return None
    return labels[-1]


def _clause(label: re.Match[str]) -> str:
    """What a bare 单号 may belong to: all before it, or after "您的" only its own clause."""
    before = label.string[: label.start()]
    own = re.search("[您你]的$", before)
    return re.split("[，,。；;]", before)[-1] if own else before


def _places(value: str) -> str:
    return "".join(char for char in value if char.isalnum() or char == "×")


def _is_date(value: str) -> bool:
    """Eight digits that spell a day are a date, not an order."""
    if len(value) != len("20260101") or not value.isdigit():
        return False
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return value.startswith(("19", "20"))
