"""Server time and database queries of the evaluation desk, opened on one drawn conversation after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import django

from bench.pages import measured


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from django.test import Client

    from bihuan.config.database import opened

    with opened():
        client = Client(SERVER_NAME="localhost")
        client.force_login(_busiest(), backend="django.contrib.auth.backends.ModelBackend")
        found = measured(client, _desks())
    sys.stdout.write(json.dumps({"evaluation desk": found}) + "\n")


def _busiest():  # type: ignore[no-untyped-def]  # its type exists only after `setup`
    """The account of the inspector with most open work: nobody's desk has more to count."""
    from django.db.models import Count, Q

    from bihuan.people.models import User

    is_open = Q(person__inspections__isnull=False, person__inspections__done_at__isnull=True)
    return User.objects.annotate(work=Count("person__inspections", filter=is_open)).order_by("-work", "pk")[0]


def _desks() -> Iterator[str]:
    """Conversations of all draws by turns, so that no two after each other lie in the same partition.

    Of one edition: each one is read from the database once in a process, which is no part of opening a desk.
    """
    from bihuan.inspection.models import Assignment, Draw

    edition = Draw.objects.latest("drawn_at").edition_hash
    mine = Assignment.objects.open().held_by(_busiest().person).filter(draw__edition_hash=edition)
    days = list(mine.order_by("-day").values_list("day", flat=True).distinct())
    by_day = [mine.filter(day=day).order_by("pk").values_list("pk", flat=True) for day in days]
    for row in zip(*by_day, strict=False):
        for key in row:
            yield f"/inspection/assignments/{key}/"


if __name__ == "__main__":
    main()
