"""What a figure says, its chart, its table, its download and its contacts say (trap 6)."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from bihuan.archive.store import Archive
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.kinds import PARTS
from bihuan.people.tests.cast import Cast
from bihuan.workplace.figures import regrouping
from bihuan.workplace.figures.metric_groups import GROUPS
from bihuan.workplace.figures.metric_pages import MetricPage
from bihuan.workplace.figures.metric_tables import drilled
from bihuan.workplace.figures.overview import ASKED, Overview
from bihuan.workplace.figures.people_figures import PERSONAL, Agent, Members
from bihuan.workplace.figures.periods import spans_of
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.tests.figures.conftest import SignedIn
from bihuan.workplace.tests.figures.record import A_DAY, PEOPLE

LISTED = (
    "customer_frt_within",
    "csat_top2",
    "complaint_rate",
    "complaints",
    "contacts",
    "check_met_share",
    "agent_frt_mean",
)


@pytest.fixture
def view(record: Archive, cast: Cast) -> View:
    return view_of(cast.user("manager"), {})


def page_of(view: View, name: str, by: str = "team") -> MetricPage:
    return MetricPage(view, CATALOG[name], spans_of(view.filters, "before"), by, lists=True)


def read_csv(client: Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(url).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", LISTED)
def test_groups_and_days_add_up_to_the_total(view: View, name: str) -> None:
    page = page_of(view, name)
    days = view.figures((name,), by=("day",))
    for part in ("numerator", "denominator"):
        total = getattr(page.figure, part)
        assert sum(getattr(line.figure, part) for line in page.lines) == total
        assert sum(getattr(figure, part) for figure in days) == total


@pytest.mark.parametrize("name", LISTED)
def test_the_contacts_behind_a_part_are_as_many_as_it_counts(view: View, name: str) -> None:
    page = page_of(view, name, by="")
    for part in PARTS:
        if page.metric.kind.part(part) is not None:
            assert drilled(page, page.figure, part, {}).total == getattr(page.figure, part), part


def test_the_contacts_of_a_group_are_as_many_as_its_line_counts(view: View) -> None:
    page = page_of(view, "csat_top2", by="agent")
    for line in page.lines:
        assert drilled(page, line.figure, "denominator", {}).total == line.figure.denominator == A_DAY // 2 * 7


def test_the_download_holds_the_lines_of_the_table(view: View, signed_in: SignedIn) -> None:
    page, client = page_of(view, "csat_top2", by="agent"), signed_in("manager")
    rows = read_csv(client, "/metrics/csat_top2/?by=agent&as=csv")
    assert [row["坐席"] for row in rows] == [line.label for line in page.lines]
    assert sum(int(row["分子"]) for row in rows) == page.figure.numerator
    html = client.get("/metrics/csat_top2/?by=agent").content.decode()
    assert all(f">{row['坐席']}<" in html for row in rows)


def test_the_download_of_a_part_holds_every_contact_and_no_words(signed_in: SignedIn, record: Archive) -> None:
    client = signed_in("manager")
    rows = read_csv(client, "/metrics/contacts/contacts/?part=numerator&as=csv")
    assert len(rows) == len(PEOPLE) * A_DAY * 7
    assert (
        "138" not in client.get("/metrics/contacts/contacts/?part=numerator").content.decode().partition("content")[2]
    )


def test_the_chart_holds_the_numbers_of_its_days(view: View) -> None:
    page = page_of(view, "csat_top2")
    by_day = {
        figure.keys["day"]: figure.value
        for figure in view.figures(("csat_top2",), by=("day",), filters=page.spans.trend)
    }
    drawn = dict(zip(page.spans.trend_days, page.trend.panels[0].values, strict=True))
    assert {day: value for day, value in drawn.items() if value is not None} == {
        day: value * 100 for day, value in by_day.items() if value is not None
    }


def test_a_page_of_contacts_ends_where_the_next_begins(signed_in: SignedIn, record: Archive) -> None:
    client, seen = signed_in("manager"), []
    for page in (1, 2, 3):
        html = client.get(f"/metrics/contacts/contacts/?part=denominator&page={page}").content.decode()
        seen += re.findall(r'href="/contacts/([0-9-]+)/"', html)
    assert len(seen) == len(set(seen)) == len(PEOPLE) * A_DAY * 7


def test_groups_put_together_equal_what_asking_anew_tells(view: View) -> None:
    fine = view.figures(ASKED, by=("team", "day", "hour"))
    for names in ((), ("team",), ("day",), ("team", "day")):
        anew = view.figures(ASKED, by=names)
        together = regrouping.regrouped(fine, regrouping.by_names(*names))
        for key, group in together.items():
            for name, figure in group.items():
                told = anew.get(name, **dict(zip(names, key, strict=True))) if names else anew.totals[name]
                assert told is not None
                shown = (
                    figure.value,
                    figure.n,
                    figure.numerator,
                    figure.denominator,
                    figure.low,
                    figure.high,
                    figure.reason,
                )
                assert shown == (
                    told.value, told.n, told.numerator, told.denominator, told.low, told.high, told.reason
                ), (name, key)  # fmt: skip


def test_what_cannot_be_added_is_refused(view: View) -> None:
    with pytest.raises(ValueError, match="do not add up"):
        regrouping.regrouped(view.figures(("customer_frt_p90",), by=("day",)), regrouping.by_names())


def test_overview_team_and_agent_tell_the_same_figures(view: View, cast: Cast) -> None:
    spans = spans_of(view.filters, "before")
    shown = Overview(view, spans, {})
    anew = view.figures(ASKED).totals
    assert {name: shown.now[name].value for name in ASKED} == {name: anew[name].value for name in ASKED}
    members = Members(view, spans).groups
    for number in PEOPLE:
        agent = Agent(view, spans, number)
        assert {name: agent.now[name].value for name in PERSONAL} == {
            name: members[number][name].value for name in PERSONAL
        }


def test_every_metric_stands_in_one_group_of_the_catalogue() -> None:
    listed = [name for _id, _label, names in GROUPS for name in names]
    assert sorted(listed) == sorted(CATALOG)


@pytest.mark.parametrize(("language", "foreign"), [("zh-CN", CATALOG["csat_top2"].en), ("en", CATALOG["csat_top2"].zh)])
def test_a_metrics_page_speaks_one_language_and_shows_its_id_once(
    cast: Cast, record: Archive, language: str, foreign: str
) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/metrics/csat_top2/").content.decode()
    assert foreign not in page
    read = re.sub(r"<[^>]+>", " ", page)
    assert read.count("csat_top2") == 1
    assert " recommended" not in read
