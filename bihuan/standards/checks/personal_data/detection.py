"""Finding personal data, and telling the customer's from everybody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from bihuan.standards.checks.personal_data.folding import fold, fold_numerals
from bihuan.standards.checks.personal_data.numbers import numbers_in
from bihuan.standards.checks.personal_data.places import addresses_in, emails_in
from bihuan.standards.checks.personal_data.prefilter import may_hold
from bihuan.standards.checks.personal_data.spans import ADDRESS, BANK_CARD, ID_CARD, ORDER, PASSPORT, Span

_CLAUSE: Final = 18
_SENTENCE_END: Final = re.compile(r"[。；;!！?？\n]")
_SERVING: Final = re.compile(
    r"(?:给|为|帮|跟|替|请|和|麻烦|建议|需要|辛苦)[您你]|[您你](?:可以|能|直接|稍后|也|方便|好)"
)
_CUSTOMER: Final = re.compile(r"您|你|客户|收件|收货|用户|顾客|本人|登记|预留|注册|绑定|家")
_OTHERS: Final = re.compile(
    r"快递员|配送|师傅|骑手|小哥|站点|网点|门店|店铺|客服|售后|仓库|我们|我司|我的|我这|本公司|公司|官方|商家|厂家|服务中心|"
    "营业厅|营业部|物流|热线|司机|专员|经理|工程师|财务|寄到|寄回|寄至|退回|退货|投递员|联系人|前台|总部|维修点"
)
_SEND_TO_US: Final = re.compile("(?:请|麻烦|需要|辛苦|劳烦)[^，,。]{0,8}发送?[到至]")
# Whoever calls, the number called is the customer's; so is a number the customer is asked to own to.
_CALLED: Final = re.compile("(?:会|将|要|再)(?:先|提前|直接)?(?:联系|致电|拨打|打给|打)[:： ]{0,2}$")
# So is what stands on file or what messages go to, and an address by which a parcel goes, whoever was named before.
_ON_FILE: Final = re.compile(
    "(?:(?:系统|后台|资料|订单|地址|电话|号码|收件人)[里上中栏]?(?:写|填|留|登记|预留|存)的?|(?:打|拨)的|"
    "(?:短信|邮件|通知|验证码|提醒|回执)(?:会|将|已经?|都)?发(?:送)?(?:到|至|给|您|你)?)(?:是|[:：])? ?$"
)
_OWNED: Final = re.compile(
    "(?:这个)?(?:号码?|手机)?(?:是不是|就是|是)(?:您|你|本人)|[，,]?(?:没有?变|不变|没有?改)|这个地址(?:派|送|配)|的那[单件笔个]"
)
_ALWAYS_CUSTOMERS: Final = frozenset({ID_CARD, BANK_CARD, ORDER, PASSPORT})


def find(text: str) -> list[Span]:
    """All personal data in the text, in order and no overlaps, whoever it belongs to (what masking hides)."""
    folded = fold(text)
    spelt = fold_numerals(folded)
    taken: list[Span] = []
    for span in _readings(folded, spelt):
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return sorted(taken)


def _readings(folded: str, spelt: str) -> Iterator[Span]:
    if "@" in folded or "at" in folded.lower() or "艾特" in folded:
        yield from emails_in(folded)
    yield from numbers_in(folded)
    if spelt != folded:
        yield from numbers_in(spelt)
    yield from addresses_in(folded)


def disclosed(text: str) -> list[Span]:
    """The customer's data among what `find` finds: a courier's telephone or a shop's address is nobody's secret.

    Repeating in full what the customer wrote before discloses it too (S2-6): the last digits would have done.
    """
    return [span for span in find(text) if span.kind in _ALWAYS_CUSTOMERS or not _is_others(text, span)]


def _is_others(text: str, span: Span) -> bool:
    before = _SENTENCE_END.split(text[max(0, span.start - _CLAUSE) : span.start])[-1]
    if _SEND_TO_US.search(before):
        return True
    if _CALLED.search(before) or _ON_FILE.search(before) or _OWNED.match(text, span.end):
        return False
    before = _SERVING.sub("", before)
    others = list(_OTHERS.finditer(before))
    return bool(others) and not _CUSTOMER.search(before, 0 if span.kind == ADDRESS else others[-1].start())


def find_many(texts: pl.Series, *, finder: str = "find") -> Iterable[tuple[int, list[Span]]]:
    """(row, spans) for the rows that hold something; `finder` is "find" or "disclosed". Made for millions of rows."""
    search = disclosed if finder == "disclosed" else find
    rows = may_hold(texts).arg_true()
    for row, text in zip(rows.to_list(), texts.gather(rows).to_list(), strict=True):
        spans = search(text)
        if spans:
            yield row, spans
