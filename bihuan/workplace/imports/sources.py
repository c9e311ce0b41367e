"""The ready sources by title; read once, since they come with the product."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from bihuan.archive.sources.mapping import ready_mappings


def source_titles() -> dict[str, str]:
    """Name → title in the reader's language."""
    return _titles("en" if (get_language() or "").startswith("en") else "zh")


@cache
def _titles(language: str) -> dict[str, str]:
    return {name: one.document["title"][language] for name, one in ready_mappings().items()}
