"""A score tree laid out as rows: what the table of `score_tree` draws. Knows the shape of a node, not its meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bihuan.ui import formats

OPEN_LEVELS = 2  # total and terms stand open; the rest opens on demand
DEEPEST = 5


@dataclass(frozen=True)
class TreeRow:
    """One node of the tree in reading order; `key` and `parent` tie the rows together for opening and closing."""

    key: str
    parent: str
    level: int
    kind: str
    label: str
    weight: str
    points: str
    contribution: str
    verdict: str
    reason: str
    source: str
    place: str
    has_children: bool
    is_open: bool
    is_shown: bool


def rows(node: Any, lang: str, *, key: str = "score", open_levels: int = OPEN_LEVELS) -> list[TreeRow]:
    """All nodes under `node`, itself first. A node is anything with the attributes of a score node."""
    return list(_rows(node, lang, key, "", 1, open_levels, True))


def _rows(node: Any, lang: str, key: str, parent: str, level: int, open_levels: int, shown: bool) -> Iterator[TreeRow]:
    children = tuple(_get(node, "children") or ())
    is_open = level < open_levels
    yield TreeRow(
        key=key,
        parent=parent,
        level=min(level, DEEPEST),
        kind=str(_get(node, "kind") or ""),
        label=text(_get(node, "label"), lang) or str(_get(node, "id") or ""),
        weight=formats.MISSING if _get(node, "weight") is None else formats.percent(_get(node, "weight"), 2),
        points=_points(node),
        contribution=formats.number(_get(node, "contribution"), 2),
        verdict=str(_get(node, "verdict") or ""),
        reason=str(_get(node, "reason") or ""),
        source=str(_get(node, "source") or ""),
        place=str(_get(node, "place") or ""),
        has_children=bool(children),
        is_open=is_open,
        is_shown=shown,
    )
    if _get(node, "unfailed") is not None and _get(node, "unfailed") != _get(node, "value"):
        yield _unfailed(node, key, parent, level, shown)
    for number, child in enumerate(children):
        yield from _rows(child, lang, f"{key}-{number}", key, level + 1, open_levels, shown and is_open)


def _unfailed(node: Any, key: str, parent: str, level: int, shown: bool) -> TreeRow:
    """The score as it would be without the fatal item: it always stands beside the fatal one."""
    dash, score = formats.MISSING, formats.number(_get(node, "unfailed"), 2)
    label = gettext("Score without the fatal item")
    return TreeRow(
        f"{key}-unfailed", parent, level, "unfailed", label, dash, dash, score, "", "", "", "", False, False, shown
    )


def text(label: Any, lang: str) -> str:
    """The label in a language: from a word, a mapping {zh, en} or an object with `zh` and `en`."""
    if label is None or isinstance(label, str):
        return label or ""
    wanted, other = ("zh", "en") if lang.startswith("zh") else ("en", "zh")
    if isinstance(label, Mapping):
        return str(label.get(wanted) or label.get(other) or "")
    return str(getattr(label, wanted, "") or getattr(label, other, ""))


def _points(node: Any) -> str:
    possible, earned = _get(node, "possible"), _get(node, "earned")
    if possible is None:
        return formats.MISSING if _get(node, "value") is None else formats.number(_get(node, "value"), 2)
    return f"{formats.number(earned, 2)} / {formats.number(possible, 2)}".replace(".00", "")


def _get(node: Any, name: str) -> Any:
    return node.get(name) if isinstance(node, Mapping) else getattr(node, name, None)
