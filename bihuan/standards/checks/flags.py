"""Named truths about a contact that rules of declarations may use beside their looks; one entry per contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, CUSTOMER, Scan

PATTERNS: Final[tuple[str, ...]] = ("nudge", "customer_left", "open_question", "ask_satisfied")


def no_agent(scan: Scan) -> Flags:
    """No person of the company said anything."""
    return ~scan.any(np.flatnonzero(scan.said(AGENT)))


def no_customer(scan: Scan) -> Flags:
    """The customer said nothing."""
    return ~scan.any(np.flatnonzero(scan.said(CUSTOMER)))


def vanished(scan: Scan) -> Flags:
    """The customer fell silent before a closing was possible, and the agent is not to blame for it.

    The last word is the agent's, and it waits for the customer: an open question, "are you still there", or the system
    notes that the customer left. A contact recorded as abandoned counts likewise.
    """
    last_agent = scan.last(np.flatnonzero(scan.said(AGENT)))
    last_customer = scan.last(np.flatnonzero(scan.said(CUSTOMER)))
    waiting = last_agent > last_customer
    tail = scan.said(AGENT) & (np.arange(scan.rows) > last_customer[scan.contact])
    nudged = scan.any(scan.find("nudge", tail))
    asked = scan.any(scan.find("open_question", tail & (scan.nth_last == 1)))
    left = scan.any(scan.find("customer_left", scan.system & (np.arange(scan.rows) > last_agent[scan.contact])))
    return (waiting & (nudged | asked | left)) | scan.fact("outcome", "abandoned")


def complaint(scan: Scan) -> Flags:
    """A complaint by its category, or because the ledger has one that was raised in the contact."""
    return scan.fact("category", "complaint") | scan.fact("category", "投诉") | scan.true("complained")


FLAGS: Final[Mapping[str, Callable[[Scan], Flags]]] = {
    "true": lambda scan: np.ones(scan.n, dtype=np.bool_),
    "no_agent": no_agent,
    "no_customer": no_customer,
    "vanished": vanished,
    "phone": lambda scan: scan.fact("channel", "phone"),
    "email": lambda scan: scan.fact("channel", "email"),
    "complaint": complaint,
    "held": lambda scan: scan.true("was_held") | (scan.micros("hold_us") > 0),
    "other_matter": lambda scan: ~scan.facts.unknown("category") & ~complaint(scan),
    "surname_unknown": lambda scan: np.array(
        [not (name or "").strip() for name in scan.facts.words("customer_surname").tolist()], dtype=np.bool_
    ),
}
