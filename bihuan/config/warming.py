"""After its first answer a web process prepares for the pages that follow, beside whatever else it answers."""

from __future__ import annotations

from threading import Thread
from typing import Any

from django.core.signals import request_finished
from django.db import connections

from bihuan.kit.processes import keep_what_is_loaded
from bihuan.workplace.warming import warm_up


def warm_after_first_answer() -> None:
    """Nothing happens before: the first answer is the one that somebody waits for at a start."""
    request_finished.connect(_begin, weak=False, dispatch_uid=__name__)


def _begin(**_sent: Any) -> None:
    if request_finished.disconnect(dispatch_uid=__name__):
        Thread(target=_warm, name="warming", daemon=True).start()


def _warm() -> None:
    try:
        warm_up()
    finally:
        connections.close_all()
        keep_what_is_loaded()
