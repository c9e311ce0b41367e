"""One request to the service: a bounded time, a bounded answer, no redirect followed, no secret in any message."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bihuan.inspection.model_judge.endpoint import Endpoint
from bihuan.inspection.rules.model_judging import MOST_ANSWER_TOKENS
from bihuan.inspection.rules.model_service import Fault, fault_of_status

LARGEST: Final = 256_000  # bytes of an answer; the asked for is a few hundred
_BLOCK: Final = 16_384
_LONGEST_NAME: Final = 200
_LONGEST_WAIT: Final = 64  # characters of a Retry-After: a date has 29


@dataclass(frozen=True)
class Reply:
    """What came back: the model's words, what the service calls the model, and what it says the request cost."""

    content: str
    model: str
    tokens: int | None


@dataclass(frozen=True)
class Failure:
    """Why nothing came back. `wait` is how many seconds the service asks to wait."""

    fault: Fault
    detail: str = ""
    wait: float | None = None


def ask(endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> Reply | Failure:
    """Put one question. Whatever the service or the network does is a `Failure`, within the time-out."""
    asked = {"model": endpoint.model, "messages": list(messages), "temperature": 0, "max_tokens": MOST_ANSWER_TOKENS}
    try:
        body = json.dumps(asked, ensure_ascii=False).encode()
        with _connection(endpoint) as connection:
            connection.request("POST", endpoint.path, body, _headers(endpoint))
            return _answer(connection.getresponse())
    except TimeoutError:
        return Failure(Fault.TIMED_OUT)
    except _Overdue:
        return Failure(Fault.TIMED_OUT, "too slow")
    except (OSError, http.client.HTTPException) as error:
        return Failure(Fault.UNREACHABLE, type(error).__name__)
    except (ValueError, OverflowError) as error:  # what the libraries below make of text that is out of all order
        return Failure(Fault.NOT_UNDERSTOOD, type(error).__name__)


class _Overdue(Exception):
    """The service kept the connection busy past the time-out."""


@contextmanager
def _connection(endpoint: Endpoint) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when the time is up, however slowly the other side drips."""
    host, port = str(endpoint.parts.hostname), endpoint.parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=endpoint.timeout, context=ssl.create_default_context())
        if endpoint.parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=endpoint.timeout)
    )
    connection.connect()
    cut = threading.Event()
    watch = threading.Timer(endpoint.timeout, _cut, (connection.sock, cut))
    watch.daemon = True
    watch.start()
    try:
        yield connection
        if cut.is_set():
            raise _Overdue
    except (OSError, http.client.HTTPException, ValueError) as error:
        if cut.is_set():
            raise _Overdue from error
        raise
    finally:
        watch.cancel()
        connection.close()


def _cut(sock: socket.socket, cut: threading.Event) -> None:
    """Reading ends at once; the socket is kept here because the connection lets go of it with the first line."""
    cut.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _headers(endpoint: Endpoint) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key.reveal()}"
    return headers


def _answer(response: http.client.HTTPResponse) -> Reply | Failure:
    fault = fault_of_status(response.status)
    if fault is not None:
        return Failure(fault, f"HTTP {response.status}", _wait(response.getheader("Retry-After")))
    body = _read(response)
    return Failure(Fault.TOO_LARGE) if body is None else _reply(body)


def _read(response: http.client.HTTPResponse) -> bytes | None:
    body = b""
    while block := response.read1(_BLOCK):
        body += block
        if len(body) > LARGEST:
            return None
    if response.length:
        raise http.client.IncompleteRead(b"")
    return body


def _reply(body: bytes) -> Reply | Failure:
    try:
        told = json.loads(body)
        content = told["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return Failure(Fault.NOT_UNDERSTOOD, "no answer of a chat service")
    if not isinstance(content, str):
        return Failure(Fault.NOT_UNDERSTOOD, "the answer holds no text")
    return Reply(content, _name(told.get("model")), _tokens(told.get("usage")))


def _name(told: Any) -> str:
    """What the service calls its model, without characters that no database keeps."""
    said = told if isinstance(told, str) else ""
    return "".join(char for char in said if char.isprintable())[:_LONGEST_NAME]


def _tokens(usage: Any) -> int | None:
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total < 10_000_000 else None


def _wait(said: str | None) -> float | None:
    """Retry-After: seconds, or a date."""
    said = (said or "").strip()
    if not said or len(said) > _LONGEST_WAIT:
        return None
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
