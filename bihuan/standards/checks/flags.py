"""Named truths about a contact that rules of declarations may use beside their looks; one entry per contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, CUSTOMER, Scan


def no_agent(scan: Scan) -> Flags:
    """No person of the company said anything."""
    return ~scan.any(np.flatnonzero(scan.said(AGENT)))


def no_customer(scan: Scan) -> Flags:
    """The customer said nothing."""
    return ~scan.any(np.flatnonzero(scan.said(CUSTOMER)))


FLAGS: Final[Mapping[str, Callable[[Scan], Flags]]] = {
    "true": lambda scan: np.ones(scan.n, dtype=np.bool_),
    "no_agent": no_agent,
    "no_customer": no_customer,
    "phone": lambda scan: scan.fact("channel", "phone"),
    "email": lambda scan: scan.fact("channel", "email"),
    "complaint": lambda scan: scan.fact("category", "complaint") | scan.fact("category", "投诉"),
    "abandoned": lambda scan: scan.fact("outcome", "abandoned"),
}
PATTERNS: Final[tuple[str, ...]] = ()
