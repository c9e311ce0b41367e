"""The favourable end of a check that looks for something nobody should say."""

from __future__ import annotations

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.scan import AGENT, Scan


def settle_absence(scan: Scan, answer: Answer, code: str) -> None:
    """Contacts still open get `code`, or `no_agent_message` where no person of the company spoke.

    Shown as searched are the first and the last agent message: what was looked through lies between them. Listing every
    message would make the evidence of a clean record larger than the record.
    """
    agent = scan.said(AGENT)
    rows = np.flatnonzero(agent)
    answer.settle(~scan.any(rows), "no_agent_message")
    ends = np.flatnonzero(agent & ((scan.nth == 1) | (scan.nth_last == 1)))
    answer.settle(answer.open, code, Shown(ends, role="looked"))
