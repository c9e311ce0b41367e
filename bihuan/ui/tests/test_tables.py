import csv
import io

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from bihuan.kit.clock import SECOND
from bihuan.ui import tables
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table

COLUMNS = (
    Column("name", "Name", sortable=True, url=lambda row: f"/agents/{row['number']}/"),
    Column("score", "Score", "number", sortable=True, decimals=2, misses=lambda row: row["score"] < 60),
    Column("frt", "First response", "duration", reason=lambda row: "Not measured"),
    Column("password", "Secret"),
)
ROWS = (
    {"name": "王凯", "number": 1, "score": 94.084, "frt": 14 * SECOND, "password": "x"},
    {"name": "<b>李</b>", "number": 2, "score": 51, "frt": None, "password": "y"},
    {"name": "赵", "number": 3, "score": None, "frt": 5 * SECOND, "password": "z"},
)


def html(table: Table) -> str:
    return render_to_string("ui/table.html", {"table": table, "label": "Agents"})


@pytest.mark.parametrize("asked", ["password", "-password", "id; drop", "__class__", "", "--score"])
def test_only_declared_names_sort(asked):
    sorting = Sorting.from_query({"sort": asked}, COLUMNS, "-score")
    assert sorting == Sorting("score", descending=True)


def test_missing_values_come_last_whichever_way_a_column_is_sorted():
    for descending in (False, True):
        names = [row["name"] for row in Sorting("score", descending).apply(ROWS[:1] + ROWS[2:], COLUMNS)]
        assert names == ["王凯", "赵"]


def test_a_column_head_turns_the_order_and_forgets_the_page():
    table = Table(COLUMNS, ROWS, Sorting("score", descending=True), QueryDict("sort=-score&page=3&team=1"))
    assert [(head.url, head.state) for head in table.heads[:2]] == [
        ("?team=1&sort=name", ""),
        ("?team=1&sort=score", "descending"),
    ]
    assert table.heads[3].url == ""


def test_cells_are_escaped_linked_marked_and_explained():
    page = html(Table(COLUMNS, ROWS))
    assert '<a href="/agents/2/">&lt;b&gt;李&lt;/b&gt;</a>' in page
    assert "94.08" in page
    assert '<td class="num is-miss">51.00</td>' in page
    assert 'title="Not measured"' in page


def test_an_empty_table_says_what_to_do():
    page = html(Table(COLUMNS, (), empty_title="No agents", empty_advice="Import a roster."))
    assert "No agents" in page
    assert "Import a roster." in page
    assert "<table" not in page


def test_rows_with_an_address_answer_the_keys_and_the_cut_line_stands_between_them():
    page = html(Table(COLUMNS, ROWS, row_url=lambda row: f"/agents/{row['number']}/", cut_after=1, cut_text="Top 10 %"))
    assert page.count("data-url=") == 3
    assert page.index("王凯") < page.index("Top 10 %") < page.index("赵")


def test_rows_that_cannot_be_told_apart_are_bracketed():
    assert html(Table(COLUMNS, ROWS, bracketed=lambda row: row["number"] > 1)).count("is-bracketed") == 2


@pytest.mark.parametrize("bad", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_exported_cell_is_taken_for_a_formula(bad):
    columns = (Column("name", bad),)
    read = list(csv.reader(io.StringIO(tables.csv_text(columns, [{"name": bad}]).lstrip("\ufeff"), newline="")))
    assert [row[0][0] for row in read] == ["'", "'"]


def test_exported_numbers_stay_numbers_and_missing_ones_stay_empty():
    columns = (Column("score", "Score", "number"), Column("frt", "µs", "duration"))
    rows = [{"score": -1.5, "frt": 3}, {"score": None, "frt": None}]
    assert tables.csv_text(columns, rows) == "\ufeffScore,µs\r\n-1.5,3\r\n,\r\n"


@pytest.mark.parametrize(
    ("asked", "number"), [("1", 1), ("3", 3), ("99", 3), ("0", 1), ("-4", 1), ("x", 1), ("９", 1), ("9" * 5000, 1)]
)
def test_a_page_number_is_always_within_the_list(asked, number):
    assert Page.from_query({"page": asked}, 120, 50).number == number


def test_a_page_knows_its_rows_and_neighbours():
    page = Page(3, 120, 50, QueryDict("page=3&team=1"))
    assert (page.first, page.last, page.next_url) == (101, 120, "")
    assert page.previous_url == "?team=1&page=2"
    assert Page(1, 0).first == 0


def test_a_column_may_sort_by_something_else_than_it_shows_and_nothing_stands_last():
    column = Column("name", "Name", sortable=True, order=lambda row: row["pinyin"])
    rows = [{"name": "赵", "pinyin": "zhao"}, {"name": "无", "pinyin": ""}, {"name": "白", "pinyin": "bai"}]
    for descending, wanted in ((False, "白赵无"), (True, "赵白无")):
        listed = Sorting("name", descending).apply(rows, (column,))
        assert "".join(row["name"] for row in listed) == wanted
