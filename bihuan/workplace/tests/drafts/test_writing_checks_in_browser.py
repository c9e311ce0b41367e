"""Writing a check with the keyboard alone, in both themes and on a phone, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bihuan.people.tests.cast import Cast
from bihuan.standards.queries import find_listed
from bihuan.workplace.drafts.acts import STARTER, hand_in, start_draft
from bihuan.workplace.tests.drafts.texts import GREETING
from tests.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(answering: Any, cast: Cast, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address as the inspector; fails at the end when the page complained about anything."""
    if not (Path(settings.HOME) / "vendor" / "node_modules").is_dir():
        pytest.skip("the browser assets are not installed: python -m bihuan.ui.assets")
    client, complaints = Client(), []
    client.force_login(cast.user("inspector"), backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": answering.url}
    contexts = []

    def visit(address: str, width: int = 1440) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda line: _kept(complaints, line))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(answering.url + address, wait_until="load")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def _kept(complaints: list[str], line: Any) -> None:
    """Chromium reports every answer that is no success, a form told to be wrong (422) among them."""
    if line.type == "error" and "422" not in line.text:
        complaints.append(line.text)


def test_a_check_is_written_run_and_handed_in_by_keyboard(window: Callable[..., Any]) -> None:
    page = window("/check-drafts/")
    page.focus("select")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-drafts/*/")
    page.focus("#draft-text")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(GREETING.replace("not refund", "not refunds"))
    page.wait_for_selector('#faults [data-line="11"]')
    assert page.inner_text(".cd-lines .is-bad") == "11"
    page.focus("#faults a")
    page.keyboard.press("Enter")
    chosen = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert "refunds" in page.evaluate(chosen)
    page.keyboard.insert_text("    met: hello and (offer or script) and not refund")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value").count("not refund\n    \n") == 1  # the line keeps its depth
    page.evaluate("document.querySelector('[name=first]').value = '2026-10-05'")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#trial dl")
    assert "6 个结论中有 1 个改变" in page.inner_text("#trial")
    assert page.evaluate("document.activeElement.id") == "trial"
    assert page.locator(".cd-lines .is-bad").count() == 0
    page.focus('.bh-head a[href$="/edition/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/edition/")
    page.focus('form button[type="submit"].btn-primary')
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-proposals/*/")
    assert "2026.2" in page.inner_text(".bh-head")


def test_axe_finds_nothing_in_either_theme_and_nothing_scrolls_sideways(window: Callable[..., Any], cast: Cast) -> None:
    user = cast.user("inspector")
    draft = start_draft(user, base=find_listed("recommended"))
    waiting = hand_in(user, draft=draft, language="zh-hans")
    addresses = ("/check-drafts/", f"/check-drafts/{draft.pk}/edition/", f"/check-proposals/{waiting.pk}/")
    found = {address: faults(window(address)) for address in addresses}
    page = window(f"/check-drafts/{draft.pk}/")
    _run(page, GREETING)
    found["run"] = faults(page)
    page.fill("#draft-text", STARTER.replace("met: rules", "met: rulez"))
    page.wait_for_selector("#faults [data-line]")
    found["faults"] = faults(page)
    assert [(place, fault) for place, listed in found.items() for fault in listed] == []
    phone = window(f"/check-drafts/{draft.pk}/", width=390)
    _run(phone, GREETING)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def _run(page: Any, text: str) -> None:
    page.fill("#draft-text", text)
    page.press("#draft-text", "Control+Enter")
    page.wait_for_selector("#trial dl")
