"""Staff work the clock asks for."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.people import actions


@app.periodic(cron="5 0 * * *", periodic_id="people")
@app.task(name="people.close_departed", queueing_lock="people.close_departed")
def close_departed(timestamp: int) -> int:
    """Close the accounts of everybody whose leaving day has come."""
    return actions.close_departed("system:clock", day=timezone.localdate())
