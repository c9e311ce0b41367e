"""No agent message discloses a customer's personal data unmasked (S2-6, S4-4)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.absence import settle_absence
from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.personal_data import KIND_LABELS, disclosed, may_hold
from bihuan.standards.checks.scan import AGENT, Scan

# The gravest disclosure names the reason.
_GRAVITY: Final = ("id_card", "bank_card", "passport", "mobile", "address", "email", "order")


def judge_leak(scan: Scan, answer: Answer) -> None:
    """Violated by any full personal value in an agent's words, even one the customer wrote first; all are evidence."""
    agent = np.flatnonzero(scan.said(AGENT))
    texts = scan.text.gather(agent)
    candidates = np.flatnonzero(may_hold(texts).to_numpy())
    rows_texts = zip(agent[candidates].tolist(), texts.gather(candidates).to_list(), strict=True)
    found = [(row, span) for row, text in rows_texts for span in disclosed(text)]
    rows = np.array([row for row, _ in found], dtype=np.int64)
    kinds = np.array([_GRAVITY.index(span.kind) for _, span in found], dtype=np.int64)
    starts = np.array([span.start for _, span in found], dtype=np.int64)
    ends = np.array([span.end for _, span in found], dtype=np.int64)
    for place, kind in enumerate(_GRAVITY):
        answer.settle(scan.any(rows[kinds == place]), f"{kind}_disclosed", Shown(rows, starts=starts, ends=ends))
    settle_absence(scan, answer, "nothing_disclosed")


def _agent(line: str) -> dict[str, object]:
    return dialogue("C: 帮我查一下", "A: 您好", f"A: {line}")


_DISCLOSED: Final = {
    "mobile": ("您登记的手机是13812345678对吗", "手机 138-1234-5678", "打您１３８ １２３４ ５６７８这个号码", "一三八一二三四五六七八是您的号码吧",
               "幺三八，一二三四，五六七八", "+86 13812345678", "1 3 8 1 2 3 4 5 6 7 8", "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
               "配送员会联系您的手机13812345678", "会员折扣部分商品除外短信发到13812345678了",
               "售后已经受理，系统里留的是13812345678", "师傅今天到，打的是13812345678这个号码"),
    "id_card": ("您的身份证是110105199003072311", "证件号 110105 19900307 2311", "身份证44010619850215220X"),
    "bank_card": ("退到您的卡6217001230004567893", "卡号 6222 0210 0011 2230 对吗"),
    "email": ("发票已经发到您的邮箱zhangsan@qq.com", "li_ming＠126.com 收到了吗", "发到zhangsan艾特qq点com了"),
    "address": ("您的收货地址是广东省深圳市南山区科技园路12号3栋502室", "送到阳光小区3栋2单元501室", "地址：北京市朝阳区建国路88号",
                "河北省保定市清苑县李庄村3组15号对吗", "仓库还没核完，地址写的是北京市朝阳区建国路88号，没变",
                "退款已原路退回，送到北京市朝阳区建国路88号3栋502室的那单"),
    "order": ("订单号2026112200014417已经发货", "您的订单２０２６１１２２０００１４４１７", "2026112200014417这个订单我看到了",
              "订单号是JD2026112200014417", "您的订单编号：VC20261122000144", "今天发出，单号2026112200014417已经打开"),
    "passport": ("您的护照号码是E12345678",),
}  # fmt: skip
_HARMLESS: Final = (
    "客服热线400-820-8820，也可以拨打95588或12315", "您的手机138****5678", "尾号5678的手机", "运单号SF1234567890123", "快递单号7312345678901",
    "工单号2026112200014417已建好", "一共13812345678元", "2026-11-22 13:20:15 已签收", "身份证110105199003072312", "xxx@qq.com 这种格式",
    "请发到service@bihuan.com", "z***@qq.com", "订单2026********4417", "订单20261122下单的那个",
    "查询链接 https://t.cn/A13812345678x", "预计3-5个工作日", "师傅电话13912345678，您可以直接联系", "到了深圳市南山区",
    "退货地址：上海市浦东新区张杨路500号", "已经发出，单号2026112200014417", "师傅留的电话是13912345678",
)  # fmt: skip

PERSONAL_DATA_LEAK: Final = Check(
    id="personal_data_leak",
    label={"zh": "泄露客户信息", "en": "Disclosure of personal data"},
    sources=("S2-6", "S4-4"),
    reasons={
        **{
            f"{kind}_disclosed": Reason(
                "violated",
                f"明文说出客户的{KIND_LABELS[kind]['zh']}",
                f"The customer's {KIND_LABELS[kind]['en']} is disclosed",
            )
            for kind in _GRAVITY
        },
        "nothing_disclosed": Reason("met", "没有泄露客户信息", "No personal data disclosed"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    evaluate=judge_leak,
    examples=(
        *(
            Example("violated", _agent(line), f"{kind}_disclosed")
            for kind, lines in _DISCLOSED.items()
            for line in lines
        ),
        *(Example("met", _agent(line), "nothing_disclosed") for line in _HARMLESS),
        Example("met", dialogue("C: 我的手机13812345678", "A: 好的，已为您登记"), note="only the customer wrote it"),
        Example(
            "violated", dialogue("C: 我的手机13812345678", "A: 13812345678对吗"), note="the last digits would have done"
        ),
        Example("not_applicable", dialogue("C: 13812345678", "B: 收到"), "no_agent_message"),
    ),
)
CHECKS: Final = (PERSONAL_DATA_LEAK,)
