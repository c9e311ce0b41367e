"""How requests to a model fail, which failures are worth another try, and how long to wait before it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_FIRST_WAIT: Final = 1.0
MOST_WAIT: Final = 60.0  # seconds; who is asked to wait longer leaves the rest for the next round
IN_A_ROW: Final = 5  # questions that fail after all their tries before a round gives up


class Fault(StrEnum):
    """One way in which a request fails."""

    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    NOT_THERE = "not_there"
    BAD_REQUEST = "bad_request"
    NOT_UNDERSTOOD = "not_understood"
    TOO_LARGE = "too_large"
    UNUSABLE = "unusable"


AGAIN: Final = frozenset(
    {
        Fault.TIMED_OUT, Fault.UNREACHABLE, Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.NOT_UNDERSTOOD, Fault.TOO_LARGE,
        Fault.UNUSABLE,
    }
)  # fmt: skip
"""Worth another try: the next one may go better."""

ANSWERED_BADLY: Final = frozenset({Fault.UNUSABLE, Fault.TOO_LARGE})
"""The model's own doing: after the last try the verdict is cannot tell. Every other failure leaves the question open."""

HOPELESS: Final = frozenset({Fault.REFUSED, Fault.REDIRECTED, Fault.NOT_THERE})
"""The installation is set up wrongly: every further request would fail alike."""

_OF_STATUS: Final = {
    401: Fault.REFUSED,
    403: Fault.REFUSED,
    404: Fault.NOT_THERE,
    408: Fault.TIMED_OUT,
    429: Fault.RATE_LIMITED,
}
_REDIRECTS, _CLIENT, _SERVER = 300, 400, 500


def fault_of_status(status: int) -> Fault | None:
    """What an HTTP status says; None for success."""
    if status in _OF_STATUS:
        return _OF_STATUS[status]
    if status >= _SERVER:
        return Fault.SERVER_ERROR
    if status >= _CLIENT:
        return Fault.BAD_REQUEST
    return Fault.REDIRECTED if status >= _REDIRECTS else None


def wait_before(attempt: int, told: float | None) -> float | None:
    """Seconds before try number `attempt` (2 is the first repetition); what the service told (Retry-After) if longer.

    None where it asks for more than a round may wait.
    """
    own = min(_FIRST_WAIT * 2.0 ** (attempt - 2), MOST_WAIT)
    wait = max(own, told or 0.0)
    return wait if wait <= MOST_WAIT else None
