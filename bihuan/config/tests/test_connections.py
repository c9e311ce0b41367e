"""A request gives its database connection back: many requests in a row leave none behind."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.db import connection

REQUESTS = 5


@pytest.fixture
def without_collector() -> Iterator[None]:
    """Connections that only the garbage collector ends would be ended by chance."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.django_db(transaction=True)
def test_a_connection_ends_with_its_request(without_collector: None) -> None:
    before = open_connections()
    for _ in range(REQUESTS):
        with ThreadPoolExecutor(1) as server:  # a browser of other tests may keep a loop of its own in this thread
            assert server.submit(lambda: asyncio.run(status_of_a_page())).result() in (200, 302)
    assert open_connections() == before


async def status_of_a_page() -> int:
    """The site's root for somebody with a forgotten session, through the same handler as the server's."""
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1",
        "headers": [(b"host", b"localhost"), (b"cookie", b"sessionid=forgotten")],
    }  # fmt: skip
    talk = ApplicationCommunicator(get_asgi_application(), scope)
    await talk.send_input({"type": "http.request", "body": b"", "more_body": False})
    status: int = (await talk.receive_output(timeout=10))["status"]
    while (await talk.receive_output(timeout=10)).get("more_body"):
        continue
    await talk.wait()
    return status


def open_connections() -> int:
    info = connection.get_connection_params()
    known = {name: info[name] for name in ("dbname", "user", "password", "host", "port") if info.get(name)}
    with psycopg.connect(**known) as counting:
        row = counting.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])
