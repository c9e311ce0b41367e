"""The pages of platform reviews in a real browser: nothing for axe to find in either theme, no wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bihuan.archive.linking import told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.sources.importer import import_file
from bihuan.archive.tests.record_world import World
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.people.tests.cast import make_cast
from bihuan.workplace.tests.test_platform_reviews import REVIEWS
from tests.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390


@pytest.fixture
def page(lived: World, answering: Any, chromium: Any) -> Iterator[Any]:  # noqa: F811 - the fixture
    if not (settings.HOME / "vendor").is_dir():
        pytest.skip("the browser assets are not installed: python -m bihuan.ui.assets")
    client = Client()
    client.force_login(make_cast().user("inspector"), backend="django.contrib.auth.backends.ModelBackend")
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([{**cookie, "url": answering.url}])
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_and_no_page_scrolls_sideways_on_a_phone(
    page: Any, lived: World, answering: Any, tmp_path: Path  # noqa: F811 - the fixture
) -> None:  # fmt: skip
    found, wide = {}, {}

    def look(address: str) -> None:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{answering.url}{address}", wait_until="load")
        found[address] = faults(page)
        page.set_viewport_size({"width": PHONE, "height": 844})
        wide[address] = page.evaluate("document.documentElement.scrollWidth")

    look("/platform-reviews/")
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    import_file(file, "platform-reviews", lived.archive)
    review = told_reviews(Reader(lived.archive), external_id="商城/1")["review_id"].item()
    for address in (
        "/platform-reviews/?show=unlinked",
        "/platform-reviews/?show=all",
        f"/platform-reviews/{review}/",
        "/contacts/c03/",
    ):
        look(address)
    assert [(place, fault) for place, listed in found.items() for fault in listed] == []
    assert wide == dict.fromkeys(wide, PHONE)


def test_a_review_is_linked_with_the_keyboard_alone(page: Any, lived: World, answering: Any, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    import_file(file, "platform-reviews", lived.archive)
    page.goto(f"{answering.url}/platform-reviews/", wait_until="load")
    page.get_by_role("link", name="谁也没认出来").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="与我们的会话无关").focus()
    page.keyboard.press("Space")
    page.get_by_label("依据").focus()
    page.keyboard.type("另一家店的订单")
    page.get_by_role("button", name="登记").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/platform-reviews/")
    assert page.get_by_role("link", name="谁也没认出来").count() == 0
