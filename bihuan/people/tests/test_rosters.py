"""Rosters: Chinese and English heads, UTF-8 and GBK, good rows land, bad rows are named, twice is once."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook
from typer import Typer
from typer.testing import CliRunner

from bihuan.journal.models import Entry
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people import actions, commands, refusals
from bihuan.people.models import Membership, Person, RosterUpload, StaffKey, Team
from bihuan.people.roster_files import LARGEST_FILE, read_rows
from bihuan.people.rules.roles import Role
from bihuan.people.rules.roster import RosterRow, RowIssue, read_head, read_row
from bihuan.people.tests.cast import SYSTEM, Cast

MAY = date(2026, 5, 4)
ROSTER = """工号,姓名,班组,岗位,职级,新老,入职日期,角色,外部账号,备注
1101,林一,售后一组,客服代表,坐席,新人,2026-03-02,坐席,phone:A17;chat:lin1,
1102,林二,售前组,投诉处理专员,资深坐席,成熟,2026/03/02,,,
1001,张三,售后二组,,,老员工,,,,
"""


def test_a_chinese_roster_adds_moves_and_opens_teams(cast: Cast) -> None:
    outcome = actions.import_roster(cast.user("manager"), data=ROSTER.encode(), on=MAY)
    assert (outcome.added, outcome.changed, outcome.issues) == (["1101", "1102"], ["1001"], [])
    assert (outcome.teams, outcome.ignored) == (["售前组"], ["备注"])
    assert Membership.objects.get(person__number="1001", until=None).team == cast.west
    assert StaffKey.objects.get(source="phone", key="A17").person.number == "1101"
    assert Person.objects.get(number="1102").posts.get().step == "senior_agent"
    assert Entry.objects.latest("id").data == {"added": 2, "changed": 1, "rejected": 0}


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    actions.import_roster(SYSTEM, data=ROSTER.encode(), on=MAY)
    before = Entry.objects.count()
    again = actions.import_roster(SYSTEM, data=ROSTER.encode("gb18030"), on=date(2026, 6, 1))
    assert (again.added, again.changed, again.unchanged, again.issues) == ([], [], 3, [])
    assert Entry.objects.count() == before


def test_a_dry_run_says_the_same_and_changes_nothing(cast: Cast) -> None:
    before = (Person.objects.count(), Team.objects.count(), Entry.objects.count())
    dry = actions.import_roster(SYSTEM, data=ROSTER.encode(), on=MAY, dry_run=True)
    assert (Person.objects.count(), Team.objects.count(), Entry.objects.count()) == before
    wet = actions.import_roster(SYSTEM, data=ROSTER.encode(), on=MAY)
    assert {**dry.to_json(), "dry": False} == wet.to_json()


def test_bad_rows_are_named_by_line_column_and_reason_and_good_ones_land(cast: Cast) -> None:
    text = (
        "Staff Number,Name,Joined,Class,Role\n"
        "1201,Ann,2026-02-30,new,\n"
        ",Bob,2026-03-01,new,\n"
        "1203,Cy,2026-03-01,junior,\n"
        "1204,Di,2026-03-01,new,king\n"
        "1205,Ed,,new,\n"
        "1206,Flo,2026-03-01,new,agent\n"
        "1206,Flo,2026-03-01,new,agent\n"
        "a/b,Gus,2026-03-01,new,\n"
    )
    outcome = actions.import_roster(SYSTEM, data=text.encode(), on=MAY)
    assert outcome.added == ["1206"]
    assert [(i.line, i.column, i.code) for i in outcome.issues] == [
        (2, "Joined", "not_a_date"),
        (3, "Staff Number", "empty"),
        (4, "Class", "unknown_class"),
        (5, "Role", "unknown_role"),
        (6, "", "refused"),
        (8, "", "number_twice"),
        (9, "Staff Number", "not_a_number"),
    ]


def test_a_row_that_fails_halfway_leaves_no_trace(cast: Cast) -> None:
    actions.settle_key(SYSTEM, source="phone", key="A1", person=cast.person("agent"))
    text = "工号,姓名,班组,入职日期,外部账号\n1301,新人,新组,2026-03-01,phone:A1\n"
    outcome = actions.import_roster(SYSTEM, data=text.encode(), on=MAY)
    assert [issue.code for issue in outcome.issues] == ["refused"]
    assert not Person.objects.filter(number="1301").exists()
    assert not Team.objects.filter(name="新组").exists()
    assert outcome.teams == []


def test_leaving_and_leading_come_with_the_roster(cast: Cast) -> None:
    text = "工号,姓名,离职日期,带领团队\n1001,张三,2026-05-01,\n5001,郑强,,售后一组、售后二组\n"
    outcome = actions.import_roster(SYSTEM, data=text.encode(), on=MAY)
    assert outcome.changed == ["1001", "5001"]
    assert Person.objects.get(number="1001").left == date(2026, 5, 1)
    assert {row.team.key for row in cast.person("manager").leaderships.all()} == {"east", "west"}
    assert actions.import_roster(SYSTEM, data=text.encode(), on=MAY).unchanged == 2


def test_a_manager_grants_no_rights_by_roster(cast: Cast) -> None:
    text = "工号,姓名,角色\n1001,张三,管理员\n"
    outcome = actions.import_roster(cast.user("manager"), data=text.encode(), on=MAY)
    assert [issue.code for issue in outcome.issues] == ["refused"]
    assert not cast.person("agent").grants.filter(role=Role.ADMINISTRATOR).exists()


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("harm", ["cut", "binary"])
def test_a_workbook_with_a_damaged_part_ends_in_words(part: str, harm: str) -> None:
    book, whole, broken = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["工号", "姓名"])
    book.save(whole)
    with zipfile.ZipFile(whole) as given, zipfile.ZipFile(broken, "w") as taken:
        for name in given.namelist():
            data = given.read(name)
            taken.writestr(name, data if name != part else data[: len(data) // 2] if harm == "cut" else b"\xff" * 100)
    with pytest.raises(InputError, match="damaged"):
        read_rows(broken.getvalue())


def test_a_workbook_reads_like_a_table() -> None:
    book = Workbook()
    book.active.append(["工号", "姓名", "入职日期"])
    book.active.append([1401, "林三", date(2026, 3, 2)])
    out = io.BytesIO()
    book.save(out)
    rows = read_rows(out.getvalue())
    assert read_row(read_head(rows[0]), rows[1], 2) == RosterRow(2, "1401", "林三", joined=date(2026, 3, 2))


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"\x00\x01\x02", b"PK\x03\x04broken", b"x" * (LARGEST_FILE + 1), b"\xff\xfe\xfd\x80\n", b"a," * 200],
)
def test_hostile_files_end_in_words(data: bytes) -> None:
    with pytest.raises(InputError):
        read_rows(data)


@pytest.mark.parametrize(
    ("head", "issue"),
    [
        (["工号", "班组"], RowIssue(1, "姓名", "heading_missing")),
        (["工号", "姓名", "员工编号"], RowIssue(1, "员工编号", "heading_twice")),
    ],
)
def test_a_head_without_what_is_needed_is_refused(head: list[str], issue: RowIssue) -> None:
    assert read_head(head).issues == (issue,)


@pytest.mark.parametrize(
    "text", ["2026-10-12", "2026/10/12", "2026.10.12", "2026年10月12日", "20261012", "2026-10-12 00:00"]
)
def test_dates_read_in_their_usual_spellings(text: str) -> None:
    row = read_row(read_head(["工号", "姓名", "入职日期"]), ["1", "某", text], 2)
    assert isinstance(row, RosterRow)
    assert row.joined == date(2026, 10, 12)


@pytest.mark.urls("bihuan.people.tests.urls")
def test_the_page_tries_first_and_carries_out_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    bad = client.post("/people/rosters/", {"file": SimpleUploadedFile("r.csv", b"\x00")})
    assert bad.status_code == 422
    tried = client.post("/people/rosters/", {"file": SimpleUploadedFile("名册.csv", ROSTER.encode())})
    assert tried.status_code == 302
    assert not Person.objects.filter(number="1101").exists()
    assert "1101" in client.get(tried["Location"]).content.decode()
    assert client.post(f"{tried['Location']}landing/").status_code == 302
    assert Person.objects.filter(number="1101").exists()
    assert client.post(f"{tried['Location']}landing/").status_code == 409
    with pytest.raises(refusals.LandedAlready):
        actions.land_roster(cast.user("manager"), upload=RosterUpload.objects.get(), on=MAY)
    with pytest.raises(NotAllowed):
        actions.try_roster(cast.user("supervisor"), name="r.csv", data=ROSTER.encode(), on=MAY)


def test_the_command_prints_and_says_by_its_exit_whether_all_landed(cast: Cast, tmp_path: object) -> None:
    app = Typer()
    commands.mount(app)
    app.callback()(lambda: None)
    file = tmp_path / "roster.csv"  # type: ignore[operator] # a path
    file.write_text(ROSTER)
    done = CliRunner().invoke(app, ["people", "import-roster", str(file), "--json", "--on", "2026-05-04", "--dry-run"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["added"] == ["1101", "1102"]
    file.write_text("工号,姓名\n1101,\n")
    failed = CliRunner().invoke(app, ["people", "import-roster", str(file)])
    assert isinstance(failed.exception, commands.RowsRejected)
    missing = CliRunner().invoke(app, ["people", "import-roster", str(file) + ".no"])
    assert isinstance(missing.exception, InputError)


def test_a_file_larger_than_a_roster_is_refused_before_it_is_read(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "vast.csv"
    with file.open("wb") as vast:
        vast.truncate(1024**4)  # a hole: no memory could hold it
    with pytest.raises(InputError, match="larger than 5 MB"):
        commands.import_roster(file)


def test_a_row_with_two_faults_is_one_rejected_row(cast: Cast) -> None:
    data = "工号,姓名,入职日期,岗位\n9900,甲,2026-13-01,国王\n9901,乙,2026-01-05,坐席\n".encode()
    outcome = actions.import_roster(SYSTEM, data=data, on=MAY)
    assert (outcome.rows, outcome.rejected, len(outcome.issues), outcome.added) == (2, 1, 2, ["9901"])
    assert outcome.to_json()["rejected"] == 1
