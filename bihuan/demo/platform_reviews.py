"""What customers of a made day write on platforms that are not the department's, some under names nobody knows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.sources.mapping import load_mapping
from bihuan.demo.rows import Row, table_of
from bihuan.kit.clock import DAY, MINUTE, to_us

A_DAY: Final = 6
STRANGERS: Final = 2  # of them written under a name that is no customer's
PLATFORMS: Final = ("商城", "点评网", "应用商店")
OUTCOMES: Final = frozenset({"solved", "unsolved"})  # of those that somebody served
SOLVED: Final = (2, 3, 4, 4, 5, 5, 5, 5)
UNSOLVED: Final = (1, 1, 1, 2, 2, 3)
WORDS: Final = {
    1: ("问了三次都说再等等，到现在没有结果", "一直重复同样的话，问题还是没解决", "说好今天回复，没有人联系我"),
    2: ("处理太慢，来回转了几次", "态度还行，就是没帮上忙"),
    3: ("中规中矩", "等得久了一点，最后算是处理了"),
    4: ("回复挺快的", "客服有耐心，说得清楚"),
    5: ("很快就解决了，谢谢", "服务很好，会再来"),
}


def platform_reviews(day: date, contacts: pa.Table, source: str, seed: int, zone: ZoneInfo) -> pa.Table:
    """A few reviews of the day's known customers, deterministic in all arguments; none was written after the day."""
    rnd = Random(f"{seed}/{day}/platforms")  # noqa: S311 - a made world
    last = to_us(datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)) - MINUTE
    known = [
        row
        for row in contacts.to_pylist()
        if row["customer_known"] and row["outcome"] in OUTCOMES and row["closed_us"] < last
    ]
    chosen = rnd.sample(known, min(A_DAY, len(known)))
    rows = [_review(at, row, rnd, last) for at, row in enumerate(chosen)]
    within = load_mapping("platform-reviews").part("reviews")["link"]["within_days"] * DAY
    return table_of("platform_reviews", rows, source=source, within_us=within)


def _review(at: int, contact: dict[str, Any], rnd: Random, last: int) -> Row:
    stars = rnd.choice(SOLVED if contact["outcome"] == "solved" else UNSOLVED)
    posted = min(contact["closed_us"] + rnd.randrange(5, 300) * MINUTE, last)
    number = f"{contact['contact_id']}-r"
    order = f"DD{rnd.randrange(10**9, 10**10)}"
    customer = None if at < STRANGERS else contact["customer_key"]
    words = rnd.choice(WORDS[stars])
    return (number, number, rnd.choice(PLATFORMS), order, customer, stars, str(stars), words, posted)
