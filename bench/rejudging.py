"""Publishing an edition judges the record anew in the background: from the publication's entry in the journal to the
last verdict under the new hash, through the same acts that a department's worker runs.

Two publications: one that leaves the checks alone (other weights, other words), and one that also changes a threshold of
one check, which is then judged over every message. What the record was judged by before is the edition of all other steps.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Final

import django
import yaml

from bench import world
from bihuan.standards.editions import LIBRARY

_ID: Final = "benchmark"
_ACTOR: Final = "system:bench"
_CHANGED: Final = ("restate", "short_messages")  # a check and one of its thresholds


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from bihuan.archive.store import open_archive
    from bihuan.config.database import opened
    from bihuan.inspection.judging import ensure_judged
    from bihuan.standards.editions import load_edition

    with opened():
        archive = open_archive()
        start = time.perf_counter()
        ensure_judged(archive, load_edition(world.EDITION), world.all_days())
        before = time.perf_counter() - start
        found = {"before_s": round(before, 1)} | _published("same") | _published("changed")
    sys.stdout.write(json.dumps(found) + "\n")


def _published(kind: str) -> dict[str, Any]:
    """Seconds, messages and rate of judging what publishing asks for."""
    from bihuan.archive.store import open_archive
    from bihuan.inspection.actions import carry_out_judging

    run = _requested(kind)
    files = open_archive().head().files("messages")
    start = time.perf_counter()
    done = carry_out_judging(run)
    seconds = time.perf_counter() - start
    messages = sum(files[str(day)].rows for day in done.days if str(day) in files)
    return {
        f"{kind}_seconds": round(seconds, 1), f"{kind}_rate": round(messages / seconds), "messages": messages,
        "contacts": done.contacts_done,
    }  # fmt: skip


def _requested(kind: str):  # type: ignore[no-untyped-def]  # its type exists only after `setup`
    """The run that publishing an edition asks for; each measuring publishes one that is new to the record."""
    from bihuan.inspection.models import JudgingRun
    from bihuan.journal.actions import seal
    from bihuan.journal.reacting import carry_out_reactions
    from bihuan.standards.actions import publish_edition
    from bihuan.standards.models import Edition

    number = Edition.objects.count() + 1
    held = publish_edition(_ACTOR, text=_text(number, kind), author="bench", effective_from=world.all_days()[-1])
    while seal() + carry_out_reactions():
        pass
    return JudgingRun.objects.get(edition_hash=held.hash)


def _text(number: int, kind: str) -> str:
    """The edition of all other steps under a name of its own, so another hash; a threshold that no measuring before has
    published, for its verdicts would be taken over."""
    document = yaml.safe_load((LIBRARY / f"{world.EDITION}.yaml").read_text("utf-8")) | {"id": f"{_ID}-{number}"}
    if kind == "changed":
        check, param = _CHANGED
        document["checks"][check]["params"][param]["value"] += number
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    main()
