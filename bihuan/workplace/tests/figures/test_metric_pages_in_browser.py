"""The pages of figures in a real browser: nothing for axe to find, no page wider than its window, no console errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast
from tests.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    ("manager", "/overview/"),
    ("inspector", "/"),
    ("agent", "/"),
    ("manager", "/teams/east/"),
    ("manager", "/agents/1001/"),
    ("manager", "/metrics/"),
    ("manager", "/metrics/csat_top2/?by=agent"),
    ("manager", "/metrics/csat_top2/contacts/?part=denominator"),
)


PHONE = 390


@pytest.fixture
def visit(answering: Any, cast: Cast, record: Archive, chromium: Any) -> Iterator[Any]:
    if not (settings.HOME / "vendor").is_dir():
        pytest.skip("the browser assets are not installed: python -m bihuan.ui.assets")
    opened, errors = [], []

    def go(who: str, url: str) -> Any:
        client = Client()
        client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        opened.append(context)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        context.add_cookies([{**cookie, "url": answering.url}])
        page = context.new_page()
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(f"{answering.url}{url}", wait_until="load")
        return page

    yield go
    for context in opened:
        context.close()
    assert errors == []


def test_axe_finds_nothing_and_no_page_scrolls_sideways_on_a_phone(visit: Any) -> None:
    found, wide = {}, {}
    for who, url in PAGES:
        page = visit(who, url)
        found[url] = faults(page)
        page.set_viewport_size({"width": PHONE, "height": 844})
        wide[url] = page.evaluate("document.documentElement.scrollWidth")
    assert [(place, fault) for place, listed in found.items() for fault in listed] == []
    assert wide == dict.fromkeys(wide, PHONE)
