"""From an edition's document, already known to have the right shape, to the frozen values of `edition.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.kit.ids import content_hash
from bihuan.standards.rules.edition import (
    UNNAMED,
    Accepted,
    AppliesTo,
    Asked,
    Calendar,
    CheckSetting,
    Deduction,
    Dimension,
    Edition,
    Fatal,
    Feed,
    Input,
    Item,
    Label,
    Number,
    Raise,
    Scale,
    Scheme,
    Scorecard,
    Target,
    Term,
)

Document = Mapping[str, Any]


def read(document: Document) -> Edition:
    """The edition a valid document describes."""
    cards = {name: card_document(document, name) for name in document.get("scorecards", {})}
    return Edition(
        id=document["id"],
        version=document["version"],
        title=_label(document["title"]),
        hash=edition_hash(document),
        calendar=_calendar(document["calendar"]),
        applies_to=_applies_to(document.get("applies_to", {})),
        effective_from=date.fromisoformat(document["effective_from"]) if "effective_from" in document else None,
        author=document.get("author", ""),
        approver=document.get("approver", ""),
        about=_label(document.get("about", {})),
        rounding=_numbers(document["rounding"], "rounding"),
        targets=tuple(_target(entry) for entry in document.get("targets", ())),
        checks=_each(document.get("checks", {}), "checks", _check),
        scorecards=_each(cards, "scorecards", _scorecard),
        schemes=_each(document.get("schemes", {}), "schemes", _scheme),
        inputs=_each(document.get("inputs", {}), "inputs", _input),
        sections=_each(document.get("numbers", {}), "numbers", lambda _, data, place: _numbers(data, place)),
        document=MappingProxyType(dict(document)),
    )


def edition_hash(document: Document) -> str:
    """Depends on what the document says alone: not on key order, comments, or how a number is spelled (30, 30.0)."""
    return content_hash(_canonical(document))


def card_document(document: Document, name: str) -> Document:
    """A scorecard's own words, over those of the card it derives from."""
    card = document["scorecards"][name]
    base = document["scorecards"].get(card.get("derives_from"), {})
    return {**base, **{key: value for key, value in card.items() if key != "derives_from"}}


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(entry) for entry in value]
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return value


def _each(data: Document, place: str, one: Any) -> Any:
    return MappingProxyType({key: one(key, entry, f"{place}.{key}") for key, entry in data.items()})


def _label(data: Document) -> Label:
    return Label(data.get("zh", ""), data.get("en", ""))


def _why(data: Document) -> Label:
    """The reason of a house figure; a plain text serves both languages."""
    given = data.get("why", "")
    return Label(given, given) if isinstance(given, str) else _label(given)


def _number(data: Document, place: str) -> Number:
    return Number(Decimal(str(data["value"])), data.get("unit", ""), data["source"], _why(data), place)


def _optional(data: Document, name: str, place: str) -> Number | None:
    return _number(data[name], f"{place}.{name}") if name in data else None


def _numbers(data: Document, place: str) -> Mapping[str, Number]:
    return MappingProxyType({name: _number(entry, f"{place}.{name}") for name, entry in data.items()})


def _calendar(data: Document) -> Calendar:
    days = {name: data[name] for name in ("working_week", "country") if name in data}
    return Calendar(ZoneInfo(data["zone"]), int(data["cutover_hour"]["value"]), **days)


def _applies_to(data: Document) -> AppliesTo:
    return AppliesTo(*(tuple(data.get(name, ())) for name in ("business_line", "team", "channel")))


def _target(data: Document) -> Target:
    scope = [data[name] for name in ("channel", "level", "context") if name in data]
    place = ".".join(["targets", data["metric"], *scope])
    side = "at_most" if "at_most" in data else "at_least"
    return Target(
        metric=data["metric"],
        at_most=side == "at_most",
        limit=_number(data[side], place),
        channel=data.get("channel"),
        level=data.get("level"),
        context=data.get("context", "live"),
        label=_label(data.get("label", {})),
        place=place,
    )


def _check(check: str, data: Document, place: str) -> CheckSetting:
    return CheckSetting(
        id=check,
        severity=data["severity"],
        source=data["source"],
        counts=data.get("counts", True),
        numbers=_numbers(data.get("params", {}), f"{place}.params"),
        label=_label(data["label"]),
        why=_why(data),
        definition=data.get("definition"),
        place=place,
    )


def _input(name: str, data: Document, place: str) -> Input:
    return Input(
        id=name,
        label=_label(data["label"]),
        unit=data["unit"],
        facts=tuple(data["facts"]),
        low=_optional(data, "low", place),
        high=_optional(data, "high", place),
        place=place,
    )


def _scorecard(name: str, data: Document, place: str) -> Scorecard:
    return Scorecard(
        id=name,
        label=_label(data["label"]),
        method=data["method"],
        na=data["na"],
        dimensions=tuple(_each(data["dimensions"], f"{place}.dimensions", _dimension).values()),
        coverage_floor=_optional(data, "coverage_floor", place),
        fatal=tuple(_fatal(entry, f"{place}.fatal") for entry in data.get("fatal", ())),
        deductions=tuple(_deduction(entry, f"{place}.deductions") for entry in data.get("deductions", ())),
        raises=tuple(_raise(entry, f"{place}.raises") for entry in data.get("raises", ())),
        asks=tuple(_each(data.get("asks", {}), f"{place}.asks", _asked).values()),
        source=data["source"],
        place=place,
    )


def _dimension(name: str, data: Document, place: str) -> Dimension:
    items = _each(data["items"], f"{place}.items", _item)
    weight = _number(data["weight"], f"{place}.weight")
    return Dimension(name, _label(data["label"]), weight, tuple(items.values()), data.get("per", "contact"), place)


def _item(name: str, data: Document, place: str) -> Item:
    return Item(
        id=name,
        label=_label(data["label"]),
        points=_number(data["points"], f"{place}.points"),
        feeds=tuple(_feed(entry, f"{place}.fed_by") for entry in data.get("fed_by", ())),
        metric=data.get("metric"),
        adjustable_to=_optional(data, "adjustable_to", place),
        place=place,
    )


def _asked(name: str, data: Document, place: str) -> Asked:
    return Asked(name, _label(data["label"]), data["source"], place)


def _feed(data: str | Document, place: str) -> Feed:
    if isinstance(data, str):
        return Feed(data)
    return Feed(data["check"], _number(data["share"], f"{place}.{data['check']}"))


def _fatal(data: Document, place: str) -> Fatal:
    return Fatal(data["check"], data["zeroes"], data["source"], _why(data), f"{place}.{data['check']}")


def _deduction(data: Document, place: str) -> Deduction:
    place = f"{place}.{data['check']}"
    return Deduction(data["check"], _number(data["points"], place), place)


def _raise(data: Document, place: str) -> Raise:
    place = f"{place}.{data['item']}"
    return Raise(data["item"], _number(data["weight"], place), place)


def _scheme(name: str, data: Document, place: str) -> Scheme:
    return Scheme(
        id=name,
        label=_label(data["label"]),
        cycle=data["cycle"],
        terms=tuple(_each(data["terms"], f"{place}.terms", _term).values()),
        layer=data.get("layer", ""),
        na=data.get("na", "redistribute"),
        coverage_floor=_optional(data, "coverage_floor", place),
        accepts=tuple(Accepted(entry["code"], _why(entry)) for entry in data.get("accepts", ())),
        source=data["source"],
        place=place,
    )


def _term(name: str, data: Document, place: str) -> Term:
    return Term(
        id=name,
        label=_label(data["label"]),
        weight=_number(data["weight"], f"{place}.weight") if "weight" in data else _unsplit(place),
        input=data.get("input"),
        scale=_scale(data.get("scale", {"kind": "points"}), f"{place}.scale"),
        parts=tuple(_each(data.get("parts", {}), f"{place}.parts", _term).values()),
        place=place,
    )


def _unsplit(place: str) -> Number:
    """A part without a weight of its own counts like its neighbours; the linter says that the text is silent."""
    return Number(Decimal(1), "parts", "", UNNAMED, f"{place}.weight")


def _scale(data: Document, place: str) -> Scale:
    return Scale(data["kind"], _optional(data, "zero_at", place), _optional(data, "full_at", place))
