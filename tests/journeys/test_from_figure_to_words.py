"""A manager opens a figure down to its conversations, and a total down to the words it rests on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
PAGES = (
    "/",
    "/overview/",
    "/teams/",
    "/metrics/",
    "/metrics/csat_top2/",
    "/contacts/",
    "/months/",
    "/standards/",
    "/people/",
    "/journal/",
)


def test_a_figure_opens_to_its_contacts_and_their_words(visit: Any) -> None:
    page = visit("manager")
    page.goto("/overview/")
    page.locator(".fig").first.click()
    page.wait_for_url(re.compile(r"/metrics/"))
    page.goto("/contacts/")
    page.locator("table tbody tr a").first.click()
    page.wait_for_url(re.compile(r"/contacts/[^?]+"))
    assert page.locator(".msg").count() > 0
    assert page.locator("[data-check]").count() > 0


def test_a_month_opens_from_rank_to_span(visit: Any) -> None:
    page = visit("manager")
    page.goto("/months/")
    page.locator("main a[href*='/months/2']").first.click()
    page.locator("main a[href*='/results/']").first.click()
    page.wait_for_url(re.compile(r"/results/"))
    assert "%" in page.locator("main").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(visit: Any, theme: str) -> None:
    page = visit("manager", theme=theme)
    found = {}
    for address in PAGES:
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        serious = [one["id"] for one in violations if one["impact"] in SERIOUS]
        if serious:
            found[address] = serious
    assert found == {}


@pytest.mark.parametrize("role", ["manager", "agent", "supervisor"])
def test_no_page_scrolls_sideways_on_a_phone(visit: Any, role: str) -> None:
    page = visit(role, width=390)
    wide = {}
    for address in ("/", "/contacts/", "/metrics/", "/months/", "/standards/"):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[address] = width
    assert wide == {}
