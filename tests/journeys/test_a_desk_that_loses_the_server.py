"""The server dies while an evaluation is written and comes back: nothing is lost, nothing twice, nothing submitted half."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.site import Site

Visit = Callable[..., Page]
AGAIN = "尚未保存，正在重试"


def test_S3_10_what_could_not_be_saved_is_sent_again_until_it_is(site: Site, visit: Visit, drawn: str) -> None:
    page = visit("inspector", shaky=True)
    page.goto(f"/inspection/assignments/{drawn}/")
    page.locator(".ins-scripted").wait_for()
    asked = page.locator("form[data-item]").count()
    _choose_message(page)
    page.keyboard.press("1")
    expect(page.locator("#answered")).to_contain_text(f"已评 1 / {asked}")
    site.web.kill()
    page.keyboard.press("1")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("f")
    _write_a_comment(page)
    for _item in range(2, asked):
        page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-submits]")).to_be_disabled()
    expect(page.get_by_text(AGAIN)).to_be_visible()
    assert _state(site, drawn) == ["1 0 0 false"]
    site.web.start()
    expect(page.locator(".toasts")).to_contain_text("已提交", timeout=60_000)  # at the latest after the longest wait
    assert _state(site, drawn) == [f"{asked} 1 1 true"]


def test_S3_10_whoever_is_signed_out_meanwhile_is_told_and_loses_nothing(site: Site, visit: Visit, drawn: str) -> None:
    page = visit("inspector", shaky=True)
    page.goto(f"/inspection/assignments/{drawn}/")
    page.locator(".ins-scripted").wait_for()
    asked = page.locator("form[data-item]").count()
    _choose_message(page)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("1")
    expect(page.get_by_text("您已退出登录")).to_be_visible()
    assert faults(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新标签页登录").click()
    door = opened.value
    door.fill("input[name=login]", site.accounts["inspector"].number)
    door.fill("input[name=password]", site.accounts["inspector"].password)
    door.click("button[type=submit].btn-primary")
    door.wait_for_url(lambda url: "/accounts/login" not in url)
    expect(page.locator("#answered")).to_contain_text(f"已评 1 / {asked}", timeout=60_000)
    for _item in range(1, asked):
        page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toasts")).to_contain_text("已提交", timeout=60_000)
    assert _state(site, drawn) == [f"{asked} 0 0 true"]


def test_S3_10_evidence_is_taken_away_by_key_and_by_button_and_comes_back(site: Site, visit: Visit, drawn: str) -> None:
    page = visit("inspector")
    page.goto(f"/inspection/assignments/{drawn}/")
    page.locator(".ins-scripted").wait_for()
    item = page.locator("form.is-now")
    _choose_message(page)
    page.keyboard.press("e")
    expect(item.locator("[data-span]")).to_have_count(1)
    page.keyboard.press("x")  # nothing is answered yet: only the page knows of it
    expect(item.locator("[data-span]")).to_have_count(0)
    page.keyboard.press("u")
    expect(item.locator("[data-span]")).to_have_count(1)
    name = item.get_attribute("data-item")
    page.keyboard.press("1")
    expect(page.locator(".ev-mine")).to_have_count(1)
    item = page.locator(f"form[data-item={name}]")
    item.locator(".ins-open").click()
    item.locator("[data-drops]").click()
    expect(page.locator(".ev-mine")).to_have_count(0)
    expect(item.locator("[data-undoes]")).to_be_visible()
    assert faults(page) == []
    item.locator("[data-undoes]").click()
    expect(page.locator(".ev-mine")).to_have_count(1)
    expect(item.locator("[data-undoes]")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.locator(".ev-mine")).to_have_count(0)
    page.reload()
    expect(page.locator(".ev-mine")).to_have_count(0)


def _choose_message(page: Page) -> None:
    page.keyboard.press("]")
    while not page.locator(".is-chosen[data-message]").count():
        page.keyboard.press("]")


def _write_a_comment(page: Page) -> None:
    """More is written after the first words did not arrive: one comment comes of it."""
    page.keyboard.press("c")
    page.locator("#comment textarea:focus").wait_for()
    with page.expect_event("requestfailed", lambda request: "comments" in request.url):
        page.keyboard.type("断线时")
    page.keyboard.type("写下的")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comment")).to_be_hidden()


def _state(site: Site, work: str) -> list[str]:
    """Answers of a person, comments, first responses marked, submitted."""
    return site.asked(
        "SELECT concat_ws(' ', (SELECT count(*) FROM inspection_answer a WHERE a.evaluation_id = e.id AND given_by = 'person'),"
        " (SELECT count(*) FROM inspection_comment c WHERE c.evaluation_id = e.id AND words = '断线时写下的'),"
        " (first_response IS NOT NULL)::int, CASE WHEN submitted_at IS NULL THEN 'false' ELSE 'true' END)"
        " FROM inspection_evaluation e WHERE e.assignment_id = %s::uuid",
        work,
    )
