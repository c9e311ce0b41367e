"""Compiled expressions of re2 for texts that are read one by one."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import re2

_AUTOMATON_BYTES: Final = 1 << 26  # most memory of one compiled expression; beyond it matching is slower, not wrong

Regexp: TypeAlias = Any  # a compiled expression of re2, which names no type


def compiled(expression: str) -> Regexp:
    """The expression for texts as UTF-8 bytes; a compiled one is worth keeping."""
    options = re2.Options()
    options.max_mem = _AUTOMATON_BYTES
    options.log_errors = False
    return re2.compile(expression.encode(), options)
