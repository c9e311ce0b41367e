"""From a regular expression, the literals one of which every match contains: they let one scan rule most rows out."""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]  # no stubs
import re._parser as parser  # type: ignore[import-not-found]  # no stubs
from dataclasses import dataclass
from typing import Any, Final

_MOST: Final = 400  # literals a pattern may ask for
_CROSS: Final = 64  # strings a concatenation may grow to before it is cut


@dataclass(frozen=True)
class _Info:
    """`exact`: all strings the part matches, where few; `needed`: literals one of which is in every match."""

    exact: frozenset[str] | None
    needed: frozenset[str] | None


_ANYTHING: Final = _Info(None, None)


def anchors_of(expression: str) -> frozenset[str]:
    """Literals one of which occurs in every match of `expression`; empty where there is no such list.

    ValueError where the only list is longer than a scan can pay for."""
    info = _sequence(parser.parse(expression))
    needed = _better(info.needed, info.exact)
    if needed is None or "" in needed:
        return frozenset()
    if len(needed) > _MOST:
        raise ValueError(f"{len(needed)} anchors, at most {_MOST}: {expression[:80]}…")
    if any(len(word) == 1 and word.isascii() for word in needed):
        return frozenset()  # digits and letters stand everywhere: looking for them costs more than it rules out
    return frozenset(word for word in needed if not any(other != word and other in word for other in needed))


def _sequence(items: Any) -> _Info:
    run: frozenset[str] | None = frozenset({""})
    exact: frozenset[str] | None = run
    best: frozenset[str] | None = None
    for item in items:
        info = _item(item)
        exact = _crossed(exact, info.exact)
        longer = _crossed(run, info.exact)
        if longer is None:
            best = _better(best, run)
            longer = info.exact if info.exact is not None else frozenset({""})
        run = longer
        best = _better(best, info.needed)
    return _Info(exact, _better(best, run))


def _item(item: Any) -> _Info:
    kind, value = item
    if kind is sre.LITERAL:
        return _Info(frozenset({chr(value)}), None)
    if kind is sre.IN:
        return _char_set(value)
    if kind is sre.SUBPATTERN:
        return _sequence(value[3])
    if kind is sre.BRANCH:
        return _branch([_sequence(branch) for branch in value[1]])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeat(*value)
    return _ANYTHING


def _char_set(members: Any) -> _Info:
    chars: set[str] = set()
    for kind, value in members:
        if kind is sre.LITERAL:
            chars.add(chr(value))
        elif kind is sre.RANGE and value[1] - value[0] < _CROSS:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return _ANYTHING
    return _Info(frozenset(chars), None)


def _branch(branches: list[_Info]) -> _Info:
    exact: frozenset[str] | None = frozenset()
    needed: frozenset[str] | None = frozenset()
    for branch in branches:
        exact = None if exact is None or branch.exact is None else exact | branch.exact
        best = _better(branch.needed, branch.exact)
        needed = None if needed is None or best is None else needed | best
    if exact is not None and len(exact) > _MOST:
        exact = None
    return _Info(exact, needed)


def _repeat(least: int, most: int, inner: Any) -> _Info:
    info = _sequence(inner)
    if least == 0:
        if most == 1 and info.exact is not None:
            return _Info(info.exact | {""}, None)
        return _ANYTHING
    if least == most == 1:
        return info
    return _Info(None, _better(info.needed, info.exact))


def _crossed(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None or len(left) * len(right) > max(_CROSS, len(right) if left == {""} else 0):
        return None
    return frozenset(a + b for a in left for b in right)


def _better(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """The list that rules more rows out: none empty, long words before few words."""

    def worth(words: frozenset[str] | None) -> tuple[int, float, int]:
        if not words or "" in words:
            return (0, 0.0, 0)
        shortest = min(len(word) for word in words)
        return (1, min(shortest, 2) - (len(words) > _MOST) * 9, -len(words))

    return left if worth(left) >= worth(right) else right
