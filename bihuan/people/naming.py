"""How names sort, and what our own keys are called."""

from __future__ import annotations

from typing import Final

OWN_SOURCE: Final = "bihuan"  # records of the built-in desk and the demo carry staff numbers as keys


def sort_key(name: str) -> str:
    """Pinyin without tones, syllables apart, lower case: the database has no Chinese collation to sort by."""
    # its dictionaries take longer to load than the sign-in page to answer; only who names somebody needs them
    from pypinyin import lazy_pinyin

    return " ".join(part.strip().lower() for part in lazy_pinyin(name) if part.strip())[:240]
