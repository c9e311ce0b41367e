"""Months, results and replays: who sees which line, what it says, and how many queries it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.computing import carry_out
from bihuan.appraisal.models import Computation, Result, ResultSet
from bihuan.appraisal.replaying import comparable
from bihuan.appraisal.tests.record import MONTH, Served, lived, steady
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.review_rate import ReviewRate
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.workplace.months.list import MonthLine, own_course
from bihuan.workplace.months.page import month_page
from bihuan.workplace.months.replay import Replay
from bihuan.workplace.months.reviewed import rates_of_months, rates_of_people
from bihuan.workplace.months.spread import spread_of

EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip
SEES_ALL = {"inspector", "trainer", "manager"}
LINES = {
    **{who: {"1001", "1002", "1003", "1004", "8005", "8006"} for who in SEES_ALL},
    "supervisor": {"1001", "1002", "8005"},
    "agent": {"1001"}, "senior_agent": {"1002"}, "technical_support": {"1003"}, "complaint_specialist": {"1004"},
}  # fmt: skip
EXPORTS = {"supervisor", "inspector", "manager"}
PEOPLE = {
    "1001": steady(30, csat=5), "1002": steady(31, fatal=6, csat=4), "1003": [*steady(32, fatal=12), Served(0, ineffective="test")],
    "1004": steady(12), "8005": steady(30, fatal=18), "8006": steady(30, fatal=24),
}  # fmt: skip
TEAMS = {"1001": "east", "1002": "east", "8005": "east", "1003": "west", "1004": "west", "8006": "west"}


@pytest.fixture(scope="module")
def record_root(tmp_path_factory) -> Path:
    """One judged record for all tests of this file; nobody writes to it."""
    root = tmp_path_factory.mktemp("record")
    lived(root, PEOPLE, TEAMS)
    return root


@pytest.fixture(scope="module")
def made(record_root: Path, django_db_setup, django_db_blocker) -> Iterator[tuple[ResultSet, Cast]]:
    """The month computed and the cast hired once; each test works in a savepoint above it."""
    with django_db_blocker.unblock(), override_settings(**at_home(record_root)), transaction.atomic():
        kept = appraise_month(
            "system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended"
        )
        yield kept, make_cast()
        transaction.set_rollback(True)


def at_home(root: Path) -> dict[str, object]:
    return {"ARCHIVE_ROOT": root, "TIME_ZONE": "Asia/Shanghai", "ROOT_URLCONF": "bihuan.config.urls"}


@pytest.fixture
def month(made: tuple[ResultSet, Cast], record_root: Path, settings, db) -> ResultSet:
    """July 2026, computed."""
    for name, value in at_home(record_root).items():
        setattr(settings, name, value)
    return made[0]


@pytest.fixture
def cast(made: tuple[ResultSet, Cast], month: ResultSet) -> Cast:
    return made[1]


def signed_in(cast: Cast, who: str) -> Client:
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def line(person: str, scheme: str = "service_quality_month") -> Result:
    return Result.objects.get(person=person, scheme=scheme)


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_month_shows_each_reader_the_lines_of_their_own_scope(cast: Cast, who: str) -> None:
    response = signed_in(cast, who).get("/months/2026-07/")
    assert response.status_code == (404 if who == "stranger" else 200)
    if who == "stranger":
        return
    shown = {one.person for one in Result.objects.all() if reverse("workplace:result", args=[one.pk]) in text(response)}
    assert shown == LINES.get(who, set())


def test_S3_14_the_ranking_is_drawn_with_its_intervals_and_only_for_who_sees_others(
    cast: Cast, month: ResultSet
) -> None:
    drawn = spread_of(month_page(month, "service_quality_month", Scope.all()))
    assert drawn is not None
    ranked = Result.objects.filter(scheme="service_quality_month", rank__isnull=False).order_by("rank")
    assert [rung.value for rung in drawn.rungs] == [one.total for one in ranked]
    assert [(rung.low, rung.high) for rung in drawn.rungs] == [(one.low, one.high) for one in ranked]
    assert 'data-chart="spread"' in text(signed_in(cast, "manager").get("/months/2026-07/"))
    assert 'data-chart="spread"' not in text(signed_in(cast, "agent").get("/months/2026-07/"))


def test_own_totals_are_drawn_over_the_months_once_there_are_two() -> None:
    def told(month: date, total: int) -> MonthLine:
        own = Result(total=total, low=total - 1, high=total + 1)
        return MonthLine(month, 30, None, None, 1, 5, 6, own, None, None)

    july, june = told(date(2026, 7, 1), 88), told(date(2026, 6, 1), 86)
    assert own_course([july]) is None
    course = own_course([july, june])
    assert course is not None
    assert (course.steps, course.panels[0].values) == (["2026-06", "2026-07"], [86, 88])


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_result_and_its_days_open_for_who_may_see_the_person_and_exist_for_nobody_else(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    for person in ("1001", "1003", "8005"):
        expected = 200 if person in LINES.get(who, set()) else 404
        address = reverse("workplace:result", args=[line(person).pk])
        assert client.get(address).status_code == expected, (who, person)
        assert client.get(f"{address}days/2026-07-01/").status_code == expected, (who, person)
    assert client.get(f"/results/{line('1001').pk}/days/2026-07-31/").status_code == 404
    assert client.get(f"/results/{line('1001').pk}/days/nonsense/").status_code == 404


@pytest.mark.parametrize("who", EVERYBODY)
def test_exports_reach_only_who_may_export_and_hold_only_their_lines(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    sheet, book = client.get("/months/2026-07/csv/"), client.get("/months/2026-07/report/")
    assert sheet.status_code == (200 if who in EXPORTS else 404)
    assert book.status_code == (200 if who in EXPORTS & SEES_ALL else 404)
    if who in EXPORTS:
        rows = text(sheet).splitlines()[1:]
        assert {row.split(",")[3] for row in rows} == LINES[who]


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_may_appraise_computes_and_replays(cast: Cast, who: str) -> None:
    client, may = signed_in(cast, who), who == "manager"
    assert client.get("/months/2026-07/replay/").status_code == (200 if may else 404)
    assert client.post("/months/2026-07/replay/", {"edition": "recommended"}).status_code == (302 if may else 404)
    assert client.post("/months/2026-07/computations/").status_code == (302 if may else 404)
    assert Computation.objects.count() == (2 if may else 0)
    assert client.get("/months/").status_code == (404 if who == "stranger" else 200)
    waiting = Computation.objects.first()
    if waiting:
        address = f"/months/2026-07/computations/{waiting.pk}/"
        assert signed_in(cast, "inspector").get(address).status_code == 404
        assert client.get(address).status_code == 200


def test_a_set_by_another_edition_is_opened_by_choice_and_says_that_it_only_compares(cast: Cast, month) -> None:
    fields = {"manifest": month.manifest, "engine": month.engine, "content": "c" * 64, "computed_at": month.computed_at}
    other = ResultSet.objects.create(
        month=MONTH, sequence=month.sequence + 1, edition_ref="service-quality", by_edition_in_use=False, provisional=[],
        edition_hash=load_edition("service-quality").hash, **fields,
    )  # fmt: skip
    client = signed_in(cast, "manager")
    assert client.get("/months/2026-07/").context["page"].kept == month
    assert [one.kept for one in client.get("/months/").context["table"].rows] == [month]
    chosen = client.get(f"/months/2026-07/?set={other.pk}")
    assert chosen.context["page"].kept == other
    assert "仅供对比" in text(chosen)
    own = line("1001")
    fields = {
        "set": other,
        "scheme": own.scheme,
        "person": own.person,
        "name": own.name,
        "team": own.team,
        "tree": own.tree,
    }
    copied = Result.objects.create(**fields, contacts=1, fatal_contacts=0, standing="unranked")
    assert "仅供对比" in text(client.get(f"/results/{copied.pk}/"))
    assert "仅供对比" not in text(client.get(f"/results/{own.pk}/"))


@pytest.mark.parametrize("address", ["/months/2026-13/", "/months/x/", "/months/2026-07/?set=x", "/results/nonsense/"])
def test_addresses_that_mean_nothing_do_not_exist(cast: Cast, address: str) -> None:
    assert signed_in(cast, "manager").get(address).status_code == 404


def test_X16_the_page_draws_the_cut_below_the_places_and_says_who_is_in(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get("/months/2026-07/"))
    ranking = page[page.index("res-ranking") :]  # above it the same names stand in a drawing
    assert ranking.count('class="cutline"') == 1
    assert ranking.index(">Name 1001<") < ranking.index('class="cutline"') < ranking.index(">Name 1002<")
    assert "5 / 6" in page  # one of six has too few contacts
    assert "⌈5 × 10 %⌉" in page


def test_X12_the_human_review_rate_is_shown_even_where_it_is_nothing(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get("/months/2026-07/"))
    assert "人工复核率" in page
    assert "还没有人工评分" in page


def test_X17_a_month_with_a_fatal_item_says_so_beside_the_rank(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get(f"/results/{line('1002').pk}/"))
    assert "6 通会话有一票否决" in page


def test_S3_13_S3_14_a_result_opens_to_terms_days_and_contacts(cast: Cast) -> None:
    client, one = signed_in(cast, "agent"), line("1001")
    page = text(client.get(f"/results/{one.pk}/"))
    assert all(words in page for words in ("日评分均值", "好评率", "无投诉率", "S3-14", "2026-07-01"))
    day = text(client.get(f"/results/{one.pk}/days/2026-07-01/"))
    assert all(reverse("workplace:contact", args=[f"1001-{at}"]) in day for at in range(0, 30, 6))


def test_contacts_of_a_day_come_lowest_first(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get(f"/results/{line('1002').pk}/days/2026-07-01/"))
    assert page.index("/contacts/1002-0/") < page.index("/contacts/1002-6/")


def test_S4_11_what_has_no_input_is_named_in_words(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get(f"/results/{line('1001', 'staff_appraisal_month').pk}/"))
    assert "日常表现" in page
    assert "尚无记录" in page
    assert "not_recorded" not in page


def test_a_person_without_a_rank_reads_why(cast: Cast) -> None:
    page = text(signed_in(cast, "complaint_specialist").get(f"/results/{line('1004').pk}/"))
    assert "12" in page
    assert "30" in page
    assert "too_few_contacts" not in page


def test_figures_lead_to_the_metric_page_of_this_person_and_month(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get(f"/results/{line('1001').pk}/"))
    address = reverse("workplace:metric", args=["csat_top2"])
    assert f"{address}?agent=1001&amp;from=2026-07-01&amp;to=2026-07-31" in page


def test_an_old_version_stays_open_as_it_was(cast: Cast, month: ResultSet) -> None:
    client = signed_in(cast, "manager")
    newer = ResultSet.objects.create(
        month=MONTH, edition_ref="recommended", edition_hash=month.edition_hash, manifest=month.manifest, engine="x",
        content="0" * 64, sequence=2, computed_at=month.computed_at,
    )  # fmt: skip
    assert "Name 1001" not in text(client.get("/months/2026-07/"))
    old = text(client.get(f"/months/2026-07/?set={month.pk}"))
    assert "Name 1001" in old
    assert f"?set={newer.pk}" in old


def test_computing_goes_to_a_worker_once_and_leads_to_the_results(cast: Cast, month: ResultSet) -> None:
    client = signed_in(cast, "manager")
    client.post("/months/2026-07/computations/")
    client.post("/months/2026-07/computations/")
    waiting = Computation.objects.get()
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="compute")
    assert [job.args["computation_id"] for job in jobs] == [str(waiting.pk)]
    done = carry_out(waiting)
    assert done.result_set == month  # the same record gives the same set
    address = f"/months/2026-07/computations/{waiting.pk}/"
    assert client.get(address).headers["HX-Refresh"] == "true"


def test_a_replay_tells_who_moves_and_keeps_no_results(cast: Cast) -> None:
    client, before = signed_in(cast, "manager"), ResultSet.objects.count()
    edition = load_edition("recommended")
    address = f"/months/2026-07/replay/?edition={edition.hash}&against={edition.hash}"
    client.post("/months/2026-07/replay/", {"edition": edition.hash, "against": edition.hash})
    done = carry_out(Computation.objects.get())
    assert [row["ranks_moved"] for row in done.moves if row["before"]["rank"]] == [0] * 5
    page = text(client.get(address))
    assert "没有人变动" in page
    assert "人工复核率" in page  # X12: beside every score
    assert ResultSet.objects.count() == before


def test_only_editions_with_a_total_that_takes_the_same_are_offered_to_compare(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get("/months/2026-07/replay/"))
    titles = {
        name: load_edition(name).title.zh for name in ("service-quality", "training-assessment", "service-process")
    }
    assert [titles[name] in page for name in titles] == [True, True, False]  # S0 and S1 have no total
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text("utf-8")) | {"id": "ours", "version": "7"}
    told = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    publish_edition("system:test", text=told, author="a", effective_from=date(2026, 7, 31))
    page = text(signed_in(cast, "manager").get("/months/2026-07/replay/"))
    assert "没有可与之对照的其他标准" not in page
    assert "推荐标准 7" in page


def test_editions_without_a_common_scheme_are_refused_in_a_sentence(cast: Cast) -> None:
    other = load_edition("service-process")
    response = signed_in(cast, "manager").post("/months/2026-07/replay/", {"edition": other.hash})
    assert response.status_code == 422
    assert not Computation.objects.exists()


def test_X7_totals_of_two_texts_without_a_common_one_are_compared_and_the_page_says_which(cast: Cast) -> None:
    client, other = signed_in(cast, "manager"), load_edition("service-quality")
    asked = {"edition": other.hash, "against": load_edition("recommended").hash}
    address = client.post("/months/2026-07/replay/", asked).headers["Location"]
    done = carry_out(Computation.objects.get())
    assert done.refusal == ""
    page = text(client.get(address))
    assert "两份标准没有相同的总分" in page
    assert "没有排名规则" in page


def test_the_drawing_of_a_replay_reaches_no_farther_than_its_names_can_be_read() -> None:
    def row(person: str, before: int, after: int) -> dict[str, object]:
        sides = {"before": before, "after": after}
        told = {side: {"rank": rank, "total": "80", "standing": "out"} for side, rank in sides.items()}
        return {
            "person": person,
            "name": person,
            "crosses_cut": False,
            "ranks_moved": before - after,
            "causes": [],
            **told,
        }

    rows = [row("near", 3, 1), row("leaves", 1, 32), row("far", 49, 2), row("below", 17, 20)]
    edition = load_edition("recommended")
    replay = Replay(comparable(edition, edition), Computation(moves=rows), is_stale=False)
    assert replay.chart is not None
    assert {move.label for move in replay.chart.moves} == {"near", "leaves"}
    assert [one.person for one in replay.moved] == ["near", "leaves", "far", "below"]


@pytest.mark.parametrize("who", ["agent", "supervisor", "manager"])
@pytest.mark.parametrize(("address", "most"), [("/months/", 17), ("/months/2026-07/", 21), ("result", 27)])
def test_pages_take_a_fixed_number_of_queries(cast: Cast, who: str, address: str, most: int) -> None:
    client = signed_in(cast, who)
    path = reverse("workplace:result", args=[line("1001").pk]) if address == "result" else address
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path)
    assert len(queries) <= most, [query["sql"][:90] for query in queries]


def test_every_page_has_its_address() -> None:
    for name, given in (("months", []), ("month", ["2026-07"]), ("replay", ["2026-07"]), ("month_csv", ["2026-07"])):
        assert reverse(f"workplace:{name}", args=given).startswith("/months/")


def test_X12_the_rate_of_human_review_stands_beside_a_persons_result(cast: Cast) -> None:
    page = text(signed_in(cast, "manager").get(f"/results/{line('1001').pk}/"))
    assert "人工复核率" in page
    assert "0 / 30" in page


def test_X12_a_rate_is_the_same_on_every_page_that_shows_it(cast: Cast) -> None:
    """Of all contacts in the record, those left out of the scores too: 1003 answered one that was a test."""
    client, one, span = signed_in(cast, "manager"), line("1003"), {"from": "2026-07-01", "to": "2026-07-31"}
    of_person, of_day = ReviewRate(0, 33), ReviewRate(0, 7)
    assert client.get("/agents/1003/", span).context["reviewed"] == of_person
    assert client.get(f"/results/{one.pk}/").context["page"].reviewed == of_person
    reader = Reader(open_archive())
    assert rates_of_people(reader, {"1003"}, MONTH) == {"1003": of_person}
    assert rates_of_months(reader, "1003", [MONTH]) == {MONTH: of_person}
    assert client.get("/agents/1003/", {"from": "2026-07-01", "to": "2026-07-01"}).context["reviewed"] == of_day
    assert client.get(f"/results/{one.pk}/days/2026-07-01/").context["reviewed"] == of_day
    for team in ("", "east"):
        month = client.get("/months/2026-07/", {"team": team}).context["page"].reviewed
        assert month == client.get("/overview/", {**span, "team": team}).context["overview"].reviewed


@pytest.mark.parametrize(("who", "opens"), [("manager", True), ("agent", True), ("trainer", False)])
def test_a_day_links_to_its_conversations_only_for_who_may_open_them(cast: Cast, who: str, opens: bool) -> None:
    page = text(signed_in(cast, who).get(f"{reverse('workplace:result', args=[line('1001').pk])}days/2026-07-01/"))
    assert bool(re.search(r'href="/contacts/\w', page)) == opens


SORTS = ("rank", "between", "name", "team", "total", "whisker", "coverage", "contacts", "parts", "change", "marks")


@pytest.mark.parametrize("column", SORTS)
def test_the_ranking_sorts_by_each_column_and_loses_no_line(cast: Cast, column: str) -> None:
    client = signed_in(cast, "manager")
    for way in ("", "-"):
        response = client.get("/months/2026-07/", {"sort": f"{way}{column}"})
        assert response.status_code == 200
        table = response.context["table"]
        assert len(table.rows) == len(PEOPLE)
        assert (table.sorting.name, table.sorting.descending) == (column, way == "-")
        assert f'aria-sort="{"descending" if way else "ascending"}"' in text(response)
        assert table.cut_after is None


def test_names_of_the_ranking_go_by_pinyin_and_intervals_by_their_low_end(cast: Cast) -> None:
    client = signed_in(cast, "manager")
    rows = client.get("/months/2026-07/", {"sort": "whisker"}).context["table"].rows
    lows = [row.result.low for row in rows if row.result.low is not None]
    assert lows == sorted(lows)
    known = [row.result.person for row in client.get("/months/2026-07/", {"sort": "name"}).context["table"].rows]
    assert [one for one in known if one.startswith("100")] == ["1002", "1003", "1001", "1004"]  # li, wang, zhang, zhao


def test_the_list_of_months_sorts_by_what_it_shows(cast: Cast) -> None:
    client = signed_in(cast, "agent")
    for column in ("month", "days", "state", "ranked", "edition", "computed_at", "own"):
        table = client.get("/months/", {"sort": column}).context["table"]
        assert table.sorting.name == column
        assert [line.name for line in table.rows] == ["2026-07"]
