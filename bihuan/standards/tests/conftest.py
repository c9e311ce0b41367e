"""Fixtures of this part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bihuan.standards.editions import LIBRARY
from bihuan.standards.models import Edition

TEXT = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")


@pytest.fixture
def text_of() -> Callable[..., str]:
    """The recommended edition under another id and version, with words replaced."""

    def make(slug: str = "ours", version: str = "1", *replacements: tuple[str, str]) -> str:
        text = TEXT.replace("id: recommended", f"id: {slug}").replace('version: "2026.1"', f'version: "{version}"')
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        return text

    return make


@pytest.fixture
def publish(db: None, text_of: Callable[..., str]) -> Callable[..., Edition]:
    """Publish an edition as the system would."""
    from bihuan.standards.actions import publish_edition  # needs Django's applications, which are set up by now

    def make(effective_from, slug="ours", version="1", *replacements, supersedes=None):
        return publish_edition(
            "system:test",
            text=text_of(slug, version, *replacements),
            author="system:author",
            effective_from=effective_from,
            supersedes=supersedes,
        )

    return make
