"""Home addresses and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bihuan.standards.checks.personal_data.spans import ADDRESS, EMAIL, Span

_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9*•●…._%+\-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63})[ ]?(?:@|\(at\)|\[at\]|艾特)[ ]?"
    r"(?P<domain>(?:[A-Za-z0-9\-]{1,63}[ ]?[.．。点][ ]?){1,4}[A-Za-z]{2,12})(?![A-Za-z0-9])"
)
_ROLE: Final = re.compile(
    r"(?:service|support|kefu|cs|info|help|helpdesk|admin|hr|contact|complaint|tousu|feedback|no-?reply|sales?|care|"
    r"customer|marketing|invoice|fapiao|shouhou|vip|office|postmaster|webmaster|example|test|x{2,}|your.?name|abc|name|"
    r"username|business|after-?sales?|return|refund|privacy)(?:[._\-]?(?:service|care|support|center|team|cn|[0-9]{1,3}))?",
    re.IGNORECASE,
)
_PROVINCE: Final = (
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_STOP: Final = "是为到在址您你我往的给把去至寄送住跟这请改了呢吗哦:：,，。;；!！?？"
_HAN: Final = rf"(?:(?![{_STOP}])[\u4e00-\u9fff])"
_NAME: Final = rf"(?:{_HAN}|[0-9A-Za-z])"
_NUM: Final = "(?:[0-9]{1,5}|[一二三四五六七八九十百零]{1,5})"
_S: Final = "[ ,，、\\-—/#]{0,2}"
_CITY: Final = f"(?:{_HAN}{{2,6}}?(?:市|自治州|地区|盟))"
_DISTRICT: Final = f"(?:{_HAN}{{1,6}}?(?:新区|区|县|旗|市))"
_TOWN: Final = f"(?:{_HAN}{{1,6}}?(?:街道|镇|乡|社区))"
_VILLAGE: Final = f"(?:{_HAN}{{1,6}}?(?:村|屯|寨|庄|组)(?={_NUM})(?:{_NUM}(?:组|队|社))?)"
_NOT_A_DATE: Final = "(?!楼|栋|店|线|客服|坐席|窗口|左右|之?前|之?后|到|晚|早|上午|下午|当天|那天|开始|起|恢复|截止)"
_NUMBER: Final = f"(?:{_NUM}(?:号|弄){_NOT_A_DATE}(?:{_S}{_NUM}号{_NOT_A_DATE})?院?)"
_ROAD: Final = f"(?:{_NAME}{{1,8}}?(?:大街|大道|街|路|巷|胡同|弄|里|道|段|条))"
_BUILDING: Final = f"(?:(?:{_NUM}|[A-Za-z][0-9]?)(?:号楼|栋|幢|座|楼|号院|#楼|#))"
_UNIT: Final = f"(?:(?:{_NUM}|[A-Za-z])(?:单元|梯|门))"
_FLOOR: Final = f"(?:{_NUM}(?:层|楼))"
_AMOUNTS: Final = "(?![0-9]|[ ]?(?:元|块|件|个|年|天|米|人|分|点|次|g|ml))"
_ROOM: Final = f"(?:(?:[A-Za-z]?[0-9]{{2,5}}|{_NUM})(?:室|户|房|号房|号)|[0-9一二三四五六七八九零]{{3,4}}{_AMOUNTS})"
_ESTATE: Final = f"(?:{_NAME}{{2,14}}?(?={_S}{_BUILDING}))"
_PATTERN: Final = re.compile(
    rf"(?P<province>{_PROVINCE}{_S})?(?P<city>{_CITY}{_S})?(?P<district>{_DISTRICT}{_S})?(?P<town>{_TOWN}{_S})?"
    rf"(?P<village>{_VILLAGE}{_S})?(?:(?P<road>{_ROAD}{_S})(?:{_HAN}{{0,8}}?(?P<number>{_NUMBER}{_S}))?)?"
    rf"(?P<estate>{_ESTATE}{_S})?"
    rf"(?P<building>{_BUILDING}{_S})?(?P<unit>{_UNIT}{_S})?(?P<floor>{_FLOOR}{_S})?(?P<room>{_ROOM})?"
)
# No address reaches across a stop, and an exact one has one of these; both keep the search off most of a text.
_PIECE: Final = re.compile(f"[^{_STOP}]+")
_PLACE: Final = "[0-9一二三四五六七八九十百零]"
_NEEDED: Final = re.compile(
    rf"(?:{_PLACE}|[A-Za-z])(?:号?楼|[栋幢座#]|号院)|[街路巷同弄里道段条][^{_STOP}]{{0,20}}{_PLACE}[号弄]|[村屯寨庄组]{_PLACE}"
)
_LONGEST: Final = 130  # code points an address may have before such a number: all parts of _PATTERN at their longest
_COARSE: Final = frozenset(("province", "city", "district", "town"))
_ESTATE_NAME: Final = re.compile(
    "小区|花园|家园|公寓|大厦|苑|新村|城|府|邸|公馆|豪庭|庭|广场|国际|宿舍|大院|山庄|别墅|湾|居|郡|里|期|村|坊|轩|阁|园|区|楼|屯"
)
# Words before an address end at one of these.
_EDGE: Final = re.compile(rf"[{_STOP}\s(（【\[“\"'0-9]")


def emails_in(folded: str) -> Iterator[Span]:
    """E-mail addresses of persons; a company's role address (service@…) and placeholders (xxx@…) are none."""
    for hit in _EMAIL.finditer(folded):
        if not _ROLE.fullmatch(hit["local"].rstrip("_")):
            yield Span(hit.start(), hit.end(), EMAIL)


def addresses_in(folded: str) -> Iterator[Span]:
    """Addresses exact enough to find a home by: building and room or unit, or street or village and number."""
    pieces = [piece for match in _PIECE.finditer(folded) for piece in _promising(folded, *match.span())]
    found = [span for piece in pieces for span in _addresses(folded, *piece, anywhere=False)]
    yield from found or (span for piece in pieces for span in _addresses(folded, *piece, anywhere=True))


def _promising(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where in a piece without stops an address may begin: not far before a number that an exact address must have."""
    first = last = -1
    for match in _NEEDED.finditer(folded, start, end):
        if last >= 0 and match.start() - _LONGEST > last:
            yield first, last
            first = -1
        first = max(start, match.start() - _LONGEST) if first < 0 else first
        last = match.end()
    if last >= 0:
        yield first, last


def _addresses(folded: str, start: int, end: int, *, anywhere: bool) -> Iterator[Span]:
    position = start
    while position < end:
        begins = anywhere or position == 0 or _EDGE.match(folded, position - 1)
        hit = _PATTERN.match(folded, position) if begins else None
        if hit is None or not _is_exact(hit):
            position += 1
            continue
        position = hit.start() + len(hit.group().rstrip(" ,，、-—/#"))
        yield Span(hit.start(), position, ADDRESS)


def _is_exact(hit: re.Match[str]) -> bool:
    parts = {name for name, value in hit.groupdict().items() if value}
    coarse = len(parts & _COARSE)
    named = "estate" in parts and bool(_ESTATE_NAME.search(hit["estate"]))
    if "building" in parts and ("unit" in parts or ("room" in parts and (named or coarse or "road" in parts))):
        return True
    if "road" in parts and "number" in parts:
        return bool(coarse or parts & {"building", "room", "unit"})
    if "building" in parts and named:
        return coarse >= 1 or "road" in parts
    return "village" in parts and coarse >= 1 and bool(parts & {"room", "number", "building"})
