"""What differs between two editions, in sentences a person can approve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from bihuan.standards.rules.applying import said_of
from bihuan.standards.rules.edition import Edition, Label, Number
from bihuan.standards.rules.naming import VALUES, Names, names_of
from bihuan.standards.rules.units import figure

SIDE: Final = ".side"
SILENT: Final = {"hash", "document", "place", "why"}


@dataclass(frozen=True)
class Change:
    """One difference: where, from what to what (None: absent), and the sentence in both languages.

    `name`, `old` and `new` are its parts for a table; numbers that differ in their source alone name it there.
    """

    place: str
    before: str | None
    after: str | None
    said: Label
    name: Label
    old: Label | None
    new: Label | None

    def to_json(self) -> dict[str, Any]:
        return {"place": self.place, "before": self.before, "after": self.after, "said": self.said.to_json()}


def diff(old: Edition, new: Edition) -> list[Change]:
    """Every difference from `old` to `new`, in the order of their places; empty for equal content."""
    before, after = facts_of(old), facts_of(new)
    came, went = _whole_things(before, after), _whole_things(after, before)
    before, after = _folded(before, went), _folded(after, came)
    names = {**names_of(old), **names_of(new)}
    places = [*after, *(place for place in before if place not in after)]
    return [
        _change(place, before.get(place), after.get(place), names)
        for place in places
        if _told(before.get(place)) != _told(after.get(place)) and not _goes_along(place, before, after)
    ]


def facts_of(edition: Edition) -> dict[str, Any]:
    """Every stated fact of an edition by its place: numbers with unit and source, words as they stand."""
    facts: dict[str, Any] = {}
    for entry in fields(edition):
        if entry.name not in SILENT and entry.name not in {"sections", "targets", "applies_to"}:
            _collect(getattr(edition, entry.name), entry.name, facts)
    facts["applies_to"] = said_of(edition.applies_to)
    _collect(edition.sections, "numbers", facts)
    for target in edition.targets:
        facts[target.place] = target.limit
        facts[f"{target.place}{SIDE}"] = "at_most" if target.at_most else "at_least"
    return facts


def _goes_along(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """The direction of a target that came or went as a whole needs no sentence of its own."""
    return place.endswith(SIDE) and (place not in before or place not in after)


def _whole_things(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Places of checks, cards, items… that stand only on the other side, outermost first: one sentence says it all."""
    found: list[str] = []
    for place in there:
        thing = place.removesuffix(".id")
        if place.endswith(".id") and place not in here and not any(thing.startswith(f"{outer}.") for outer in found):
            found.append(thing)
    return found


def _folded(facts: Mapping[str, Any], things: list[str]) -> dict[str, Any]:
    folded: dict[str, Any] = {}
    for place, fact in facts.items():
        outer = next((thing for thing in things if place.startswith(f"{thing}.")), None)
        if outer is None:
            folded[place] = fact
        elif place == f"{outer}.label":
            folded[outer] = fact
    return folded


def _collect(value: Any, place: str, facts: dict[str, Any]) -> None:
    if isinstance(value, Number) or value is None or not (is_dataclass(value) or isinstance(value, Mapping | tuple)):
        if value not in (None, ""):
            facts[place] = value
    elif isinstance(value, Label):
        if value.zh or value.en:
            facts[place] = value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            _collect(entry, f"{place}.{key}", facts)
    elif isinstance(value, tuple):
        _collect_sequence(value, place, facts)
    else:
        for entry in fields(value):
            if entry.name not in SILENT:
                _collect(getattr(value, entry.name), f"{place}.{entry.name}", facts)


def _collect_sequence(values: tuple[Any, ...], place: str, facts: dict[str, Any]) -> None:
    for at, entry in enumerate(values):
        key = next((getattr(entry, name) for name in ("id", "check", "item", "code") if hasattr(entry, name)), None)
        if key is None:
            facts[f"{place}.{entry if isinstance(entry, str) else at}"] = entry
        else:
            _collect(entry, f"{place}.{key}", facts)


def _told(value: Any) -> Any:
    return (value.value, value.unit, value.source) if isinstance(value, Number) else value


def _change(place: str, before: Any, after: Any, names: Names) -> Change:
    zh = _sentence(names.get(place, place), before, after, "zh", names)
    en = _sentence(names.get(place, place), before, after, "en", names)
    found = names.get(place, place)
    name = Label(found, found) if isinstance(found, str) else found
    alike = _words(before, "zh") == _words(after, "zh")
    old, new = _both(before, sourced=alike), _both(after, sourced=alike)
    return Change(place, _words(before, "zh"), _words(after, "zh"), Label(zh, en), name, old, new)


def _both(value: Any, *, sourced: bool) -> Label | None:
    if value is None:
        return None
    zh, en = _words(value, "zh") or "", _words(value, "en") or ""
    if sourced and isinstance(value, Number):
        return Label(f"{zh}（{value.source}）", f"{en} ({value.source})")
    return Label(zh, en)


def _sentence(name: Label | str, before: Any, after: Any, language: str, names: Names) -> str:
    said = name if isinstance(name, str) else name.said(language)
    old, new = _words(before, language), _words(after, language)
    if isinstance(before, Label) and isinstance(after, Label) and said == new:
        return f"{old} 改名为 {new}" if language.startswith("zh") else f"{old} is now called {new}"
    if said in (old, new) and None in (old, new):
        return _whole(said, language, came=before is None)
    zh = language.startswith("zh")
    if before is None:
        return f"新增 {said}：{new}" if zh else f"{said} is new: {new}"
    if after is None:
        return f"删除 {said}（原为 {old}）" if zh else f"{said} is gone (was {old})"
    if old == new and isinstance(before, Number) and isinstance(after, Number):
        moved = f"{before.source} → {after.source}"
        return (
            f"{said} 仍为 {new}，依据由 {before.source} 改为 {after.source}"
            if zh
            else f"{said} stays {new}, source {moved}"
        )
    return f"{said} 由 {old} 改为 {new}" if zh else f"{said} changes from {old} to {new}"


def _whole(said: str, language: str, *, came: bool) -> str:
    if language.startswith("zh"):
        return f"{'新增' if came else '删除'} {said}"
    return f"{said} is {'new' if came else 'gone'}"


def _words(value: Any, language: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, Number):
        return figure(value, language)
    if isinstance(value, Label):
        return value.said(language)
    if isinstance(value, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[(language, value)]
    if isinstance(value, list):
        return ("、" if language.startswith("zh") else ", ").join(str(one) for one in value)
    known = VALUES.get(value) if isinstance(value, str) else None
    return known.said(language) if known else str(value)
