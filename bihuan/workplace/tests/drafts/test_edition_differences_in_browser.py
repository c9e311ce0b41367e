"""What changes for whom in a real browser: asked for, waited for, read; both themes, a phone, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from bihuan.workplace.editions.comparisons import carry_out_comparison
from bihuan.workplace.editions.models import EditionComparison
from bihuan.workplace.tests.drafts.test_edition_differences import BASE, publish_once
from bihuan.workplace.tests.drafts.test_writing_checks_in_browser import window as window
from tests.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address() -> str:
    return f"/standards/{publish_once().hash}/differences/?against={BASE}"


def finished() -> None:
    for waiting in EditionComparison.objects.filter(finished_at=None):
        carry_out_comparison(waiting)


def test_a_comparison_is_asked_for_waited_for_and_read(window: Callable[..., Any]) -> None:
    page = window(address())
    page.evaluate("document.querySelector('[name=first]').value = '2026-10-05'")
    page.get_by_role("button", name="在真实会话上对比").click()
    expect(page.locator("#comparison")).to_be_visible()
    finished()
    expect(page.get_by_role("region", name="坐席")).to_be_visible(timeout=15_000)  # the page asks every two seconds
    assert "投诉四步 由 5 分 改为 45 分" in page.inner_text("#words")
    page.get_by_role("region", name="受影响最大的会话").get_by_role("link").first.click()
    page.wait_for_url("**/contacts/**")


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_while_waiting_and_when_done(window: Callable[..., Any], width: int) -> None:
    page = window(address(), width)
    page.evaluate("document.querySelector('[name=first]').value = '2026-10-05'")
    page.get_by_role("button", name="在真实会话上对比").click()
    expect(page.locator("#comparison")).to_be_visible()
    for _state in ("waiting", "done"):
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        finished()
        page.reload()
