"""The rules the product carries out, by id, with a few words of our own each; the sources are named in the README."""

from __future__ import annotations

from typing import Final

from bihuan.ui.rule_words import RULES as WORDS

RULES: Final[dict[str, str]] = {rule: english for rule, (_chinese, english) in WORDS.items()}
