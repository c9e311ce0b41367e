"""How a contact begins: greeting, own name or number (S0-3)."""

from __future__ import annotations

from typing import Final

from bihuan.standards.checks.declaration import Check, Example, Look, Reason, Rule, dialogue

NO_AGENT: Final = Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke")

GREETING: Final = Check(
    id="greeting",
    label={"zh": "开场问候", "en": "Greeting"},
    sources=("S0-3", "S4-1"),
    params={"first_messages": 2},
    reasons={
        "greeted": Reason("met", "开场有问候", "The opening greets the customer"),
        "no_greeting": Reason("violated", "开场没有问候", "No greeting in the opening messages"),
        "no_agent_message": NO_AGENT,
    },
    looks={
        "greeting": Look("greeting", first="first_messages"),
        "opening": Look(None, first="first_messages"),
    },
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("greeting", "greeted", show=("greeting",)),
        Rule("true", "no_greeting", searched="opening"),
    ),
    examples=(
        Example("met", dialogue("C: 在吗", "A: 您好，请问有什么可以帮您？"), "greeted"),
        Example("met", dialogue("C: 在吗", "A: 稍等", "A: 下午好～让您久等了")),
        Example("met", dialogue("C: 喂", "A: 欢迎致电星河商城", channel="phone")),
        Example("met", dialogue("C: 在嗎", "A: 嗨，亲，在的呢😊")),
        Example("met", dialogue("C: where is my parcel", "A: Ｈｅｌｌｏ, let me check")),
        Example("violated", dialogue("C: 你好", "A: 什么事", "A: 说吧", "A: 您好"), "no_greeting"),
        Example("violated", dialogue("C: 你好", "A: 你好像没有付款", "A: 自己看下订单")),
        Example("not_applicable", dialogue("C: 你好", "B: 您好，我是智能助手"), "no_agent_message"),
        Example("violated", dialogue("C: 你好", "B: 您好，我是智能助手", "A: 讲", "A: 查不到")),
    ),
)

SELF_INTRODUCTION: Final = Check(
    id="self_introduction",
    label={"zh": "自报姓名或工号", "en": "Gives own name or number"},
    sources=("S0-3",),
    params={"first_messages": 2},
    reasons={
        "introduced": Reason("met", "开场报了姓名、昵称或工号", "The agent gives a name, nickname or number"),
        "no_introduction": Reason("violated", "开场没有报姓名或工号", "The opening gives neither name nor number"),
        "no_agent_message": NO_AGENT,
    },
    looks={
        "name": Look("self_introduction", first="first_messages"),
        "opening": Look(None, first="first_messages"),
    },
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("name", "introduced", show=("name",)),
        Rule("true", "no_introduction", searched="opening"),
    ),
    examples=(
        Example("met", dialogue("C: 在吗", "A: 您好，小李为您服务"), "introduced"),
        Example("met", dialogue("C: 在吗", "A: 您好，8012号客服很高兴为您服务")),
        Example("met", dialogue("C: 喂", "A: 您好，工号３０２１为您服务", channel="phone")),
        Example("met", dialogue("C: 在吗", "A: 您好，我是您的专属顾问晓晓")),
        Example("met", dialogue("C: 在吗", "A: 您好，我叫王芳，请讲")),
        Example("met", dialogue("C: 在吗", "A: 您好，今天值班的是我，蒋一帆，请讲")),
        Example("met", dialogue("C: 在吗", "A: 晚上好，客服专员郝青接待您")),
        Example("violated", dialogue("C: 在吗", "A: 中午好，今天由我来接待，请稍坐"), "no_introduction"),
        Example("met", dialogue("C: 请问发票", "A: 您好，发票已寄出。\n此致\n客服部 李明", channel="email")),
        Example("met", dialogue("C: hi", "A: Hello, my name is Lily, how can I help?")),
        Example("met", dialogue("C: where is it", "A: It ships today.\n\nBest wishes,\nMary Lin", channel="email")),
        Example("met", dialogue("C: 喂", "A: 您好供水热线三幺二号请讲", channel="phone")),
        Example("met", dialogue("C: 喂", "A: 您好为您服务的是桃桃", channel="phone")),
        Example("violated", dialogue("C: 有优惠吗", "A: 在下单时自动减", "A: 是的"), "no_introduction"),
        Example("violated", dialogue("C: hi", "A: It ships today.\n\nBest wishes,\nCustomer Care", channel="email")),
        Example("violated", dialogue("C: 在吗", "A: 您的商品编号2210在仓库", "A: 明天发"), "no_introduction"),
        Example("violated", dialogue("C: 在吗", "A: 您好，星河商城为您服务"), "no_introduction"),
        Example("violated", dialogue("C: 在吗", "A: 您好，很高兴为您服务，请问有什么可以帮您")),
        Example("violated", dialogue("C: 在吗", "A: 您好，我是人工客服，请讲")),
        Example("violated", dialogue("C: 在吗", "A: 您好，稍后由售后小王联系您")),
        Example("violated", dialogue("C: 在吗", "A: 您好", "A: 请问是张先生吗", "A: 我是小李")),
        Example("not_applicable", dialogue("C: 你好", "B: 您好，我是小智"), "no_agent_message"),
    ),
)

CHECKS: Final = (GREETING, SELF_INTRODUCTION)
