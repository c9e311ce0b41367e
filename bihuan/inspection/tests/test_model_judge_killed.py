"""A process killed in the middle of asking: every answer that came is kept, none is asked for again, none is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from django.db import connection

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World, chat, contact
from bihuan.inspection.actions.model_judging import ask_model
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.model_judge.days import LOCK
from bihuan.inspection.models import ModelAnswer
from bihuan.inspection.tests.desk_world import DAY
from bihuan.inspection.tests.model_stub import answering, serving
from bihuan.inspection.tests.model_world import SYSTEM, asking_folder
from bihuan.standards.choosing import choose_edition

__all__ = ["asking_folder"]

KILLED = """
import os, sys, django
django.setup()
from datetime import date
from django.conf import settings
settings.ARCHIVE_ROOT, settings.DATABASES["default"]["NAME"] = sys.argv[1], sys.argv[2]
from bihuan.inspection.actions.model_judging import ask_model

def die_after_three(row):
    if row.answered >= 3:
        os.kill(os.getpid(), 9)

ask_model("system:test", days=[date.fromisoformat(sys.argv[3])], edition=sys.argv[4], progress=die_after_three)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_loses_no_answer_and_asks_none_twice(
    tmp_path: Path, asking_folder: Path, settings, monkeypatch
) -> None:
    copytree(asking_folder, tmp_path, dirs_exist_ok=True)
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    world, ref = World(tmp_path / "archive"), str(tmp_path / "asking.yaml")
    for at in range(6):
        rows = [
            row | {"text": text}
            for row, text in zip(
                chat(("customer", 5), ("1001", 9), contact_id=f"m{at}", kind="text"),
                (f"第{at}件没到", "好的"),
                strict=True,
            )
        ]
        world.tell(contacts=[contact(f"m{at}", 5, 60)], messages=rows)
    world.refresh()
    edition = choose_edition(ref)
    ensure_judged(world.archive, edition, [DAY])
    with serving() as stub:
        stub.script = [answering("unclear")]
        for name, value in stub.environment().items():
            monkeypatch.setenv(name, value)
        database = str(connection.settings_dict["NAME"])
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path / "archive"), database, str(DAY), ref],
            env=os.environ,
            capture_output=True,
        )
        assert done.returncode == -9, done.stderr
        _until_the_database_has_noticed()
        kept = ModelAnswer.objects.count()
        assert 0 < kept < 7
        told = ask_model(SYSTEM, days=[DAY], edition=ref)[0]
        asked = [json.dumps(one["body"]) for one in stub.seen]
    assert told.round.requests == 7 - kept
    assert len(asked) == len(set(asked)) == ModelAnswer.objects.count() == 7
    rows = Reader(world.archive).verdicts(edition.hash, days=(DAY, DAY), items=["follows_up"]).to_pylist()
    assert [row["reason"] for row in rows] == ["says_unclear"] * 9


def _until_the_database_has_noticed() -> None:
    """A killed process's lock is held until the database finds its connection closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
