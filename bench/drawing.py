"""The daily draw for everybody: contacts of a day out of the record, random sample and risk queue, shared out and kept.

The day's verdicts, which the risk queue reads, are made first and timed apart. Days are drawn from the newest back;
one that an earlier run of a kept record drew already is left out.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date

import django

from bench import world

_DRAWS = 5


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from bihuan.archive.store import open_archive
    from bihuan.config.database import opened
    from bihuan.demo.people import ACTOR
    from bihuan.inspection.actions import draw_sample
    from bihuan.inspection.judging import ensure_judged
    from bihuan.inspection.models import Draw
    from bihuan.standards.choosing import edition_in_use

    took, rows, contacts = [], 0, 0
    with opened():
        start = time.perf_counter()
        days = _days(set(Draw.objects.values_list("day", flat=True)))
        ensure_judged(open_archive(), edition_in_use(days[0]), days)
        judged = time.perf_counter() - start
        for day in days:
            start = time.perf_counter()
            draw = draw_sample(ACTOR, day=day)
            took.append(time.perf_counter() - start)
            rows, contacts = rows + draw.drawn + draw.risk_drawn, contacts + draw.contacts
    found = {
        "median_s": round(sorted(took)[len(took) // 2], 2), "slowest_s": round(max(took), 2), "agents": world.AGENTS,
        "contacts": contacts // len(days), "rows": rows // len(days), "verdicts_s": round(judged, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found) + "\n")


def _days(drawn: set[date]) -> list[date]:
    return [day for day in world.all_days() if day not in drawn][:_DRAWS]


if __name__ == "__main__":
    main()
