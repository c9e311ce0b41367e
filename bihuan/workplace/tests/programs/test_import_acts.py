"""Handing in, checking, bringing in, going on after a kill: what each act does, refuses, and leaves behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.archive.reader import Reader
from bihuan.archive.sources.importer import Progress
from bihuan.archive.store import open_archive
from bihuan.inspection.models import JudgingRun
from bihuan.journal.models import Entry
from bihuan.kit.errors import DefinitionError, InputError, NotAllowed
from bihuan.people import actions as people
from bihuan.people.models import UnresolvedKey
from bihuan.people.tests.cast import SYSTEM, Cast
from bihuan.workplace.imports import acts as import_actions
from bihuan.workplace.imports import files as import_files
from bihuan.workplace.imports.acts import NotAtThisPoint, carry_out, confirm, discard, hand_in, try_again
from bihuan.workplace.imports.models import Import, ImportState
from bihuan.workplace.imports.progress import Teller
from bihuan.workplace.imports.steps import stretches_of
from bihuan.workplace.tests.programs.small_record import CONTACTS, contacts_csv

pytestmark = pytest.mark.django_db
SOURCE = "generic-contacts"
BAD = "c7,在线,1001,k7,电话 13812345678,昨天,,,,已解决\n"
MAPPING = b"""
name: tiny
title: {zh: tiny, en: tiny}
source: tiny
format: {kind: csv}
columns: {id: {}, at: {}}
moments: {opened: {text: at, formats: [iso]}}
contact:
  id: id
  fields: {channel: {constant: chat}, opened: {moment: opened}}
"""


def handed_in(cast: Cast, content: bytes | None = None, **changes: Any) -> Import:
    values = {"name": "会话.csv", "content": [content or contacts_csv()], "source": SOURCE, **changes}
    return hand_in(cast.user("manager"), **values)


def brought_in(cast: Cast, content: bytes | None = None, **changes: Any) -> Import:
    row = carry_out(handed_in(cast, content, **changes))
    assert row.state == ImportState.CHECKED, row.problem
    return carry_out(confirm(cast.user("manager"), row=row))


def kept_files(home: Path) -> list[Path]:
    return sorted((home / "uploads").iterdir()) if (home / "uploads").exists() else []


def test_a_file_is_checked_first_and_changes_nothing(home: Path, cast: Cast) -> None:
    row = handed_in(cast, contacts_csv(CONTACTS + BAD))
    assert (row.state, row.is_running) == (ImportState.CHECKING, True)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("workplace.carry_out_import", {"import_id": str(row.pk)})
    row = carry_out(row)
    assert row.state == ImportState.CHECKED
    assert row.preview["tables"]["contacts"] == {"new": 6, "known": 0}
    assert row.preview["rejected"] == {"unreadable_time": 1}
    assert not open_archive().head().files("contacts")
    assert not Entry.objects.exists()


def test_bringing_in_fills_the_record_and_everything_that_follows(home: Path, cast: Cast) -> None:
    people.settle_key(SYSTEM, source="company", key="1001", person=cast.person("agent"))
    row = brought_in(cast)
    assert (row.state, row.problem) == (ImportState.DONE, "")
    assert row.summary["tables"]["contacts"] == {"new": 6, "known": 0}
    served = Reader(open_archive()).table("rollup", columns=["agent_key", "person", "team"]).to_pylist()
    assert {(one["agent_key"], one["person"], one["team"]) for one in served if one["agent_key"]} == {
        ("1001", "1001", "east"),
        ("1003", "1003", None),
    }
    waiting = UnresolvedKey.objects.get()
    assert (waiting.source, waiting.key, waiting.contacts) == ("company", "1003", 3)
    assert (str(waiting.first_day), str(waiting.last_day)) == ("2026-10-05", "2026-10-06")
    run = JudgingRun.objects.get()
    assert (str(run.first_day), str(run.last_day)) == ("2026-10-05", "2026-10-06")
    assert ProcrastinateJob.objects.filter(task_name="bihuan.inspection.tasks.judge_run").count() == 1
    line = Entry.objects.get(verb="record_import.finished")
    assert (line.actor, line.data["new"]["contacts"], line.data["rejected"]) == ("5001", 6, 0)
    assert row.aftermath["new_keys"] == 1


def test_the_same_file_again_adds_nothing_and_judges_nothing(home: Path, cast: Cast) -> None:
    brought_in(cast)
    head = open_archive().head().hash
    again = brought_in(cast)
    assert again.summary["tables"]["contacts"] == {"new": 0, "known": 6}
    assert open_archive().head().hash == head
    assert JudgingRun.objects.count() == 1
    assert UnresolvedKey.objects.count() == 2


def test_conversations_without_times_are_judged_too(home: Path, cast: Cast) -> None:
    row = brought_in(cast, "会话编号,发送方,内容\nc9,客户,你好\n".encode(), source="generic-messages")
    assert row.aftermath["undated"] is True
    run = JudgingRun.objects.get()
    assert (run.first_day, run.last_day) == (None, None)


class DyingTeller(Teller):
    """A worker that is killed at a step: nothing of ours runs after it, just as after kill -9."""

    at = ""

    def __call__(self, progress: Progress) -> None:
        super().__call__(progress)
        if progress.step == self.at:
            raise KeyboardInterrupt

    def days(self, done: int, total: int) -> None:
        super().days(done, total)
        if self.at == "figures":
            raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["reading", "building", "done", "figures"])
def test_an_import_killed_at_any_step_goes_on_to_the_same_end(
    home: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    row = handed_in(cast, contacts_csv(CONTACTS + BAD), at_once=True)
    with monkeypatch.context() as broken:
        broken.setattr(import_actions, "Teller", DyingTeller)
        broken.setattr(DyingTeller, "at", step)
        with pytest.raises(KeyboardInterrupt):
            carry_out(row)
    row = Import.objects.get(pk=row.pk)
    assert row.state == ImportState.IMPORTING
    row = carry_out(row)
    assert row.state == ImportState.DONE
    assert row.summary["rejected"] == {"unreadable_time": 1}
    assert Reader(open_archive()).table("contacts").num_rows == 6
    assert Reader(open_archive()).table("rollup").num_rows == 6
    assert Entry.objects.filter(verb="record_import.finished").count() == 1
    assert carry_out(row).state == ImportState.DONE
    assert Entry.objects.filter(verb="record_import.finished").count() == 1


def test_a_failure_of_ours_is_told_and_can_be_tried_again(home: Path, cast: Cast) -> None:
    row = handed_in(cast)
    (home / "archive").mkdir()
    (home / "archive" / "staging").write_text("in the way")  # the record's folder is broken
    with pytest.raises(OSError, match="staging"):
        carry_out(row)
    row.refresh_from_db()
    assert row.state == ImportState.FAILED
    (home / "archive" / "staging").unlink()
    row = carry_out(try_again(cast.user("manager"), row=row))
    assert row.state == ImportState.CHECKED
    with pytest.raises(NotAtThisPoint):
        try_again(cast.user("manager"), row=row)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        (b"PK\x03\x04broken", "zip archive is damaged"),
        (b"\x1f\x8b\x08broken", "ends too early"),
        (b"\x00\x01\x02\x03" * 50, "not a text file"),
        (b"a,b,c\n1,2,3\n", "header lacks"),
        (contacts_csv(CONTACTS).decode().encode("utf-16"), ""),
        (contacts_csv(CONTACTS).decode().encode("big5", "replace"), ""),
        (contacts_csv(BAD), "rows can be used"),
        (b"x" * 3_000_000, ""),
    ],
    ids=["empty", "xls", "zip", "gzip", "binary", "other", "utf16", "big5", "all bad", "one line"],
)
def test_hostile_and_wrong_files_end_in_a_sentence(home: Path, cast: Cast, content: bytes, words: str) -> None:
    row = hand_in(cast.user("manager"), name="x.csv", content=[content], source=SOURCE)
    row = carry_out(row)
    if row.state != ImportState.CHECKED:  # some encodings are understood after all
        assert row.state == ImportState.REFUSED
        assert words in row.problem
    else:
        assert not words
    assert not open_archive().head().files("contacts")


def test_gbk_is_read_and_not_garbled(home: Path, cast: Cast) -> None:
    row = brought_in(cast, contacts_csv().decode().encode("gbk"))
    subjects = Reader(open_archive()).table("contacts", columns=["subject"])["subject"].to_pylist()
    assert row.state == ImportState.DONE
    assert "退款" in subjects


def test_an_own_mapping_is_proved_before_anything_is_kept(home: Path, cast: Cast) -> None:
    rows = b"id,at\n1,2026-10-05T09:00:00+08:00\n"
    row = brought_in(cast, rows, source="", mapping=MAPPING, mapping_name="../../tiny.yaml")
    assert (row.state, row.mapping_name) == (ImportState.DONE, "tiny.yaml")
    before = kept_files(home)
    for wrong, refusal in ((b"name: [", InputError), (b"name: tiny\n", DefinitionError), (b"\xff\xfe", InputError)):
        with pytest.raises(refusal):
            handed_in(cast, source="", mapping=wrong, mapping_name="m.yaml")
    assert kept_files(home) == before


def test_a_source_or_a_mapping_is_needed_and_only_one(home: Path, cast: Cast) -> None:
    for changes in ({"source": ""}, {"mapping": MAPPING}, {"source": "no-such"}, {"source": "../../etc/passwd"}):
        with pytest.raises(InputError):
            handed_in(cast, **changes)
    assert not kept_files(home)
    assert not Import.objects.exists()


def test_a_file_beyond_the_limit_is_not_kept(home: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_files, "LARGEST_UPLOAD", 1000)
    with pytest.raises(InputError, match="larger"):
        handed_in(cast, b"x" * 1001)
    assert not kept_files(home)


def test_files_are_kept_under_random_names_for_their_owner_only(home: Path, cast: Cast) -> None:
    row = hand_in(cast.user("manager"), name="../../../etc/\x00cron\u202e.csv", content=[b"x"], source=SOURCE)
    (file,) = kept_files(home)
    assert row.name == "cron.csv"
    assert file.name == row.stored
    assert len(file.name) == 32
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_discarding_removes_the_file(home: Path, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    row = carry_out(handed_in(cast))
    with django_capture_on_commit_callbacks(execute=True):
        discard(cast.user("manager"), row=row)
    assert not kept_files(home)
    row.refresh_from_db()
    assert row.state == ImportState.DISCARDED
    with pytest.raises(NotAtThisPoint):
        confirm(cast.user("manager"), row=row)


def test_discarding_stops_a_check_and_is_not_undone_by_its_end(
    home: Path, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    row = handed_in(cast)
    with django_capture_on_commit_callbacks(execute=True):
        discard(cast.user("manager"), row=row)
    row = carry_out(row)  # the worker had read it before
    assert row.state == ImportState.DISCARDED


@pytest.mark.parametrize("who", ["agent", "supervisor", "inspector", "trainer", "stranger"])
def test_who_may_not_import_hands_in_and_moves_nothing(home: Path, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        hand_in(cast.user(who), name="x.csv", content=[b"x"], source=SOURCE)
    row = carry_out(handed_in(cast))
    for act in (confirm, discard, try_again):
        with pytest.raises(NotAllowed):
            act(cast.user(who), row=row)
    assert not Import.objects.visible_to(cast.user(who)).exists()
    assert Import.objects.get().state == ImportState.CHECKED


def test_touched_days_far_apart_are_judged_by_runs_of_their_own() -> None:
    days = [date(2024, 1, 3), date(2024, 1, 1), date(2024, 1, 10), date(2024, 3, 1)]
    assert stretches_of(days) == [(date(2024, 1, 1), date(2024, 1, 10)), (date(2024, 3, 1), date(2024, 3, 1))]
    assert stretches_of([]) == []
