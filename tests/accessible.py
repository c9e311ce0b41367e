"""Axe on a page as it stands, in both themes. A page follows its system's theme at once, so it is loaded but once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from axe_playwright_python.sync_playwright import Axe

THEMES = ("light", "dark")
# What stands on a page is the same in both themes: in the second one only the rules about colours can find anything new.
_COLOURS = ("color-contrast", "link-in-text-block")
_WHOLE = {"resultTypes": ["violations"]}
ASKED = {"light": _WHOLE, "dark": {**_WHOLE, "runOnly": {"type": "rule", "values": list(_COLOURS)}}}
ANY = ("minor", "moderate", "serious", "critical")


def faults(page: Any, impacts: Collection[str] = ANY) -> list[tuple[str, str, list[str]]]:
    """(theme, rule, where) of what axe finds; the page is left in the theme it was in."""
    before = page.evaluate("document.documentElement.dataset.bsTheme")
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function("wanted => document.documentElement.dataset.bsTheme === wanted", arg=theme)
        found += [
            (theme, one["id"], [node["html"][:80] for node in one["nodes"]])
            for one in Axe().run(page, options=ASKED[theme]).response["violations"]
            if one["impact"] in impacts
        ]
    page.emulate_media(color_scheme=before)
    return found
