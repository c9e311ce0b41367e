"""What a customer asks for of the own account, and the reply that gives it in few words: 查一下余额 → 520元; 帮我挂失 → 办好了.

Such a reply names no account; only what was asked tells that it discloses or changes one.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Shown
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import CUSTOMER, Ints, Scan

PATTERNS: Final = ("account_wanted", "change_wanted", "change_done")

_NUMBER: Final = "(?:[0-9][0-9,.]*|[一二两三四五六七八九十百千万零点]{1,12})"
# Amounts and counts; spans of time, hours and hot lines are what any reply may name.
_AMOUNT: Final = (
    rf"(?:{_NUMBER} ?(?:元|块|万|角|分(?![钟之公行])|积分|里程|兆|[mg]b?(?![a-z])|度|方|吨|立方|次|节|张|笔|条|期|份|股|点数)"
    rf"|[$£€¥] ?{_NUMBER}|(?:还剩|剩余|剩下|共缴|缴了|扣了|用了|打了|欠|余额|额度|积分|分数)[^，。；？?\n]{{0,6}}{_NUMBER})"
)
_DATED: Final = "[您你][^，。；？?\n]{0,6}[0-9]{1,2}[月.-][0-9]{1,2}[日号]?|(?:on|since) [0-9]{1,2} [a-z]{3,9}"
_TOLD: Final = re.compile(f"{_AMOUNT}|{_DATED}")
# A question, the way to look it up oneself, a general rule or a wait gives nothing away.
_NOTHING_TOLD: Final = re.compile(
    "[?？吗]|请问|提供|核实|核对|核验|点击|登录|自助|自行|路径|可以在|公众号|小程序|客户端|app|一般|通常|最高|最低|起步|不同|"
    "(?:每|满)[^，。；\n]{0,6}[0-9]|稍等|排队|[*]{2}"
)


def granted(scan: Scan, agent: Flags, messages: int) -> tuple[Ints, Shown]:
    """Per contact the row of the first of the next `messages` agent messages that gives what was asked of the own account,
    −1 where none does; and the words that give it."""
    told = _told(scan, _replies(scan, agent, "account_wanted", messages))
    done = scan.find("change_done", _replies(scan, agent, "change_wanted", messages))
    spans = dict(zip(done.tolist(), zip(*scan.spans("change_done", done), strict=True), strict=True)) | told
    first = scan.first(np.array(sorted(spans), dtype=np.int64))
    rows = first[first >= 0]
    places = np.array([spans[row] for row in rows.tolist()], dtype=np.int64).reshape(-1, 2)
    return first, Shown(rows, starts=places[:, 0], ends=places[:, 1])


def _replies(scan: Scan, agent: Flags, wanted: str, messages: int) -> Flags:
    """Agent rows among the next `messages` after the customer first wanted it."""
    where = scan.said(CUSTOMER) & scan.any(np.flatnonzero(agent))[scan.contact]
    asked = scan.first(scan.find(wanted, where))[scan.contact]
    spoken = np.cumsum(agent)
    behind = (asked >= 0) & (np.arange(scan.rows) > asked) & agent
    return behind & (spoken - spoken[np.maximum(asked, 0)] <= messages)


def _told(scan: Scan, where: Flags) -> dict[int, tuple[int, int]]:
    rows = np.flatnonzero(where)
    found = {}
    for row, text in zip(rows.tolist(), scan.folded(rows), strict=True):
        told = None if _NOTHING_TOLD.search(text) else _TOLD.search(text)
        if told:
            found[row] = told.span()
    return found
