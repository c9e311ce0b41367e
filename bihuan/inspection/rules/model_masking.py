"""What a model may see of a conversation: no personal data, nobody's name, no staff number, whoever says it.

Every replacement is as long as what it hides, so a position in what the model saw is the position in the stored text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import ahocorasick_rs

from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.personal_data import folding, mask

NOBODY: Final = "某"
STAR: Final = "*"
_SHORTEST_NAME: Final = 2
_SHORTEST_NUMBER: Final = 2
_HAN: Final = "[\u4e00-\u9fff]"
_ADDRESS: Final = "先生|女士|小姐|太太|老师|总(?![是共的])|[哥姐](?![哥姐])"
_NO_NAME: Final = "(?!时|心|区|程|票|伙|孩|店|米|红|家)"
_NO_HELP: Final = "(?!很|竭|真|将|来|会|马|继|现|正|可)"
_NO_ONE: Final = "(?![你您他她它了人师快个])"

# Numbers and names that say what they are, for people whom no list names.
_TOLD_NUMBER: Final = re.compile(
    r"(?:工号|员工号|客服编号|坐席号?|座席号?)[^0-9]{0,3}(\d(?:[\s-]?\d){1,9})|"
    r"(?<!\d)(\d(?:[\s-]?\d){1,7})\s?号?(?=(?:客服|坐席|座席|专员|顾问|话务员|[,， ]?(?:很高兴)?为[您你]服务))|"
    r"(?:客服|坐席|座席|专员|顾问)\s?(\d(?:[\s-]?\d){1,7})(?!\d)"
)
_NUMBER: Final = re.compile(r"\d{3,}")
_TOLD_NAME: Final = re.compile(
    rf"(?:我是|我叫|这边是|这里是|客服|专员|顾问|经理)([小阿]{_NO_NAME}{_HAN}|{_NO_HELP}{_HAN}{{2,4}}?(?=[,， ]?(?:很?高兴)?(?:竭诚)?为[您你]服务))|"
    rf"(?:收件人|收货人|联系人|姓名|户名)(?:名字)?[是为:： ]{{1,2}}({_HAN}{{2,4}})|"
    rf"(?:我叫|本人叫)({_NO_ONE}{_HAN}{{2,3}})(?=[,，。.!！;； \n]|$)|"
    rf"(?:我姓|免贵姓)({_HAN})"
)


@dataclass(frozen=True)
class Staff:
    """Names of everybody who works here; a name is hidden wherever it stands."""

    names: frozenset[str] = frozenset()

    @cached_property
    def _finder(self) -> ahocorasick_rs.AhoCorasick | None:
        worth = sorted({fold(name) for name in self.names if len(name) >= _SHORTEST_NAME})
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        return ahocorasick_rs.AhoCorasick(worth, matchkind=kind) if worth else None

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where names of colleagues stand in a folded text."""
        if self._finder is not None:
            for _, start, end in self._finder.find_matches_as_indexes(folded):
                if _stands_alone(folded, start, end):
                    yield start, end


@dataclass(frozen=True)
class Served:
    """The people of one conversation: names and numbers of its agents, the customer's surname where it is known."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    customer: str = ""

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns over the folded text, and what stands for a character they find."""
        own = [_spaced(name) for name in _called(self.names)]
        found = [(re.compile("|".join(own)), NOBODY)] if own else []
        digits = [number for number in self.numbers if len(number) >= _SHORTEST_NUMBER]
        found += [(re.compile("|".join(_number(number) for number in digits)), STAR)] if digits else []
        if self.customer.strip():
            surname = re.escape(fold(self.customer.strip()))
            found.append((re.compile(rf"{surname}(?={_HAN}{{0,2}}(?:{_ADDRESS}))"), NOBODY))
        return tuple(found)


def disguised(text: str, served: Served, staff: Staff, *, by_system: bool = False) -> str:
    """The text as the model may see it; as many characters as before. Lines of the system tell who was assigned or handed
    what: no number stays in them."""
    shown = mask(text)
    folded = fold(shown)
    spelt = folding.fold_numerals(folding.fold(shown))
    chars = list(shown)
    for start, end in staff.spans(folded):
        _hide(chars, start, end, NOBODY)
    for pattern, sign in served.patterns:
        for found in pattern.finditer(spelt if sign == STAR else folded):
            _hide(chars, found.start(), found.end(), sign)
    for found in _NUMBER.finditer(spelt) if by_system else ():
        _hide(chars, found.start(), found.end(), STAR)
    for pattern, given, sign in ((_TOLD_NUMBER, spelt, STAR), (_TOLD_NAME, folded, NOBODY)):
        for found in pattern.finditer(given):
            place = next(at for at in range(1, pattern.groups + 1) if found[at] is not None)
            _hide(chars, found.start(place), found.end(place), sign)
    return "".join(chars)


def _hide(chars: list[str], start: int, end: int, sign: str) -> None:
    for place in range(start, end):
        if chars[place].isalnum():
            chars[place] = sign


def _called(names: Sequence[str]) -> Iterable[str]:
    """What an agent may be called by: the name, the given name, 小 and the surname."""
    for name in names:
        plain = fold(name.strip())
        if len(plain) >= _SHORTEST_NAME:
            yield plain
        if re.fullmatch(f"{_HAN}{{2,4}}", plain):
            if len(plain) > _SHORTEST_NAME:
                yield plain[1:]
            yield from (f"{before}{plain[0]}" for before in "小老阿")


def _spaced(name: str) -> str:
    inner = r"\s?".join(re.escape(char) for char in name)
    return rf"(?<![0-9a-z]){inner}(?![0-9a-z])" if name.isascii() else inner


def _number(number: str) -> str:
    inner = r"[\s-]?".join(re.escape(char) for char in folding.fold(number))
    return rf"(?i:(?<![0-9a-z]){inner}(?![0-9a-z]))"


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A name in Latin letters does not stand inside a longer word."""
    if not text[start:end].isascii():
        return True
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return not any(char.isascii() and char.isalnum() for char in beside)
