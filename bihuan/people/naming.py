"""How names sort, and what our own keys are called."""

from __future__ import annotations

from typing import Final

from pypinyin import lazy_pinyin

OWN_SOURCE: Final = "bihuan"  # records of the built-in desk and the demo carry staff numbers as keys


def sort_key(name: str) -> str:
    """Pinyin without tones, syllables apart, lower case: the database has no Chinese collation to sort by."""
    return " ".join(part.strip().lower() for part in lazy_pinyin(name) if part.strip())[:240]
