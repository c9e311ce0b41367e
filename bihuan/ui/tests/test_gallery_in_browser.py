"""The gallery in a real browser: readable to everybody, in both themes, on a desk and on a phone."""

import pytest

from tests.accessible import faults

pytestmark = pytest.mark.browser

WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def windows(chromium):
    """One window a width: they keep the loaded files, which is most of the time these tests take."""
    opened = {
        name: chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        for name, size in WIDTHS.items()
    }
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture
def open_page(windows, ui_address):
    """Opens the gallery at a width; fails at the end when the page complained about anything."""
    pages, complaints = [], []

    def visit(width: str = "desk"):
        page = windows[width].new_page()
        pages.append(page)
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{ui_address}/gallery/", wait_until="load")
        return page

    yield visit
    for page in pages:
        page.close()
    assert complaints == []


def test_axe_finds_nothing(open_page):
    page = open_page()
    page.wait_for_selector('[data-chart="ranks"][data-drawn="yes"]')
    assert faults(page) == []


def test_no_page_scrolls_sideways_at_any_width(open_page):
    page = open_page("phone")
    wide = {}
    for width in (360, 390, 768, 1024, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 844})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == {width: width for width in wide}


def test_a_failed_request_is_said_in_a_toast(open_page):
    page = open_page()
    page.evaluate("htmx.trigger(document.body, 'htmx:sendError')")
    assert page.locator("#toasts .toast-note.is-bad").count() == 1
    page.click("#toasts [data-closes-toast]")
    assert page.locator("#toasts .toast-note").count() == 0


def test_every_chart_is_drawn_and_follows_the_theme(open_page):
    page = open_page()
    page.wait_for_selector('[data-chart="ranks"][data-drawn="yes"]')
    page.wait_for_function("document.querySelectorAll('[data-chart]:not([data-drawn=yes])').length === 0")
    assert page.locator("[data-chart] canvas").count() == page.locator("[data-chart]").count() > 1
    before = page.evaluate("bihuanCharts.get('volume').getDataURL()")
    page.click('button[popovertarget="me-menu"]')
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.click('[data-theme="dark"]')
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("bihuanCharts.get('volume').getDataURL()") != before
    assert page.evaluate("localStorage.getItem('bihuan-theme')") == "dark"


def test_numbers_of_a_chart_are_saved_as_shown(open_page):
    page = open_page()
    page.wait_for_selector('[data-chart="volume"][data-drawn="yes"]')
    with page.expect_download() as waiting:
        page.click('[data-chart="volume"] [data-saves="csv"]')
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == '"08:00","31","14"'
    with page.expect_download() as waiting:
        page.click('[data-chart="volume"] [data-saves="png"]')
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")


def test_j_and_k_move_the_cursor_and_fields_keep_their_keys(open_page):
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    rows = page.locator("#table tbody tr[data-url]")
    assert "is-cursor" in rows.nth(0).get_attribute("class")
    page.fill("#gallery-reason", "")
    page.focus("#gallery-reason")
    page.keyboard.press("j")
    assert page.input_value("#gallery-reason") == "j"
    assert "is-cursor" in rows.nth(0).get_attribute("class")


def test_a_verdict_lights_its_words_and_the_words_their_verdict(open_page):
    page = open_page()
    page.hover('.vrow[data-check="promise"]')
    assert "is-lit" in page.get_attribute('.ev[data-check="promise"]', "class")
    page.focus('.ev[data-check="greeting"]')
    assert "is-lit" in page.get_attribute('.vrow[data-check="greeting"]', "class")
    assert "is-lit" not in page.get_attribute('.ev[data-check="promise"]', "class")


def test_a_dialog_opens_takes_focus_and_gives_it_back(open_page):
    page = open_page()
    page.click('.bh-head [data-opens="gallery-dialog"]')
    assert page.evaluate("document.getElementById('gallery-dialog').open")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('gallery-dialog').open")
    assert page.evaluate("document.activeElement.dataset.opens") == "gallery-dialog"


def test_the_menu_slides_out_on_the_phone_and_goes_by_escape(open_page):
    page = open_page("phone")
    assert not page.is_visible("#menu nav")
    page.click('[popovertarget="menu"]')
    assert page.is_visible("#menu nav")
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu nav")


def test_a_branch_of_the_score_tree_closes_with_all_below_it(open_page):
    page = open_page()
    page.click('tr[data-key="score-2"] .tree-fold')
    assert not page.is_visible('tr[data-key="score-2-1"]')
    assert not page.is_visible('tr[data-key="score-2-1-0"]')
    assert page.get_attribute('tr[data-key="score-2"] .tree-fold', "aria-expanded") == "false"


def test_the_first_tab_stop_skips_the_menu(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
