"""A printed page in a real browser: dark ink on white in either theme, its name on it, nothing to click."""

import pytest

pytestmark = pytest.mark.browser
# of text and ground, 0 black, 1 white; a browser tells mixed colours in shares and others in 255ths
LIGHTNESS = """element => [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor].map(colour =>
    Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)) / (colour.startsWith("rgb") ? 255 : 1))"""
PAPER = {"width": 718, "height": 1050}  # A4 upright, without its margins


@pytest.fixture(params=["light", "dark"])
def sheet(request, chromium, ui_address):
    context = chromium.new_context(viewport=PAPER, locale="zh-CN", color_scheme=request.param)
    page = context.new_page()
    page.goto(f"{ui_address}/gallery/?theme={request.param}", wait_until="load")
    page.emulate_media(media="print")
    yield page
    context.close()


def test_ink_is_dark_on_white(sheet):
    inks = sheet.eval_on_selector_all(".card-title, .tab td, .tab th, h1", f"all => all.map({LIGHTNESS})")
    assert len(inks) > 20
    assert {ground for _, ground in inks} == {1}
    assert max(ink for ink, _ in inks) < 0.75


def test_the_page_bears_its_name_and_nothing_to_click(sheet):
    assert sheet.locator("h1").is_visible()
    for hidden in (".bh-side", ".bh-top", ".bh-filter", ".btn", ".pager"):
        assert sheet.locator(f"{hidden}:visible").count() == 0


def test_nothing_leaves_the_sheet_sideways(sheet):
    wide = sheet.eval_on_selector_all(".tab-wrap, .strip", "all => all.map(e => getComputedStyle(e).overflowX)")
    assert set(wide) == {"visible"}
