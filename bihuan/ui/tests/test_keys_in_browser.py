"""The keys of every page, at the gallery: lists are walked without a mouse, and the page tells which keys it has."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, ui_address):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    opened.goto(f"{ui_address}/gallery/", wait_until="load")
    yield opened
    context.close()


def in_focus(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_the_cursor_takes_the_focus_along_so_that_enter_opens_the_row(page):
    row = page.locator("#table tbody tr[data-url]").first
    name = row.locator("a").first.inner_text()
    page.keyboard.press("j")
    assert "is-cursor" in row.get_attribute("class")
    assert in_focus(page) == name
    address = row.get_attribute("data-url")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_the_cursor_stops_at_both_ends(page):
    for key in ("k", "k", *["j"] * 60, "k", "j"):
        page.keyboard.press(key)
    assert page.locator(".is-cursor").count() == 1
    page.keyboard.press("j")
    assert page.locator(".is-cursor").count() == 1


def test_the_question_mark_tells_the_keys_this_page_has_and_escape_closes_it(page):
    page.keyboard.press("?")
    help_dialog = page.locator("#keys-help")
    assert help_dialog.evaluate("d => d.open")
    told = help_dialog.inner_text()
    assert "下一行、上一行" in told
    assert "返回上一级" not in told  # the gallery stands at the top
    page.keyboard.press("j")
    assert page.locator(".is-cursor").count() == 0  # a dialog keeps the keys
    page.keyboard.press("Escape")
    assert not help_dialog.evaluate("d => d.open")


def test_the_menu_of_the_account_opens_the_same_help(page):
    page.click('button[popovertarget="me-menu"]')
    page.click("[data-explains-keys]")
    assert page.locator("#keys-help").evaluate("d => d.open")
    assert page.locator("#me-menu:popover-open").count() == 0


def test_keys_with_a_modifier_stay_the_browsers(page):
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+k")
    assert page.locator(".is-cursor").count() == 0


def test_axe_finds_nothing_in_the_help(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.keyboard.press("?")
    found = axe.run(page).response["violations"]
    assert [(f["id"], [node["html"][:120] for node in f["nodes"]]) for f in found] == []
