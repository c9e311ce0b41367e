"""Mapping files: every issue at once, and what each part of the language means."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources.importer import import_file
from bihuan.archive.sources.mapping import checked, load_mapping, ready_mappings
from bihuan.archive.sources.moments import read_moments
from bihuan.archive.store import Archive
from bihuan.kit.errors import DefinitionError, InputError

SMALL: dict[str, Any] = {
    "name": "small",
    "title": {"zh": "小", "en": "small"},
    "source": "small",
    "zone": "Asia/Shanghai",
    "format": {"kind": "csv"},
    "columns": {"id": None, "at": None, "state": None, "who": {"none": ["-"]}, "secs": None},
    "moments": {"at": {"text": "at", "formats": ["iso"]}, "end": {"after": "at", "seconds": "secs"}},
    "contact": {"id": "id", "fields": {"channel": {"constant": "phone"}, "opened": {"moment": "at"}}},
    "events": [
        {
            "kind": {"column": "state", "map": {"Q": "queued", "A": "accepted"}},
            "happened": {"moment": "at"},
            "agent_key": "who",
            "duration_us": {"seconds": "secs"},
        }
    ],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SMALL), **parts}


def test_every_ready_mapping_is_without_issues() -> None:
    assert len(ready_mappings()) == 11


def test_all_issues_of_a_mapping_are_told_at_once() -> None:
    wrong = changed(
        zone="Mars/Olympus",
        contact={
            "id": {"template": "{no}"},
            "fields": {"channel": {"constant": "fax"}, "colour": "id", "opened": "at"},
        },
        events=[{"kind": {"constant": "exploded"}, "happened": {"moment": "never"}}],
    )
    with pytest.raises(DefinitionError) as caught:
        checked(wrong)
    places = {issue.place for issue in caught.value.issues}
    assert places == {
        "zone", "contact.id", "contact.fields.channel", "contact.fields.colour", "contact.fields.opened", "events.0.kind",
        "events.0.happened",
    }  # fmt: skip


def test_a_wrong_form_is_told_with_its_place() -> None:
    with pytest.raises(DefinitionError) as caught:
        checked(changed(format={"kind": "word"}, contact={"id": "id"}))
    assert {issue.place for issue in caught.value.issues} == {"format.kind", "contact"}


def test_a_mapping_with_anchors_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.yaml"
    file.write_text("a: &a [x, x]\nb: [*a, *a]\n")
    with pytest.raises(InputError, match="anchors"):
        load_mapping(file)


def test_an_unknown_source_names_the_ready_ones() -> None:
    with pytest.raises(InputError) as caught:
        load_mapping("nothing-of-this-name")
    assert "bank-calls" in caught.value.hint


def events(tmp_path: Path, document: dict[str, Any], rows: str) -> tuple[list[dict], dict[str, int]]:
    file = tmp_path / "file.csv"
    file.write_text("id,at,state,who,secs\n" + rows, encoding="utf-8")
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    summary = import_file(file, checked(document), archive)
    rows_found = Reader(archive, scope=Scope.all()).table("events").to_pylist()
    return sorted(rows_found, key=lambda row: (row["contact_id"], row["seq"])), summary.rejected


def test_values_are_mapped_numbers_become_microseconds_and_nobody_is_null(tmp_path: Path) -> None:
    found, rejected = events(tmp_path, SMALL, "1,2026-07-01 09:00:00,Q,-,12\n1,2026-07-01 09:00:12,A,7,1.5\n")
    assert [(row["seq"], row["kind"], row["agent_key"], row["duration_us"]) for row in found] == [
        (1, "queued", None, 12_000_000),
        (2, "accepted", "7", 1_500_000),
    ]
    assert rejected == {}


def test_an_unusable_value_costs_only_what_needs_it(tmp_path: Path) -> None:
    found, rejected = events(tmp_path, SMALL, "1,2026-07-01 09:00:00,Q,-,\n1,2026-07-01 09:00:12,X,7,3\n")
    assert [row["kind"] for row in found] == ["queued"]
    assert rejected == {"unknown_word": 1}


def test_a_negative_duration_is_refused(tmp_path: Path) -> None:
    found, rejected = events(tmp_path, SMALL, "1,2026-07-01 09:00:00,Q,-,-5\n2,2026-07-01 09:00:00,Q,-,5\n")
    assert len(found) == 1
    assert rejected == {"not_a_duration": 1}


def test_a_new_episode_begins_after_the_row_that_ends_one(tmp_path: Path) -> None:
    document = changed()
    document["contact"]["new_after"] = {"state": "A"}
    found, _ = events(
        tmp_path, document, "".join(f"1,2026-07-01 09:00:{n:02},{s},-,1\n" for n, s in enumerate("QAQQA"))
    )
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    contacts = {row["external_id"]: row for row in Reader(archive, scope=Scope.all()).table("contacts").to_pylist()}
    assert set(contacts) == {"1", "1#2"}
    assert contacts["1"]["parent_id"] is None
    assert contacts["1#2"]["parent_id"] == contacts["1"]["contact_id"]
    assert sorted(row["seq"] for row in found) == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("written", "formats", "zone", "expected"),
    [
        ("2026-03-29 02:30:00", ["iso"], "Europe/Berlin", None),  # the clocks skip this hour
        ("2026-10-25 02:30:00", ["iso"], "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # it happens twice: the earlier
        ("2026-07-01T09:00:00+02:00", ["iso"], "Asia/Shanghai", "2026-07-01T07:00:00+00:00"),
        ("2026-07-01T09:00:00Z", ["iso"], "Asia/Shanghai", "2026-07-01T09:00:00+00:00"),
        ("1782867600", ["epoch_seconds"], "Asia/Shanghai", "2026-07-01T01:00:00+00:00"),
        ("2026/7/1 9:05", ["iso", "%Y/%m/%d %H:%M"], "Asia/Shanghai", "2026-07-01T01:05:00+00:00"),
        ("2026/7/1", ["iso", "%Y/%m/%d %H:%M"], "Asia/Shanghai", None),
    ],
)
def test_times_are_read_in_their_zone(written: str, formats: list[str], zone: str, expected: str | None) -> None:
    found = read_moments(pl.Series([written]), formats, zone).cast(pl.Datetime("us", "UTC"))[0]
    assert (found and found.isoformat()) == expected


def test_a_clock_time_belongs_to_the_day_that_brings_it_near() -> None:
    near = read_moments(pl.Series(["2026-07-01 23:59:00", "2026-07-01 09:00:00"]), ["iso"], "Asia/Shanghai")
    found = read_moments(pl.Series(["2026-07-01 0:00:30", "2026-07-01 8:59:00"]), ["iso"], "Asia/Shanghai", near)
    assert (found - near).to_list() == [90_000_000, -60_000_000]


def test_a_date_without_a_time_of_day_is_unknown_time_and_not_midnight(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text(
        "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n1,U,修路,2019/4/24,坏了,好,2019/5/9 9:49:10\n",
        encoding="utf-8",
    )
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    summary = import_file(file, "city-complaints", archive)
    reader = Reader(archive, scope=Scope.all())
    assert summary.rejected == {}
    assert reader.table("contacts").to_pylist()[0]["opened_at"] is None
    opened = next(row for row in reader.table("events").to_pylist() if row["kind"] == "opened")
    assert opened["detail"] == "written as 2019/4/24"
