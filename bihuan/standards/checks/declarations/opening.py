"""How a contact begins: greeting, own name or number."""

from __future__ import annotations

from typing import Final

from bihuan.standards.checks.declaration import Check, Example, Look, Reason, Rule, dialogue

GREETING: Final = Check(
    id="greeting",
    label={"zh": "开场问候", "en": "Greeting"},
    sources=("S0-3", "S4-1"),
    params={"opening_messages": 2},
    reasons={
        "greeted": Reason("met", "开场有问候", "The opening greets the customer"),
        "no_greeting": Reason("violated", "开场没有问候", "No greeting in the opening messages"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    looks={
        "greeting": Look("greeting", first="opening_messages"),
        "opening": Look(None, first="opening_messages"),
    },
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("greeting", "greeted", show=("greeting",)),
        Rule("true", "no_greeting", searched="opening"),
    ),
    examples=(
        Example("met", dialogue("C: 在吗", "A: 您好，请问有什么可以帮您？"), "greeted"),
        Example("violated", dialogue("C: 你好", "A: 什么事", "A: 说吧", "A: 您好"), "no_greeting"),
        Example("not_applicable", dialogue("C: 你好", "B: 您好，我是智能助手"), "no_agent_message"),
    ),
)
CHECKS: Final = (GREETING,)
