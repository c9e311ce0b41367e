"""A month's appraisal of everybody; its verdicts are made first and timed apart."""

from __future__ import annotations

import json
import sys
import time

import django

from bench import world


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from bihuan.appraisal.actions import appraise_month
    from bihuan.appraisal.inputs import days_of
    from bihuan.archive.store import open_archive
    from bihuan.config.database import opened
    from bihuan.demo.people import ACTOR
    from bihuan.inspection.judging import ensure_judged
    from bihuan.standards.editions import load_edition

    edition = load_edition(world.EDITION)
    with opened():
        start = time.perf_counter()
        ensure_judged(open_archive(), edition, days_of(world.MONTH))
        judged = time.perf_counter()
        kept = appraise_month(ACTOR, month=world.MONTH, edition=edition, edition_ref=world.EDITION)
        done = time.perf_counter()
        people = kept.results.values("person").distinct().count()
    found = {"seconds": round(done - judged, 2), "people": people, "verdicts_s": round(judged - start, 1)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
