"""Importing twice, going on after an interruption, and files that continue or correct what is there."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources import limits, rowstore
from bihuan.archive.sources.importer import ImportSummary, Progress, import_file
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError

HEAD = "会话编号,发送方,内容,时间\n"
DAY = HEAD + "C1,客户,你好,2026-07-01 09:00:00\nC1,客服,您好,2026-07-01 09:00:10\nC2,客户,在吗,2026-07-01 23:59:00\n"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))


def brought(archive: Archive, text: str, source: str = "generic-messages") -> ImportSummary:
    file = archive.root.parent / "file.csv"
    file.write_text(text, encoding="utf-8")
    return import_file(file, source, archive)


def texts(archive: Archive) -> dict[str, list[str]]:
    reader = Reader(archive, scope=Scope.all())
    names = {row["contact_id"]: row["external_id"] for row in reader.table("contacts").to_pylist()}
    found: dict[str, list[str]] = {}
    for row in sorted(reader.table("messages").to_pylist(), key=lambda row: (row["contact_id"], row["seq"])):
        found.setdefault(names[row["contact_id"]], []).append(row["text"])
    return found


def test_the_same_file_twice_adds_nothing(archive: Archive) -> None:
    first = brought(archive, DAY)
    again = brought(archive, DAY)
    assert (first.tables["messages"].new, again.tables["messages"].new) == (3, 0)
    assert again.tables["messages"].known == 3
    assert again.manifest == first.manifest
    assert again.days == ()


def test_a_file_that_goes_on_where_the_last_one_ended_continues_the_contact(archive: Archive) -> None:
    brought(archive, DAY)
    brought(archive, HEAD + "C2,客服,在的,2026-07-02 00:00:30\nC2,客户,好,2026-07-02 00:01:00\n")
    assert texts(archive) == {"C1": ["你好", "您好"], "C2": ["在吗", "在的", "好"]}


def test_a_file_that_tells_a_contact_again_corrects_it_by_position(archive: Archive) -> None:
    brought(archive, DAY)
    summary = brought(archive, HEAD + "C1,客户,你好,2026-07-01 09:00:00\nC1,客服,您好！,2026-07-01 09:00:10\n")
    assert texts(archive)["C1"] == ["你好", "您好！"]
    assert summary.corrected == 1


def test_messages_do_not_thin_out_a_contact_that_was_imported_in_full(archive: Archive) -> None:
    brought(archive, "会话编号,渠道,客户编号,进线时间,分类\nC1,电话,K9,2026-07-01 08:59:00,退款\n", "generic-contacts")
    brought(archive, DAY)
    contact = next(
        r for r in Reader(archive, scope=Scope.all()).table("contacts").to_pylist() if r["external_id"] == "C1"
    )
    assert (contact["channel"], contact["customer_key"], contact["category"]) == ("phone", "K9", "退款")


class Stopped(BaseException):
    """A kill in the middle."""


@pytest.mark.parametrize("step", ["reading", "building"])
def test_an_interrupted_import_goes_on_and_nothing_is_lost_or_doubled(
    step: str, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BATCH_ROWS", 10)
    monkeypatch.setattr(rowstore, "BATCH_ROWS", 10)
    rows = [f"C{n},客户,第{n}条,2026-07-01 09:00:00\n" for n in range(100)]
    file = archive.root.parent / "file.csv"
    file.write_text(HEAD + "".join(rows) + "C1,客户,坏,昨天\n", encoding="utf-8")

    def stop(progress: Progress) -> None:
        if progress.step == step:
            raise Stopped

    with pytest.raises(Stopped):
        import_file(file, "generic-messages", archive, progress=stop)
    assert not archive.head().files("messages")
    summary = import_file(file, "generic-messages", archive)
    assert summary.tables["messages"].new == 100
    assert summary.rejected == {"unreadable_time": 1}
    assert summary.rows_read == 101
    assert not list((archive.root / "staging").iterdir())


def test_a_dry_run_changes_nothing(archive: Archive) -> None:
    file = archive.root.parent / "file.csv"
    file.write_text(DAY, encoding="utf-8")
    summary = import_file(file, "generic-messages", archive, dry_run=True)
    assert summary.tables["messages"].new == 3
    assert not archive.head().files("messages")
    assert not list((archive.root / "staging").iterdir())


def test_a_contact_scattered_over_the_file_is_one_contact_in_time_order(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rowstore, "BATCH_ROWS", 5)
    rows = [f"C{n % 7},客户,{n:02},2026-07-01 09:{59 - n:02}:00\n" for n in range(50)]
    brought(archive, HEAD + "".join(rows))
    assert texts(archive)["C3"] == ["45", "38", "31", "24", "17", "10", "03"]


def test_what_others_import_meanwhile_is_not_booked_to_this_file(archive: Archive) -> None:
    file = archive.root.parent / "mine.csv"
    file.write_text(DAY, encoding="utf-8")

    def somebody_else(step: Progress) -> None:
        if step.step == "building":
            brought(archive, HEAD + "X1,客户,你好,2026-07-05 09:00:00\n")

    summary = import_file(file, "generic-messages", archive, progress=somebody_else)
    assert (summary.tables["messages"].new, summary.tables["messages"].known) == (3, 0)


def test_the_same_file_is_not_imported_twice_at_once(archive: Archive) -> None:
    file = archive.root.parent / "mine.csv"
    file.write_text(DAY, encoding="utf-8")
    refused = []

    def once_more(step: Progress) -> None:
        with pytest.raises(InputError, match="being imported") as caught:
            import_file(file, "generic-messages", archive)
        refused.append(caught)

    summary = import_file(file, "generic-messages", archive, progress=once_more)
    assert refused
    assert summary.tables["messages"].new == 3
