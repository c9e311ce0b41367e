"""A service like those the model judge asks, really listening on this machine, that answers as it is told, or misbehaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-a-very-secret-key-0123456789"
Behaviour = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass
class Stub:
    """`script` is carried out request by request, its last entry for all that follow; `seen` is what came in."""

    port: int = 0
    script: list[Behaviour] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def shown(self) -> str:
        """Everything the model was shown, as one text."""
        return "\n".join(part["content"] for one in self.seen for part in one["body"]["messages"])

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "BIHUAN_JUDGE_URL": self.url, "BIHUAN_JUDGE_KEY": KEY, "BIHUAN_JUDGE_MODEL": "stub-1",
            "BIHUAN_JUDGE_TIMEOUT": "5", "BIHUAN_JUDGE_RETRIES": "2", "BIHUAN_JUDGE_CONCURRENCY": "1",
        } | {f"BIHUAN_JUDGE_{name}": value for name, value in more.items()}  # fmt: skip

    def next_behaviour(self) -> Behaviour:
        with self._turn:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def serving() -> Iterator[Stub]:
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = {"path": self.path, "headers": dict(self.headers), "body": json.loads(body)}
            stub.seen.append(asked)
            stub.next_behaviour()(self, asked["body"])

        def log_message(self, *told: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def saying(content: str, tokens: int = 100) -> Behaviour:
    """Answers with these words, whatever is asked."""

    def behave(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        told = {
            "model": "stub-1-2026", "usage": {"total_tokens": tokens},
            "choices": [{"message": {"role": "assistant", "content": content}}],
        }  # fmt: skip
        send(handler, 200, json.dumps(told, ensure_ascii=False).encode(), Content_Type="application/json")

    return behave


def answering(code: str, *quotes: tuple[int, str], tokens: int = 100) -> Behaviour:
    """A well-formed answer with quotes as (line, words)."""
    listed = [{"line": line, "text": text} for line, text in quotes]
    return saying(json.dumps({"answer": code, "quotes": listed}, ensure_ascii=False), tokens)


def failing(status: int, **headers: str) -> Behaviour:
    return lambda handler, asked: send(handler, status, b"{}", **headers)


def closing(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    """Hangs up without a word."""
    handler.close_connection = True
    handler.connection.shutdown(2)


def silent(stub: Stub) -> Behaviour:
    """Never answers."""
    return lambda handler, asked: stub.released.wait(20) and None


def dripping(stub: Stub) -> Behaviour:
    """Sends a byte now and then, for ever."""

    def behave(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not stub.released.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    return behave
