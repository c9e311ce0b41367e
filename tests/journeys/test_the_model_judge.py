"""The model judge's page where no model is set up: axe finds nothing in both themes, it fits a phone, its links lead on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accessible import faults

pytestmark = pytest.mark.browser

ADDRESS = "/inspection/model/"


def test_the_page_is_accessible_in_both_themes_and_fits_a_phone(visit: Any) -> None:
    page = visit("administrator", width=390)
    assert page.goto(ADDRESS).status == 200
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_side_bar_leads_to_it_and_it_says_that_it_is_off(visit: Any) -> None:
    page = visit("inspector")
    page.click(f"nav a[href='{ADDRESS}']")
    assert page.locator("h1").inner_text() == "模型评判"
    assert "未启用" in page.locator("main").inner_text()
    assert page.get_by_text("BIHUAN_JUDGE_URL").is_visible()
