from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.site import Site, running_site


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
    """`visit(role, theme="light", width=1440)` gives a page signed in as that role; console errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def sign_in(role: str, *, theme: str = "light", width: int = 1440) -> object:
        context = chromium.new_context(
            base_url=site.url, locale="zh-CN", color_scheme=theme, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
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
