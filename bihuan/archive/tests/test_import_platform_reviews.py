"""Reviews on third-party platforms: kept whole, linked where a contact is told, never taken for the department's survey."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bihuan.archive import rollup
from bihuan.archive.linking import linked, told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources import limits, rowstore
from bihuan.archive.sources.importer import ImportSummary, Progress, import_file
from bihuan.archive.sources.mapping import checked, load_mapping
from bihuan.archive.sources.printing import summary_lines
from bihuan.archive.store import Archive
from bihuan.kit.clock import DAY
from bihuan.kit.errors import DefinitionError

CONTACTS = """会话编号,渠道,客户编号,分类,工号,进线时间,接起时间,结束时间
A1,电话,u1,费用,1001,2026-07-01 09:00:00,2026-07-01 09:00:20,2026-07-01 09:10:00
A2,在线,u1,物流,1002,2026-07-03 09:00:00,2026-07-03 09:00:20,2026-07-03 09:10:00
A3,在线,u2,费用,1002,2026-07-03 10:00:00,2026-07-03 10:00:20,2026-07-03 10:10:00
A4,电话,u2,费用,1001,2026-07-03 10:00:00,2026-07-03 10:00:20,2026-07-03 10:10:00
"""
HEAD = "平台,评价编号,会话编号,订单号,客户编号,评价时间,星级,评价内容\n"
LINKS = (
    HEAD
    + """商城,1,A1,,u2,2026-07-02 09:00:00,1,按写明的会话
商城,2,,A2,,2026-07-04 09:00:00,2,订单号碰巧与会话编号相同
商城,3,,O-77,u1,2026-07-03 09:05:00,5,A2 还没结束，是 A1
商城,4,,,u1,2026-07-03 09:10:00,1,A2 刚结束
商城,5,,,u2,2026-07-04 10:00:00,1,两个会话同时结束
商城,6,A9,,u1,2026-07-04 10:00:00,1,写明的会话没有
商城,7,,O-78,,2026-07-04 10:00:00,1,谁也不是
商城,8,,,u1,2026-07-04,1,只有日期
商城,9,,,u1,2026-08-20 10:00:00,1,太久以后
商城,10,,,u9,2026-07-04 10:00:00,1,没有这个客户
"""
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    assert brought(made, CONTACTS, source="generic-contacts").rejected == {}
    return made


def brought(archive: Archive, text: str, *, source: str = "platform-reviews", **more: Any) -> ImportSummary:
    file = archive.root.parent / "file.csv"
    file.write_text(text, encoding="utf-8")
    return import_file(file, source, archive, **more)


def links(archive: Archive) -> dict[str, tuple[str | None, str]]:
    """Per review (contact's own number, how)."""
    reader = Reader(archive)
    called = {row["contact_id"]: row["external_id"] for row in reader.table("contacts").to_pylist()}
    told = told_reviews(reader)
    found = {row["review_id"]: row for row in linked(reader, told).to_dicts()}
    return {
        row["external_id"].removeprefix("商城/"): (
            called.get(found[row["review_id"]]["contact_id"]),
            found[row["review_id"]]["how"],
        )
        for row in told.to_dicts()
    }


def test_S3_9_a_review_is_about_the_contact_it_names_else_the_last_of_its_customer_else_none(archive: Archive) -> None:
    summary = brought(archive, LINKS)
    assert summary.rejected == {}
    assert links(archive) == {
        "1": ("A1", "named"), "2": (None, "no_key"), "3": ("A1", "customer"), "4": ("A2", "customer"),
        "5": (None, "several"), "6": (None, "not_in_record"), "7": (None, "no_key"), "8": (None, "no_time"),
        "9": (None, "no_contact"), "10": (None, "no_contact"),
    }  # fmt: skip
    assert summary.links == {
        "named": 1, "customer": 2, "several": 1, "not_in_record": 1, "no_key": 2, "no_time": 1, "no_contact": 2,
    }  # fmt: skip
    told = "\n".join(summary_lines(summary, "zh"))
    assert "平台评价 2 条：未对应：该客户在时限内没有会话" in told


def test_S3_9_a_number_of_another_source_names_no_contact_of_this_one(archive: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (Path(rowstore.__file__).parent / "ready" / "platform-reviews.yaml").read_text(encoding="utf-8")
    other.write_text(text.replace("source: company", "source: shop"), encoding="utf-8")
    file = tmp_path / "reviews.csv"
    file.write_text(LINKS, encoding="utf-8")
    import_file(file, load_mapping(other), archive)
    assert links(archive)["1"] == (None, "not_in_record")


def test_S3_9_a_mapping_may_leave_keys_out(archive: Archive, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    text = (Path(rowstore.__file__).parent / "ready" / "platform-reviews.yaml").read_text(encoding="utf-8")
    for line in ("contact_key: contact", "order_key: order", "posted: {moment: posted}", "platform: platform"):
        text = text.replace(f"    {line}\n", "")
    own.write_text(text, encoding="utf-8")
    file = tmp_path / "reviews.csv"
    file.write_text(LINKS, encoding="utf-8")
    assert import_file(file, load_mapping(own), archive).links == {"no_key": 2, "no_time": 8}
    assert told_reviews(Reader(archive)).height == 10


def test_S3_9_a_dry_run_counts_the_links_and_keeps_nothing(archive: Archive) -> None:
    preview = brought(archive, LINKS, dry_run=True)
    assert (preview.links["customer"], preview.tables["platform_reviews"].new) == (2, 10)
    assert told_reviews(Reader(archive)).is_empty()


def test_S3_9_a_review_that_came_before_its_contact_is_linked_once_the_contact_is_told(archive: Archive) -> None:
    brought(archive, LINKS)
    brought(
        archive,
        CONTACTS.replace("A2,在线,u1", "A9,在线,u9").replace("A1,电话,u1", "A0,电话,u0"),
        source="generic-contacts",
    )
    found = links(archive)
    assert (found["6"], found["10"]) == (("A9", "named"), ("A9", "customer"))


def test_S3_9_the_time_within_which_a_contact_counts_is_the_mappings_and_says_why(
    archive: Archive, tmp_path: Path
) -> None:
    mapping = load_mapping("platform-reviews")
    link = mapping.part("reviews")["link"]
    assert link["source"] == "house"
    assert set(link["why"]) == {"zh", "en"}
    own = tmp_path / "own.yaml"
    text = (Path(rowstore.__file__).parent / "ready" / "platform-reviews.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("within_days: 30", "within_days: 60"), encoding="utf-8")
    file = tmp_path / "reviews.csv"
    file.write_text(LINKS, encoding="utf-8")
    import_file(file, load_mapping(own), archive)
    assert links(archive)["9"] == ("A2", "customer")


def test_S3_9_X9_a_review_never_counts_as_an_answer_to_the_departments_survey(archive: Archive) -> None:
    def counted() -> list[tuple[Any, ...]]:
        reader = Reader(archive, rollup.refresh(archive, repeat_window_us=7 * DAY))
        rows = reader.table("rollup", columns=["contact_id", "csat", "nps", "surveyed", "complaints"]).to_pylist()
        return [*map(tuple, (row.values() for row in rows)), *reader.table("afterwards").to_pylist()]

    before = counted()
    brought(archive, LINKS)
    assert counted() == before
    assert Reader(archive).table("ratings").num_rows == 0


def test_S3_9_stars_of_other_scales_are_read_and_kept_as_they_were_written(archive: Archive) -> None:
    text = "评价编号,星级,满分\n1,好评,\n2,7,10\n3,2星,5\n4,差评,\n5,85,100\n6,1,10\n7,0,10\n"
    summary = brought(archive, text)
    told = {row["external_id"]: (row["stars"], row["stars_told"]) for row in told_reviews(Reader(archive)).to_dicts()}
    assert told == {"1": (5, "好评"), "2": (4, "7"), "3": (2, "2星"), "4": (1, "差评"), "6": (1, "1")}
    assert summary.rejected == {"not_a_number": 2}


HOSTILE = (
    HEAD
    + """商城,1,,,u1,2026-07-04 09:00:00,1,第一条
商城,1,,,u1,2026-07-04 09:00:00,2,编号重复
商城,2,,,u1,2026-07-04 09:00:00,6,星级过多
商城,3,,,u1,2026-07-04 09:00:00,四点五,星级不是数
商城,4,,,u1,2199-07-04 09:00:00,1,不可能的时间
商城,5,,,u1,2099-07-04 09:00:00,1,将来
商城,,,,u1,2026-07-04 09:00:00,1,没有编号
商城,6,,,u1,2026-07-04 09:00:00,,没有星级
商城,7,,,u1,昨天,1,时间无法识别
商城,=1+2,,,u1,2026-07-04 09:00:00,=2+3,公式作星级
商城,8,,,u1,2026-07-04 09:00:00,1,"=HYPERLINK(""http://x"")<script>alert(1)</script>"
"""
)


def test_S3_9_rows_that_cannot_be_used_go_to_the_rejects_file_with_their_reason(archive: Archive) -> None:
    summary = brought(archive, HOSTILE)
    assert summary.rejected == {
        "repeated_id": 1, "not_a_number": 3, "time_out_of_range": 1, "time_in_future": 1, "no_review_id": 1, "missing": 1,
        "unreadable_time": 1,
    }  # fmt: skip
    assert summary.rejects_path
    with Path(summary.rejects_path).open(newline="", encoding="utf-8-sig") as file:
        rows = {(row["line"], row["reason"]): row for row in csv.DictReader(file)}
    assert rows["3", "repeated_id"]["value"] == "商城/1"
    assert (rows["7", "time_in_future"]["column"], rows["7", "time_in_future"]["value"]) == (
        "评价时间",
        "2099-07-04 09:00:00",
    )
    assert rows["11", "not_a_number"]["value"] == "'=2+3", "a formula stays words in a spreadsheet"
    kept = {row["external_id"]: row["words"] for row in told_reviews(Reader(archive)).to_dicts()}
    assert kept == {"商城/1": "第一条", "商城/8": '=HYPERLINK("http://x")<script>alert(1)</script>'}


def test_S3_9_the_same_file_again_adds_nothing_and_a_changed_review_takes_the_place_of_the_old(
    archive: Archive,
) -> None:
    first = brought(archive, LINKS)
    again = brought(archive, LINKS)
    assert (first.tables["platform_reviews"].new, again.tables["platform_reviews"].new) == (10, 0)
    assert again.manifest == first.manifest
    brought(archive, LINKS.replace("2026-07-02 09:00:00,1,按写明的会话", "2026-07-05 09:00:00,4,改好了"))
    told = {row["external_id"]: row for row in told_reviews(Reader(archive)).to_dicts()}
    assert (len(told), told["商城/1"]["stars"], told["商城/1"]["words"]) == (10, 4, "改好了")


class Stopped(BaseException):
    """A kill in the middle."""


def _until(step: str) -> Callable[[Progress], None]:
    def progress(told: Progress) -> None:
        if told.step == step:
            raise Stopped

    return progress


@pytest.mark.parametrize("step", ["reading", "building"])
def test_S3_9_a_killed_import_of_reviews_goes_on_and_nothing_is_lost_or_doubled(
    step: str, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rowstore, "BATCH_ROWS", 20)
    monkeypatch.setattr(limits, "CHUNK_ROWS", 20)
    text = HEAD + "".join(f"商城,{at},,,u1,2026-07-04 09:00:00,{at % 5 + 1},内容 {at}\n" for at in range(100))
    with pytest.raises(Stopped):
        brought(archive, text, progress=_until(step))
    assert told_reviews(Reader(archive)).is_empty()
    summary = brought(archive, text)
    assert (summary.tables["platform_reviews"].new, summary.links, summary.rejected) == (100, {"customer": 100}, {})
    assert told_reviews(Reader(archive)).height == 100


def _as_a_sheet_has_it(cell: str) -> object:
    """Numbers as numbers and times as times."""
    return int(cell) if cell.isdigit() else datetime.fromisoformat(cell) if ":" in cell else cell


@pytest.mark.parametrize("kind", ["xlsx", "jsonl"])
def test_S3_9_workbooks_and_json_lines_enter_alike(kind: str, archive: Archive, tmp_path: Path) -> None:
    head, *lines = [line.split(",") for line in LINKS.strip().splitlines()]
    file = tmp_path / f"reviews.{kind}"
    if kind == "jsonl":
        rows = [dict(zip(head, line, strict=True)) for line in lines]
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    else:
        book = Workbook()
        book.active.append(head)
        for line in lines:
            book.active.append([_as_a_sheet_has_it(cell) for cell in line])
        book.save(file)
    import_file(file, "platform-reviews", archive)
    assert links(archive)["4"] == ("A2", "customer")
    assert len(links(archive)) == 10


def test_S3_9_reviews_are_for_who_sees_everything(archive: Archive) -> None:
    brought(archive, LINKS)
    narrow = Reader(archive, scope=Scope(persons=frozenset({"1001"}), teams=frozenset({"east"})))
    assert told_reviews(narrow).is_empty()
    assert told_reviews(Reader(archive)).height == 10


def test_a_mapping_tells_either_of_contacts_or_of_reviews(archive: Archive) -> None:
    document = load_mapping("platform-reviews").document
    for wrong in (
        {**document, "contact": {"id": "review", "fields": {}}},
        {k: v for k, v in document.items() if k != "reviews"},
    ):
        with pytest.raises(DefinitionError) as caught:
            checked(wrong)
        assert [(issue.place, issue.code) for issue in caught.value.issues] == [("contact", "meaning")]
