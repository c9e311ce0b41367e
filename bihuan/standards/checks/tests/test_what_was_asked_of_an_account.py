"""A bare figure or a bare "done" discloses or changes account data where the customer asked for it (S2-6)."""

from __future__ import annotations

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine

ENGINE = Engine.for_edition(None, ["identity_first"])


def judged(*lines: str) -> tuple[str, str]:
    row = ENGINE.judge(Batch.of_one(dialogue(*lines))).row(0, named=True)
    return row["verdict"], row["reason"]


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("我这个月用电多少", "126度"),
        ("查一下我的退休金", "四千二百元，15号发的"),
        ("帮我把微信解绑", "解绑成功"),
        ("我要挂失", "好的，已经挂失"),
        ("please reset my password", "I've just reset it"),
        ("what is my current balance", "It is $88"),
    ],
)
def test_S2_6_what_was_asked_tells_what_a_bare_reply_gives(asked: str, reply: str) -> None:
    assert judged(f"C: {asked}", f"A: {reply}") == ("violated", "not_asked")
    known = ("A: 先核实一下身份，报姓名和身份证后四位", "C: 王芳 2231", f"A: {reply}")
    assert judged(f"C: {asked}", *known)[0] == "met"


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("我的积分怎么查", "登录公众号，第2个菜单就是"),
        ("查一下我的余额", "请稍等30秒"),
        ("我的包裹还剩几件没到", "3件"),
        ("这个订单帮我改一下地址", "改好了"),
        ("帮我改一下绑定手机号", "不一定能修改成功"),
    ],
)
def test_S2_6_the_way_there_a_wait_and_an_order_are_no_account_data(asked: str, reply: str) -> None:
    assert judged(f"C: {asked}", f"A: {reply}")[0] == "not_applicable"


def test_S2_6_what_agrees_after_it_was_asked_for_is_verified() -> None:
    lines = ("C: 帮我停机保号", "A: 报一下服务密码", "C: 六个八", "A: 密码正确，已经停机了")
    assert judged(*lines) == ("met", "verified")
    assert judged("C: 帮我停机保号", "A: 密码正确，已经停机了")[0] == "violated"


def test_S2_6_saying_the_matter_again_does_not_ask_who_one_is() -> None:
    lines = ("C: 收不到验证码", "A: 您是说收不到验证码是吗", "C: 是", "A: 您账户里有一笔198.27元的扣款")
    assert judged(*lines) == ("violated", "not_asked")
