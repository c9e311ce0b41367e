"""What a conversation in the JSON form of `bihuan check` may hold, and the first thing in one that cannot be used.

A value that is there and wrong is never read as one that is not there: a verdict would rest on words of nobody.
Fields that are not named here are left alone, so that an export may carry more than is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bihuan.standards.rules.edition import Label

CHANNELS: Final = ("phone", "chat", "email", "social")
SENDERS: Final = ("customer", "agent", "bot", "system")
LEVELS: Final = ("L1", "L2", "L3")
OUTCOMES: Final = ("solved", "unsolved", "abandoned", "unknown")
_MOST: Final = 2**31
_SHOWN_CHARS: Final = 40


@dataclass(frozen=True)
class Trouble:
    """A value that cannot be used: where it stands, such as `messages[2].sender`, and what is wrong with it."""

    place: str
    says: Label


Test = Callable[[Any], Label | None]


def trouble_in(given: Any) -> Trouble | None:
    """The first thing wrong with a conversation as it was read from JSON; None where all of it can be used."""
    return next(_troubles(given), None)


def _troubles(given: Any) -> Iterator[Trouble]:
    if not isinstance(given, dict):
        yield Trouble("", _not_an_object(given))
        return
    yield from _fields("", given, _CONTACT)
    for name, form in (("customer", _CUSTOMER), ("facts", _FACTS)):
        if isinstance(given.get(name), dict):
            yield from _fields(f"{name}.", given[name], form)
    messages = given.get("messages")
    if not isinstance(messages, list):
        yield Trouble("messages", _kind_is("一个列表", "a list", messages))
        return
    for at, message in enumerate(messages):
        yield from _message(f"messages[{at}]", message)
    yield from _mixed_zones(given, messages)


def _message(place: str, message: Any) -> Iterator[Trouble]:
    if not isinstance(message, dict):
        yield Trouble(place, _kind_is("一个对象", "an object", message))
        return
    if message.get("sender") is None:
        words = ", ".join(SENDERS)
        yield Trouble(f"{place}.sender", Label(f"没有写明，应为 {words} 之一", f"is missing; it is one of {words}"))
    yield from _fields(f"{place}.", message, _MESSAGE)


def _fields(place: str, given: Mapping[str, Any], form: Mapping[str, Test]) -> Iterator[Trouble]:
    """What is wrong with the fields that are there; null is the same as absent."""
    for name, test in form.items():
        value = given.get(name)
        if value is not None and (says := test(value)) is not None:
            yield Trouble(f"{place}{name}", says)


def _mixed_zones(given: Mapping[str, Any], messages: list[Any]) -> Iterator[Trouble]:
    """Times with and without a zone in one conversation: nobody could say how far apart they are."""
    facts = given.get("facts") or {}
    timed = [(f"facts.{name}", facts.get(name)) for name in ("opened_at", "closed_at")]
    timed += [(f"messages[{at}].at", message.get("at")) for at, message in enumerate(messages)]
    zoned = [(place, datetime.fromisoformat(said).tzinfo is not None) for place, said in timed if said is not None]
    for place, has_zone in zoned:
        if has_zone != zoned[0][1]:
            yield Trouble(
                place,
                Label(f"时区写法与 {zoned[0][0]} 不一致：要么都写，要么都不写", f"writes its zone otherwise than {zoned[0][0]}: all of them or none"),
            )  # fmt: skip
            return


def _object(value: Any) -> Label | None:
    return _kind_is("一个对象", "an object", value) if not isinstance(value, dict) else None


def _text(value: Any) -> Label | None:
    return _kind_is("文字", "text", value) if not isinstance(value, str) else None


def _flag(value: Any) -> Label | None:
    return _kind_is("true 或 false", "true or false", value) if not isinstance(value, bool) else None


def _number(value: Any) -> Label | None:
    """Seconds and counts."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _kind_is("数字", "a number", value)
    return None if 0 <= value < _MOST else Label("不能小于 0，也不能过大", "is below 0 or too large")


def _whole(value: Any) -> Label | None:
    return _number(value) or (None if value == int(value) else Label("应为整数", "should be a whole number"))


def _moment(value: Any) -> Label | None:
    if not isinstance(value, str):
        return _kind_is("文字形式的时间", "a time written as text", value)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        shown = value[:_SHOWN_CHARS]
        return Label(
            f"“{shown}”不是 ISO 时间，应如 2026-10-12T09:30:00+08:00",
            f"“{shown}” is no ISO time; write it as 2026-10-12T09:30:00+08:00",
        )
    return None


def _one_of(words: tuple[str, ...]) -> Test:
    said = ", ".join(words)

    def test(value: Any) -> Label | None:
        if not isinstance(value, str):
            return _kind_is("文字", "text", value)
        shown = value[:_SHOWN_CHARS]
        return None if value in words else Label(f"“{shown}”不是 {said} 之一", f"“{shown}” is none of {said}")

    return test


def _kind_is(zh: str, en: str, value: Any) -> Label:
    found = _KINDS.get(type(value), Label("别的东西", "something else"))
    return Label(f"应为{zh}，实为{found.zh}", f"should be {en} and is {found.en}")


def _not_an_object(given: Any) -> Label:
    if isinstance(given, list):
        return Label(
            "这是一个列表；请一行写一个会话（JSON Lines）", "is a list; write one conversation a line (JSON Lines)"
        )
    return _kind_is("一个会话对象", "a conversation, which is an object,", given)


_KINDS: Final[Mapping[type, Label]] = {
    dict: Label("对象", "an object"),
    list: Label("列表", "a list"),
    str: Label("文字", "text"),
    bool: Label("真假值", "true or false"),
    int: Label("数字", "a number"),
    float: Label("数字", "a number"),
    type(None): Label("空", "nothing"),
}
_CONTACT: Final[Mapping[str, Test]] = {"channel": _one_of(CHANNELS), "customer": _object, "facts": _object}
_CUSTOMER: Final[Mapping[str, Test]] = {"surname": _text}
_MESSAGE: Final[Mapping[str, Test]] = {
    "at": _moment, "sender": _one_of(SENDERS), "sender_id": _text, "kind": _text, "text": _text, "automatic": _flag,
    "withdrawn": _flag, "withdrawn_at": _moment,
}  # fmt: skip
_FACTS: Final[Mapping[str, Test]] = {
    "category": _text, "level": _one_of(LEVELS), "outcome": _one_of(OUTCOMES), "solved": _flag, "subject": _text,
    "queue": _text, "business_line": _text, "context": _text, "opened_at": _moment, "closed_at": _moment,
    "rings": _whole, "ring_seconds": _number, "queue_seconds": _number, "queued": _flag, "agent_opened": _flag,
    "handed_over": _flag, "escalated": _flag, "hand_over_seconds": _number, "complained": _flag, "followed_up": _flag,
    "hold_seconds": _number, "duration_seconds": _number, "rating": _whole,
}  # fmt: skip
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "conversation": (*_CONTACT, "messages"), "customer": tuple(_CUSTOMER), "facts": tuple(_FACTS),
    "messages": tuple(_MESSAGE),
}  # fmt: skip
"""Every field that is read, by the object it stands in."""
