"""Publishing an edition judges the record anew in the background: from the publication's entry in the journal to the
last verdict under the new hash, through the same acts that a department's worker runs.

On a kept record the edition is published already; its run is then asked for again, and judges every day again.
"""

from __future__ import annotations

import json
import re
import sys
import time
from typing import Final

import django

from bench import world
from bihuan.standards.editions import LIBRARY

_ID: Final = "benchmark"
_ACTOR: Final = "system:bench"


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from bihuan.archive.store import open_archive
    from bihuan.config.database import opened
    from bihuan.inspection.actions import carry_out_judging

    with opened():
        run = _requested()
        files = open_archive().head().files("messages")
        start = time.perf_counter()
        done = carry_out_judging(run, again=True)
        seconds = time.perf_counter() - start
    messages = sum(files[str(day)].rows for day in done.days if str(day) in files)
    found = {
        "seconds": round(seconds, 1), "messages": messages, "contacts": done.contacts_done,
        "rate": round(messages / seconds), "edition": done.edition_hash[:12],
    }  # fmt: skip
    sys.stdout.write(json.dumps(found) + "\n")


def _requested():  # type: ignore[no-untyped-def]  # its type exists only after `setup`
    """The run that publishing the edition asks for."""
    from bihuan.inspection.actions import request_judging_anew
    from bihuan.inspection.models import JudgingRun
    from bihuan.journal.actions import seal
    from bihuan.journal.reacting import carry_out_reactions
    from bihuan.standards.actions import publish_edition
    from bihuan.standards.models import Edition

    since = world.all_days()[-1]
    held = Edition.objects.filter(slug=_ID).first()
    if held is not None:
        return request_judging_anew(_ACTOR, edition=held.hash, since=since)
    held = publish_edition(_ACTOR, text=_text(), author="bench", effective_from=since)
    while seal() + carry_out_reactions():
        pass
    return JudgingRun.objects.get(edition_hash=held.hash)


def _text() -> str:
    """The edition of all other steps under a name of its own: other words, another hash, the same checks."""
    text = (LIBRARY / f"{world.EDITION}.yaml").read_text(encoding="utf-8")
    return re.sub(rf"^id: {world.EDITION}$", f"id: {_ID}", text, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
