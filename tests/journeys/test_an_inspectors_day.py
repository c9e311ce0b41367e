"""An inspector's day by keys alone: from the home page to the queue, one conversation given back and taken from the pool,
evaluated and submitted, all released; its agent reads it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.site import Site

Visit = Callable[..., Page]


def test_an_inspectors_day_by_keys_from_the_home_page_to_the_agents_reply(site: Site, visit: Visit, drawn: str) -> None:
    page = visit("inspector")
    _follow(page, "a[href$='/inspection/queue/']")
    page.locator("tbody tr").first.wait_for()
    _clean(page)
    _open_row(page, drawn)
    assert site.accounts["agent"].name not in page.locator(".ins-lines").inner_text()
    _give_back_and_take(page, drawn)
    _clean(page)
    page.set_viewport_size({"width": 360, "height": 760})  # axe and no sideways scrolling on a phone, too
    _clean(page)
    expect(page.locator(".ins-end button")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    _walk_the_queue(page, drawn)
    _answer_by_keys(page)
    _comment_by_keys(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toasts")).to_contain_text("已提交")
    _follow(page, "nav a[href$='/inspection/queue/']")
    _follow(page, "a[href$='show=submitted']")
    _follow(page, "form[action$='releases/'] button")
    expect(page.locator(".toasts")).to_contain_text("份评价")

    agent = visit("agent", theme="dark", width=390)
    agent.goto("/inspection/evaluations/")
    expect(agent.locator("main")).to_contain_text("待阅读确认")
    evaluation = site.asked("SELECT id::text FROM inspection_evaluation WHERE assignment_id = %s::uuid", drawn)[0]
    agent.goto(f"/inspection/evaluations/{evaluation}/")
    _clean(agent)
    agent.fill("input[name=reply]", "明白，下次先核实身份")
    agent.get_by_role("button", name="我已阅读").click()
    expect(agent.locator("main")).to_contain_text("明白，下次先核实身份")

    day = site.asked("SELECT day::text FROM inspection_assignment WHERE id = %s::uuid", drawn)[0]
    page.goto(f"/inspection/sheets/?day={day}")
    expect(page.locator("main")).to_contain_text(site.accounts["agent"].name)
    expect(page.locator("main")).to_contain_text("已确认")
    _clean(page)


def _follow(page: Page, selector: str) -> None:
    """Tab to what is named and press it."""
    before = page.url
    for _step in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: url != before)
            return
    raise AssertionError(f"no Tab leads to {selector}")


def _open_row(page: Page, work: str) -> None:
    """The row of a conversation in a list, by j and Enter."""
    for _row in range(page.locator("tbody tr").count()):
        page.keyboard.press("j")
        if work in page.evaluate("document.activeElement.href || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/inspection/assignments/{work}/")


def _give_back_and_take(page: Page, work: str) -> None:
    """Back into the pool with a reason, and out of it again."""
    page.keyboard.press("b")
    page.locator("#give-back-reason:focus, #give-back button:focus").wait_for()
    page.locator("#give-back-reason").wait_for()
    while not page.evaluate("document.activeElement.id === 'give-back-reason'"):
        page.keyboard.press("Tab")
    page.keyboard.type("先去吃饭")
    page.keyboard.press("Enter")
    expect(page.locator(".toasts")).to_contain_text("已退回")
    _follow(page, "nav a[href$='/inspection/queue/']")
    _follow(page, "a[href$='show=pool']")
    _open_row(page, work)
    _clean(page)
    while not page.evaluate("document.activeElement.matches('form[action$=\"holding/\"] button')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("[data-desk]").wait_for()


def _walk_the_queue(page: Page, work: str) -> None:
    """To the neighbour in the own queue and back."""
    there, back = ("k", "j") if page.locator(".ins-queue .q").last.get_attribute("aria-current") else ("j", "k")
    page.keyboard.press(there)
    page.wait_for_url(lambda url: work not in url)
    page.locator(".ins-scripted").wait_for()
    page.keyboard.press(back)
    page.wait_for_url(f"**/{work}/")
    page.locator(".ins-scripted").wait_for()


def _choose(page: Page, kind: str, key: str = "]") -> None:
    """The next message or event of the conversation."""
    page.keyboard.press(key)
    while not page.locator(f".is-chosen[data-{kind}]").count():
        page.keyboard.press(key)


def _answer_by_keys(page: Page) -> None:
    """Every item by key, the first violated and the second N/A with words; a stretch as evidence, both key moments."""
    asked = page.locator("form[data-item]").count()
    page.keyboard.press("f")
    expect(page.get_by_text("请先选中一条消息或一个事件")).to_be_visible()
    _choose(page, "message")
    expect(page.get_by_text("请先选中一条消息或一个事件")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator(".moment")).to_have_text(["首次响应"])
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    marked = page.evaluate("getSelection().toString()")
    assert len(marked) == 2
    expect(page.locator("#heard")).to_have_text(marked)
    page.keyboard.press("e")
    page.keyboard.press("2")
    _give_reason(page, "第二条泄露了信息", done=1, of=asked)
    assert page.locator(".ev-mine").all_inner_texts() == [marked]
    page.keyboard.press("n")
    _give_reason(page, "没有出现承诺", done=2, of=asked)
    _choose(page, "event")
    page.keyboard.press("r")
    expect(page.locator(".moment")).to_have_text(["首次响应", "解决点"])
    for done in range(3, asked + 1):
        page.keyboard.press("1")
        expect(page.locator("#answered")).to_contain_text(f"已评 {done} / {asked}")
    expect(page.locator("[data-submits]")).to_be_enabled()


def _give_reason(page: Page, words: str, *, done: int, of: int) -> None:
    """Typed and kept while it is typed: another tab, opened before the field is left, shows it."""
    page.locator("[name=reason]:focus").wait_for()
    page.keyboard.type(words)
    expect(page.locator("#answered")).to_contain_text(f"已评 {done} / {of}")
    other = page.context.new_page()
    other.goto(page.url)
    assert words in [one.input_value() for one in other.locator("[name=reason]").all()]
    other.close()
    page.keyboard.press("Enter")
    expect(page.locator("#saved .ins-kept")).to_be_visible()
    expect(page.locator("[name=reason]:focus")).to_have_count(0)


def _comment_by_keys(page: Page) -> None:
    """Every item is answered: what ends the comment must not submit the evaluation, and a closed tab loses no word."""
    page.keyboard.press("[")
    page.keyboard.press("c")
    page.locator("#comment textarea:focus").wait_for()
    page.keyboard.type("这里要")
    expect(page.locator(".ins-comment")).to_contain_text("这里要")
    page.keyboard.type("留意")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comment")).to_be_hidden()
    expect(page.locator(".ins-comment")).to_have_text(["这里要留意"])
    expect(page.locator("[data-submits]")).to_be_enabled()


def _clean(page: Page) -> None:
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
