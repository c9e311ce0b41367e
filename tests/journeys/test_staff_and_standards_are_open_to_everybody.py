"""Pages of staff, standards and journal: nothing for axe to find in both themes, no sideways scroll on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accessible import faults

pytestmark = pytest.mark.browser

PAGES = (
    "/people/",
    "/people/8001/",
    "/people/new/",
    "/people/teams/",
    "/people/keys/",
    "/people/rosters/",
    "/standards/",
    "/standards/recommended/",
    "/standards/service-quality/?against=recommended",
    "/standards/publication/?from=recommended",
    "/journal/",
    "/accounts/2fa/",
    "/accounts/password/change/",
)
PHONE = 390


def test_axe_finds_nothing_in_either_theme(visit: Any) -> None:
    page = visit("manager")
    found = {}
    for address in PAGES:
        assert page.goto(address).status == 200, address
        found[address] = faults(page)
    assert {address: issues for address, issues in found.items() if issues} == {}


def test_no_page_scrolls_sideways_on_a_phone(visit: Any) -> None:
    page = visit("manager", width=PHONE)
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(PAGES, PHONE)


def test_an_act_on_a_person_is_a_dialog_that_escape_leaves(visit: Any) -> None:
    page = visit("administrator")
    page.goto("/people/8001/")
    page.click("[popovertarget=acts]")
    page.click("[data-opens=act-post]")
    assert page.evaluate("document.getElementById('act-post').matches(':modal')")
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('act-post').open")


def test_the_section_being_read_is_marked(visit: Any) -> None:
    page = visit("manager")
    page.goto("/standards/recommended/#checks")
    page.wait_for_selector('[data-follows-sections] a[href="#checks"][aria-current]')
    assert page.locator("[data-follows-sections] [aria-current]").count() == 1
