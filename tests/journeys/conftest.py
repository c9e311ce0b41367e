from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site import Site, running_site

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("journeys need DATABASE_URL; run them by tests/run")
    vendor = Path(os.environ.get("BIHUAN_HOME", "var")).resolve() / "vendor"
    with running_site(tmp_path_factory.mktemp("site"), vendor, url) as running:
        yield running


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[object]:
    """`visit(role, theme="light", width=1440)` gives a page signed in as that role; console errors fail the test, unless
    the network is `shaky` in it."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def sign_in(role: str, *, theme: str = "light", width: int = 1440, shaky: bool = False) -> object:
        context = chromium.new_context(
            base_url=site.url, locale="zh-CN", color_scheme=theme, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if not shaky:
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", site.accounts[role].number)
        page.fill("input[name=password]", site.accounts[role].password)
        page.click("button[type=submit].btn-primary")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def drawn(site: Site, visit: Visit) -> str:
    """The manager draws every day that waits and hands all work to the inspector; a conversation of the agent's that nobody has begun."""
    page = visit("manager")
    page.goto("/inspection/plan/")
    while page.locator("form[action$='draws/'] button").count():
        page.locator("form[action$='draws/'] button").first.click()
        expect(page.locator(".toasts")).to_contain_text("已抽取并分配")
    inspector = site.accounts["inspector"].number
    for other in [one for one in _holders(site) if one != inspector]:
        page.locator("select[name=person]").select_option(other)
        page.locator("select[name=deputy]").select_option(inspector)
        page.locator("form[action$='deputies/'] button").click()
        expect(page.locator(".toasts")).to_contain_text("已移交")
    return site.asked(
        "SELECT a.id::text FROM inspection_assignment a WHERE a.person = %s AND a.done_at IS NULL AND NOT EXISTS"
        " (SELECT FROM inspection_evaluation e WHERE e.assignment_id = a.id) ORDER BY a.day LIMIT 1",
        site.accounts["agent"].number,
    )[0]


def _holders(site: Site) -> list[str]:
    return site.asked(
        "SELECT DISTINCT p.number FROM inspection_assignment a JOIN people_person p ON p.id = a.holder_id"
        " WHERE a.done_at IS NULL"
    )
