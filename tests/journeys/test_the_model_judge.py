"""The model judge's page where no model is set up: axe finds nothing in both themes, it fits a phone, its links lead on."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

ADDRESS = "/inspection/model/"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_phone(visit: Any, theme: str) -> None:
    page = visit("administrator", theme=theme, width=390)
    assert page.goto(ADDRESS).status == 200
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_side_bar_leads_to_it_and_it_says_that_it_is_off(visit: Any) -> None:
    page = visit("inspector")
    page.click(f"nav a[href='{ADDRESS}']")
    assert page.locator("h1").inner_text() == "模型评判"
    assert "未启用" in page.locator("main").inner_text()
    assert page.get_by_text("BIHUAN_JUDGE_URL").is_visible()
