"""A manager opens a figure down to its conversations, and a total down to the words it rests on."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests.accessible import faults
from tests.site import Site

pytestmark = pytest.mark.browser

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
    "/callbacks/",
    "/platform-reviews/",
    "/complaints/",
    "/inspection/items/",
    "/inspection/reviews/",
    "/inspection/plan/",
    "/inspection/evaluations/",
    "/inspection/sheets/",
    "/inspection/queue/?show=submitted",
)
# Axe looks at these in both themes beside their parts' own tests, and in the journey of staff and standards.
ELSEWHERE = {"/overview/", "/metrics/", "/metrics/csat_top2/", "/contacts/", "/standards/", "/people/", "/journal/"}


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
    page.context.clear_cookies(name="sessionid")
    page.locator("#days summary").first.click()
    expect(page.locator(".toasts")).to_contain_text("您已退出登录")
    assert page.locator("input[name=password]").count() == 0


def test_pages_are_accessible_in_both_themes(site: Site, visit: Any) -> None:
    with psycopg.connect(site.env["DATABASE_URL"]) as connection:
        (session,) = connection.execute("SELECT id FROM inspection_review ORDER BY id LIMIT 1").fetchone()
    page, found = visit("manager"), {}
    for address in (*(one for one in PAGES if one not in ELSEWHERE), f"/inspection/reviews/{session}/"):
        assert page.goto(address).status == 200, address
        found[address] = faults(page)
    assert {address: issues for address, issues in found.items() if issues} == {}


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
