"""How a contact ends: is it solved, thanks, and how to reach service again (S0-10, S4-1)."""

from __future__ import annotations

from typing import Final

from bihuan.standards.checks.declaration import Check, Example, Look, Reason, Rule, dialogue

NO_AGENT: Final = Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke")
VANISHED: Final = Reason(
    "not_applicable", "客户先行离开，来不及收尾", "The customer was gone before a closing was possible"
)

CLOSING_THANKS: Final = Check(
    id="closing_thanks",
    label={"zh": "结束致谢或道别", "en": "Thanks or farewell at the end"},
    sources=("S0-10",),
    params={"last_messages": 2},
    reasons={
        "thanked": Reason("met", "结尾致谢或礼貌道别", "The closing thanks or takes leave politely"),
        "no_thanks": Reason("violated", "结尾没有致谢或道别", "The closing neither thanks nor takes leave"),
        "customer_vanished": VANISHED,
        "no_agent_message": NO_AGENT,
    },
    looks={"thanks": Look("closing_thanks", last="last_messages"), "closing": Look(None, last="last_messages")},
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("thanks", "thanked", show=("thanks",)),
        Rule("vanished", "customer_vanished"),
        Rule("true", "no_thanks", searched="closing"),
    ),
    examples=(
        Example("met", dialogue("C: 好的", "A: 感谢您的来电，再见"), "thanked"),
        Example("met", dialogue("C: 没有了", "A: 不客气，祝您生活愉快～")),
        Example("met", dialogue("C: 好", "A: 那先不打扰您了")),
        Example("met", dialogue("C: bye", "A: Thank you and have a nice day")),
        Example("violated", dialogue("C: 什么时候到", "A: 明天", "C: 知道了", "A: 嗯"), "no_thanks"),
        Example("violated", dialogue("C: 谢谢", "A: 不用谢", "C: 好"), "no_thanks"),
        Example(
            "violated",
            dialogue("C: 多久", "A: 麻烦发下订单号，谢谢", "C: 123", "A: 查到了，明天到"),
            note="shown below",
        ),
        Example("not_applicable", dialogue("C: 查快递", "A: 请问您的单号是多少呢？"), "customer_vanished"),
        Example("not_applicable", dialogue("C: 查快递", "A: 已为您查到，明天到", "A: 您好，请问还在线吗")),
        Example("not_applicable", dialogue("C: 你好", "B: 感谢您的咨询，再见"), "no_agent_message"),
    ),
)

CONTACT_PROMISE: Final = Check(
    id="contact_promise",
    label={"zh": "告知再次联系方式", "en": "Tells how to reach us again"},
    sources=("S4-1",),
    params={"last_messages": 2},
    reasons={
        "told": Reason("met", "结尾说明了如何再联系我们", "The closing tells how to reach us again"),
        "not_told": Reason("violated", "结尾没有说明如何再联系我们", "The closing does not tell how to reach us again"),
        "customer_vanished": VANISHED,
        "no_agent_message": NO_AGENT,
    },
    looks={"reach": Look("contact_promise", last="last_messages"), "closing": Look(None, last="last_messages")},
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("reach", "told", show=("reach",)),
        Rule("vanished", "customer_vanished"),
        Rule("true", "not_told", searched="closing"),
    ),
    examples=(
        Example("met", dialogue("C: 好的", "A: 后续有任何问题随时联系我们，再见"), "told"),
        Example("met", dialogue("C: 好的", "A: 有需要再喊小妹哦～", "A: 祝您愉快")),
        Example("met", dialogue("C: 好的", "A: 您也可以拨打客服热线９５０００，24小时在线")),
        Example("met", dialogue("C: ok", "A: Feel free to contact us any time, bye")),
        Example("violated", dialogue("C: 好的", "A: 感谢您的支持，再见"), "not_told"),
        Example("violated", dialogue("C: 好的", "A: 稍后专员会联系您的，再见")),
        Example("violated", dialogue("C: 好的", "A: 您联系一下快递员，再见")),
        Example("not_applicable", dialogue("C: 在吗", "A: 您好，请问您的订单号是多少？"), "customer_vanished"),
    ),
)

ASK_SATISFIED: Final = Check(
    id="ask_satisfied",
    label={"zh": "询问是否解决或还有需要", "en": "Asks whether it is solved"},
    sources=("S0-10", "S1-5"),
    params={"last_messages": 3},
    reasons={
        "asked": Reason(
            "met", "结尾询问了是否解决、满意或还有其他需要", "Asks whether it is solved or anything else is needed"
        ),
        "not_asked": Reason("violated", "结尾没有询问是否解决或还有需要", "Does not ask whether it is solved"),
        "customer_vanished": VANISHED,
        "no_agent_message": NO_AGENT,
    },
    looks={"question": Look("ask_satisfied", last="last_messages"), "closing": Look(None, last="last_messages")},
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("question", "asked", show=("question",)),
        Rule("vanished", "customer_vanished"),
        Rule("true", "not_asked", searched="closing"),
    ),
    examples=(
        Example("met", dialogue("C: 好的", "A: 请问还有其他可以帮您的吗？", "C: 没有", "A: 再见"), "asked"),
        Example("met", dialogue("C: 好的", "A: 请问您的问题解决了吗", "C: 好了", "A: 祝您愉快")),
        Example("met", dialogue("C: 好的", "A: 這樣處理您還滿意嗎", "C: 可以", "A: 再见")),
        Example("met", dialogue("C: ok", "A: Is there anything else I can do?", "C: no", "A: bye")),
        Example("violated", dialogue("C: 好的", "A: 明天送到", "C: 行", "A: 感谢您的支持，再见"), "not_asked"),
        Example("violated", dialogue("C: 在吗", "A: 有什么可以帮您", "C: 查快递", "A: 明天到", "C: 好", "A: 再见")),
        Example("violated", dialogue("C: 行", "A: 如果还有问题请随时联系我们，再见")),
        Example("not_applicable", dialogue("C: 在吗", "A: 您好，麻烦提供一下订单号"), "customer_vanished"),
    ),
)

CHECKS: Final = (CLOSING_THANKS, CONTACT_PROMISE, ASK_SATISFIED)
