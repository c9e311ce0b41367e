"""Server time and number of database queries of the pages people open most, through Django in the process.

Every request asks another question (period, team, channel, contact), so that no answer of an earlier one is at hand,
only days that an earlier one counted, as on a site in use; the overview is also told with none of them at hand. The first
request of each page, which also loads code and templates, counts like any other (but for its queries).
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import django

from bench import world

_REQUESTS: Final = 40
_P95: Final = 0.95
_OK: Final = 200
_TEAMS: Final = ("", "aftersale-1", "hotline", "presale")
_ANSWERED: Final = ("solved", "unsolved")
_WORDS: Final = ("", "", "", "发票", "退款", "鲲鹏大厦")


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from django.test import Client

    from bihuan.config.database import opened
    from bihuan.people.models import User

    with opened():
        manager = next(member.number for member in world.cast().everybody if member.role == "manager")
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=manager), backend="django.contrib.auth.backends.ModelBackend")
        pages = {"overview": _overviews(), "library": _libraries(), "contact": _contacts()}
        found = {name: measured(client, addresses) for name, addresses in pages.items()}
        found["overview_nothing_kept"] = measured(client, _overviews(), before=_forget)
    sys.stdout.write(json.dumps(found) + "\n")


def measured(client: Any, addresses: Iterator[str], before: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Median, 95th percentile and first time in ms of one page's requests, and every number of queries they took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took, queries = [], []
    for address in itertools.islice(addresses, _REQUESTS):
        with CaptureQueriesContext(connection) as captured:
            before()
            start = time.perf_counter()
            answer = client.get(address)
            took.append(time.perf_counter() - start)
        if answer.status_code != _OK:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        queries.append(len(captured))
    ordered = sorted(took)
    return {
        "median_ms": round(ordered[len(ordered) // 2] * 1_000), "p95_ms": round(ordered[int(len(ordered) * _P95)] * 1_000),
        "first_ms": round(took[0] * 1_000), "queries": sorted(set(queries[1:])),
    }  # fmt: skip


def _forget() -> None:
    from bihuan.metrics.engine import kept_days
    from bihuan.workplace import memory

    kept_days.forget()
    memory.forget()


def _periods() -> Iterator[str]:
    for back in itertools.cycle(range(30)):
        last = world.END - timedelta(days=back)
        yield f"from={last - timedelta(days=6)}&to={last}"


def _overviews() -> Iterator[str]:
    for period, team in zip(_periods(), itertools.cycle(_TEAMS), strict=False):
        yield f"/overview/?{period}" + (f"&team={team}" if team else "")


def _libraries() -> Iterator[str]:
    for period, words in zip(_periods(), itertools.cycle(_WORDS), strict=False):
        yield f"/contacts/?{period}" + (f"&words={words}" if words else "")


def _contacts() -> Iterator[str]:
    from bihuan.archive.reader import Reader
    from bihuan.archive.store import open_archive

    draw = random.Random(world.SEED)  # noqa: S311 - a repeatable benchmark
    reader = Reader(open_archive())
    days = [date.fromisoformat(day) for day in reader.manifest.files("contacts")]
    while True:
        day = draw.choice(days)
        # answered ones: who gave up in the queue has fewer names to look up
        ids = reader.table("contacts", days=(day, day), columns=["contact_id"], where={"outcome": _ANSWERED})[
            "contact_id"
        ]
        yield f"/contacts/{ids[draw.randrange(len(ids))].as_py()}/"


if __name__ == "__main__":
    main()
