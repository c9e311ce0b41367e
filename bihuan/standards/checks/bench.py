"""How fast all checks run: `python -m bihuan.standards.checks.bench [messages]`.

Prints messages per second and the projection to 30 million, the ratio to a plain loop of Python `re` over the same
patterns, and the 95th percentile of a live batch of one.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from typing import Any, Final

import polars as pl

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

TARGET_MESSAGES: Final = 30_000_000
_PER_CONTACT: Final = 15
_SLICE: Final = 5_000
_LIVE_RUNS: Final = 300
_CONTACTS_AT_ONCE: Final = 70_000
_OPENINGS: Final = (
    "您好，{n}号客服很高兴为您服务",
    "亲，在的呢，请问有什么可以帮您",
    "您好，小{s}为您服务，请讲",
    "在的，请说",
    "有什么问题我可以帮您处理呢",
)
_AGENT: Final = (
    "好的，我帮您看下订单{n}，请稍等", "您的包裹{n}已经到达站点，预计明天下午送达", "抱歉给您添麻烦了，这边已经登记，编号{n}",
    "这款商品支持{n}天无理由退换，运费由我们承担", "您看这样处理可以吗？退款{n}元会原路返回", "已为您转交售后专员，24小时内给您回电，单号{n}",
    "{s}先生，麻烦提供一下收货人姓名和手机尾号{n}", "亲这个活动到{n}号结束哦，满减券已经发到账户", "物流显示{n}已签收，建议您和家人确认一下呢",
    "系统显示您的积分是{n}，可以在会员中心兑换", "技术同事说型号{n}需要升级固件，升级后重启就可以",
)  # fmt: skip
_CUSTOMER: Final = (
    "我的订单{n}怎么还没到", "退款什么时候到账？都等了{n}天了", "好的谢谢", "你们这是什么态度，我要投诉", "型号{n}有货吗", "嗯嗯",
    "地址能改吗，改到{s}家湾{n}号",
    "上次买的{n}坏了，能不能换", "发票抬头写错了，税号{n}", "太慢了吧，等了{n}分钟",
)  # fmt: skip
_CLOSINGS: Final = (
    "请问还有其他可以帮您的吗？",
    "感谢您的支持，祝您生活愉快，再见{n}",
    "好的，有问题随时联系我们",
    "不客气哈",
    "嗯，明天到{n}",
)
_SURNAMES: Final = "王李张刘陈杨黄赵吴周"


def synthetic(messages: int, seed: int = 7) -> Batch:
    """A batch of chats of 15 messages, times in order, more than 80 % of the agents' messages distinct."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable benchmark, no secret
    contacts, rows = messages // _PER_CONTACT, []
    for contact in range(contacts):
        at = contact * 60 * SECOND
        for seq in range(_PER_CONTACT):
            at += draw.randrange(3, 60) * SECOND
            sender, texts = _turn(seq)
            text = draw.choice(texts).format(n=draw.randrange(10**6), s=draw.choice(_SURNAMES))
            rows.append((f"{contact:09d}", seq, at, sender, text))
    columns = {
        "contact_id": pl.String,
        "seq": pl.Int32,
        "sent_us": pl.Int64,
        "sender_kind": pl.String,
        "text": pl.String,
    }
    heads = {
        "contact_id": [f"{contact:09d}" for contact in range(contacts)],
        "channel": ["chat"] * contacts,
        "customer_surname": [draw.choice(_SURNAMES) for _ in range(contacts)],
        "category": [draw.choice(("enquiry", "complaint", "order")) for _ in range(contacts)],
        "level": [draw.choice(("L1", "L1", "L2")) for _ in range(contacts)],
        "outcome": [draw.choice(("solved", "unsolved")) for _ in range(contacts)],
    }
    return Batch(
        pl.DataFrame(heads),
        pl.DataFrame(rows, schema=columns, orient="row"),
        pl.DataFrame(schema={"contact_id": pl.String}),
    )


def _turn(seq: int) -> tuple[str, tuple[str, ...]]:
    if seq % 2 == 0:
        return "customer", _CUSTOMER
    if seq == 1:
        return "agent", _OPENINGS
    return "agent", _CLOSINGS if seq >= _PER_CONTACT - 2 else _AGENT


def measure(messages: int) -> dict[str, Any]:
    """Figures of one run; rates in messages per second."""
    engine = Engine.for_edition(load_edition("recommended"))
    batch = synthetic(messages)
    start = time.perf_counter()
    rows = 0
    for first in range(0, batch.contacts.height, _CONTACTS_AT_ONCE):
        contacts = batch.contacts.slice(first, _CONTACTS_AT_ONCE)
        texts = batch.messages.slice(first * _PER_CONTACT, contacts.height * _PER_CONTACT)
        rows += engine.judge(Batch(contacts, texts, batch.events)).height
    seconds = time.perf_counter() - start
    rate = batch.messages.height / seconds
    plain = _plain_rate(engine, batch.messages["text"].to_list()[:_SLICE])
    return {
        "messages": batch.messages.height,
        "verdicts": rows,
        "messages_per_second": round(rate),
        "seconds_for_30_million": round(TARGET_MESSAGES / rate, 1),
        "times_plain_re": round(rate / plain, 1),
        "live_p95_ms": round(_live_p95(engine, batch) * 1000, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _plain_rate(engine: Engine, texts: list[str]) -> float:
    expressions = [re.compile(pattern.guarded) for pattern in engine.lexicon.patterns.values()]
    start = time.perf_counter()
    for text in texts:
        for expression in expressions:
            expression.search(text)
    return len(texts) / (time.perf_counter() - start)


def _live_p95(engine: Engine, batch: Batch) -> float:
    took = []
    for contact in range(_LIVE_RUNS):
        one = Batch(
            batch.contacts.slice(contact, 1), batch.messages.slice(contact * _PER_CONTACT, _PER_CONTACT), batch.events
        )
        start = time.perf_counter()
        engine.judge(one)
        took.append(time.perf_counter() - start)
    return sorted(took)[int(_LIVE_RUNS * 0.95)]


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000).items():
        sys.stdout.write(f"{name}: {value}\n")
