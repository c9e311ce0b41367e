"""While a matter is handled: identity before account data, and news when it changes hands (S2-6, S1-6, S4-7)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.account_requests import PATTERNS, granted
from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.scan import AGENT, CUSTOMER, NOBODY, Ints, Scan


def judge_identity_first(scan: Scan, answer: Answer) -> None:
    """Before the first disclosure or change of account data, identity was asked for and the customer gave it."""
    agent = scan.said(AGENT)
    said = scan.first(scan.find("account_disclosure", agent))
    asked_for, gave = granted(scan, agent & (said < 0)[scan.contact], int(answer.params["answer_messages"]))
    first = np.where(said < 0, asked_for, said)
    rows = np.arange(scan.rows)
    before = rows < first[scan.contact]
    asked = scan.find("identity_ask", agent & before)
    behind = rows > _or_never(scan, scan.first(asked))[scan.contact]
    given = scan.find("identity_given", scan.said(CUSTOMER) & before & behind)
    upto = rows <= first[scan.contact]
    confirmed = scan.find("identity_confirmed", (agent | scan.system) & upto)
    acts = (Shown(said[said >= 0], "account_disclosure"), gave)
    answer.settle(first < 0, "no_account_data")
    answer.settle(scan.any(confirmed), "verified", Shown(_firsts(scan, confirmed), "identity_confirmed"))
    matched = scan.find("identity_matched", agent & upto & behind)
    answer.settle(scan.any(matched), "verified", Shown(_firsts(scan, asked), "identity_ask"),
                  Shown(_firsts(scan, matched), "identity_matched"))  # fmt: skip
    answer.settle(scan.any(given), "verified", Shown(_firsts(scan, asked), "identity_ask"),
                  Shown(_firsts(scan, given), "identity_given"))  # fmt: skip
    answer.settle(scan.any(asked), "asked_not_given", *acts, Shown(_firsts(scan, asked), "identity_ask"))
    answer.settle(answer.open, "not_asked", *acts)


def judge_progress_told(scan: Scan, answer: Answer) -> None:
    """With a hand-over the customer hears who handles it and by when, in the hand-over message or within reach of it."""
    agent = scan.said(AGENT)
    words = scan.find("hand_over", agent)
    handed = scan.true("handed_over") | scan.fact("level", "L3") | scan.any(words)
    first = scan.first(words)
    rows = np.arange(scan.rows)
    reach = int(answer.params["near_messages"])
    near = rows >= first[scan.contact] - reach
    told = agent & handed[scan.contact] & ((first < 0)[scan.contact] | near)
    who, when = scan.find("hand_who", told), scan.find("hand_when", told)
    who_by, when_by = _together(scan, who, when)
    has_who, has_when = scan.any(who), scan.any(when)
    hand_over = Shown(_firsts(scan, words), "hand_over")
    looked = Shown(_firsts(scan, np.flatnonzero(told)), role="looked")
    answer.settle(~handed, "no_hand_over")
    answer.settle(~scan.any(np.flatnonzero((scan.role != NOBODY) | scan.bot)), "no_words")
    answer.settle(scan.once("no_agent", FLAGS["no_agent"]), "no_agent_message")
    answer.settle(
        scan.any(who_by), "told", Shown(_firsts(scan, who_by), "hand_who"), Shown(_firsts(scan, when_by), "hand_when")
    )
    for code, lacking in (("when_missing", has_who), ("who_missing", has_when), ("not_told", answer.open)):
        answer.settle(lacking & scan.any(words), code, hand_over)
        answer.settle(lacking, code, looked)


def _together(scan: Scan, who: Ints, when: Ints) -> tuple[Ints, Ints]:
    """Rows that say who, and rows that say by when, where the other is said in the same or a neighbouring agent message."""
    keys = [scan.contact[rows] * (scan.rows + 2) + scan.nth[rows] for rows in (who, when)]
    beside = [np.concatenate([key + step for step in (-1, 0, 1)]) for key in keys]
    return who[np.isin(keys[0], beside[1])], when[np.isin(keys[1], beside[0])]


def _or_never(scan: Scan, rows: Ints) -> Ints:
    return np.where(rows >= 0, rows, scan.rows)


def _firsts(scan: Scan, rows: Ints) -> Ints:
    first = scan.first(rows)
    return first[first >= 0]


IDENTITY_FIRST: Final = Check(
    id="identity_first",
    label={"zh": "先核实身份", "en": "Identity verified first"},
    sources=("S2-6",),
    evaluate=judge_identity_first,
    params={"answer_messages": 4},
    patterns=(
        "account_disclosure",
        "identity_ask",
        "identity_given",
        "identity_confirmed",
        "identity_matched",
        *PATTERNS,
    ),
    reasons={
        "verified": Reason("met", "涉及账户信息前已核实身份", "Identity was verified before account data was touched"),
        "not_asked": Reason(
            "violated", "未核实身份就透露或变更账户信息", "Account data disclosed or changed without verification"
        ),
        "asked_not_given": Reason(
            "violated", "客户尚未提供身份信息就透露或变更账户信息", "Identity was asked for but not given first"
        ),
        "no_account_data": Reason(
            "not_applicable", "没有透露或变更账户信息", "No account data was disclosed or changed"
        ),
    },
    examples=(
        Example(
            "met",
            dialogue("C: 查余额", "A: 请提供您的姓名和身份证后四位核实身份", "C: 张三 1234", "A: 您的余额是300元"),
            "verified",
        ),
        Example("met", dialogue("C: 改手机号", "A: 请问您是机主本人吗", "C: 是的", "A: 已为您修改绑定手机号")),
        Example("met", dialogue("S: 客户身份验证通过", "C: 查账单", "A: 您的账单为120元")),
        Example("violated", dialogue("C: 查余额", "A: 您的账户余额是300元"), "not_asked"),
        Example("violated", dialogue("C: 密码忘了", "A: 已帮您重置密码，请查收"), "not_asked"),
        Example(
            "violated",
            dialogue("C: 查余额", "A: 请提供身份证后四位", "A: 您的余额为300元", "C: 1234"),
            "asked_not_given",
        ),
        Example("violated", dialogue("C: 查余额", "A: 麻烦核实下身份", "C: 不方便", "A: 您的余额为300元")),
        Example(
            "met",
            dialogue("C: 查会员", "A: 先核身，请报手机末4位", "C: 6810", "A: 您的会员有效期到明年5月"),
            "verified",
        ),
        Example("violated", dialogue("C: 查会员", "A: 您的账号是去年3月注册的"), "not_asked"),
        Example(
            "violated",
            dialogue("C: 我的年金还剩多少", "A: 两万三千元"),
            "not_asked",
            "what was asked tells what the figure is",
        ),
        Example("violated", dialogue("C: 帮我把这张卡挂失", "A: 好的，办好了"), "not_asked"),
        Example(
            "met", dialogue("C: 帮我挂失卡片", "A: 报一下服务密码", "C: 六个八", "A: 密码正确，挂失成功"), "verified"
        ),
        Example("not_applicable", dialogue("C: 帮我改一下地址", "A: 不一定能修改成功哦"), "no_account_data"),
        Example("not_applicable", dialogue("C: 我的积分怎么查", "A: 首页有3个入口，点第1个"), "no_account_data"),
        Example("not_applicable", dialogue("C: 换手机号", "A: 所以您现在是想换绑手机号，对吗"), "no_account_data"),
        Example("not_applicable", dialogue("C: 几点开门", "A: 九点"), "no_account_data"),
        Example("not_applicable", dialogue("C: 怎么改地址", "A: 您可以在APP里自行修改地址")),
        Example("not_applicable", dialogue("C: 我的余额是300", "A: 好的")),
    ),
)

PROGRESS_TOLD: Final = Check(
    id="progress_told",
    label={"zh": "告知进度", "en": "Progress told"},
    sources=("S1-6", "S0-8", "S0-9", "S4-7"),
    params={"near_messages": 2},
    evaluate=judge_progress_told,
    patterns=("hand_over", "hand_who", "hand_when"),
    reasons={
        "told": Reason("met", "告知了由谁处理和何时答复", "The customer hears who handles it and by when"),
        "when_missing": Reason("violated", "没有告知何时答复", "The customer does not hear by when"),
        "who_missing": Reason("violated", "没有告知由谁处理", "The customer does not hear who handles it"),
        "not_told": Reason("violated", "没有告知由谁处理、何时答复", "The customer hears neither who nor when"),
        "no_words": Reason("cannot_tell", "有转交，但没有对话内容", "Handed over, of which no word is recorded"),
        "no_hand_over": Reason("not_applicable", "没有转交或升级", "Nothing was handed over or escalated"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    examples=(
        Example("met", dialogue("C: 还没修好", "A: 已为您转交技术部门，24小时内给您回电"), "told"),
        Example("met", dialogue("C: 找你们领导", "A: 已升级处理", "A: 投诉专员明天上午联系您"), "told"),
        Example("met", dialogue("C: 退款", "A: 好的", "A: 财务今天下班前答复您", facts={"level": "L3"}), "told"),
        Example("met", dialogue("C: 修电脑", "A: 马上为您转接技术同事，请稍等"), "told"),
        Example("met", dialogue("C: 路灯不亮", "A: 单子转给区路灯管理大队，承办单位三个工作日内答复您"), "told"),
        Example("met", dialogue("C: it fails", "A: Escalated to Tom in engineering, he will call by 5 pm"), "told"),
        Example("violated", dialogue("C: 还没修好", "A: 张老师，24小时内有答复", "A: 已经上报了"), "who_missing"),
        Example("violated", dialogue("C: 还没修好", "A: 已经帮您反馈给技术部门了，请耐心等待"), "when_missing"),
        Example("met", dialogue("C: 怎么样了", "A: 这件归财务部管，他们三日内回复您", facts={"level": "L3"}), "told"),
        Example("violated", dialogue("C: 修电脑", "A: 我帮您转接技术同事，稍等"), "when_missing", "a plain 稍等 is no time"),
        Example("violated", dialogue("C: 还没好", "A: 好的", facts={"level": "L3"}), "not_told"),
        Example("violated", dialogue("C: 还没好", "A: 我帮您升级处理", "A: 两小时内会有答复"), "who_missing"),
        Example("cannot_tell", dialogue(channel="phone", facts={"handed_over": True}), "no_words"),
        Example("not_applicable", dialogue("C: 几点开门", "A: 九点"), "no_hand_over"),
        Example("not_applicable", dialogue("C: 快递没到", "A: 您可以联系一下快递员"), "no_hand_over"),
    ),
)  # fmt: skip

CHECKS: Final = (IDENTITY_FIRST, PROGRESS_TOLD)
