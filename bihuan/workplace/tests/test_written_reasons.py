"""Where the score cannot tell who is among the best, the result's page takes a written reason and shows it everywhere."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.cut import write_cut_reason
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.tests.record import MONTH, lived, trusted
from bihuan.appraisal.tests.test_cut_reasons import PEOPLE, SCHEME, WHY
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
PAGE = "/months/2026-07/"


@pytest.fixture(scope="module")
def record_root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("record")
    lived(root, PEOPLE)
    return root


@pytest.fixture
def cast(record_root: Path, settings) -> Cast:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = record_root, "Asia/Shanghai"
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return make_cast()


@pytest.fixture
def month(cast: Cast) -> ResultSet:
    trusted(cast, load_edition("recommended"))
    return appraised()


def appraised() -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended")


def browser(cast: Cast, who: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def line(month: ResultSet, person: str) -> Result:
    return month.results.get(scheme=SCHEME, person=person)


def page_of(result: Result) -> str:
    return reverse("workplace:result", args=[result.pk])


def send(client: Client, result: Result, **fields: str):
    return client.post(reverse("workplace:cut_reasons", args=[result.pk]), fields)


def test_X16_X17_a_supervisor_writes_the_reason_on_the_result_and_the_month_says_it(
    month: ResultSet, cast: Cast
) -> None:
    one, client = line(month, "1001"), browser(cast, "supervisor")
    assert "保存理由" in client.get(page_of(one)).content.decode()
    answer = send(client, one, decision="in", reason=WHY)
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(one))
    shown = client.get(page_of(one)).content.decode()
    assert shown.count(WHY) == 2  # among the reasons of the rank, and with who wrote it
    assert "周敏" in shown
    ranking = client.get(PAGE).content.decode()
    assert "凭书面理由入选" in ranking
    assert "还有 1 人需要书面理由" in ranking  # the third has a fatal item


def test_X17_the_person_reads_the_reason_and_writes_none(month: ResultSet, cast: Cast) -> None:
    one = line(month, "1001")
    write_cut_reason(cast.user("manager"), result=one, is_in=False, reason=WHY)
    client = browser(cast, "agent")
    shown = client.get(page_of(one)).content.decode()
    assert WHY in shown
    assert "保存理由" not in shown
    assert send(client, one, decision="in", reason="我自己").status_code == 404
    assert CutReason.objects.count() == 1


def test_X16_a_refused_form_says_why_and_keeps_what_was_entered(month: ResultSet, cast: Cast) -> None:
    client = browser(cast, "manager")
    empty = send(client, line(month, "1001"), reason=WHY)
    assert empty.status_code == 422
    assert WHY in empty.content.decode()
    fatal = send(client, line(month, "8001"), decision="in", reason=WHY)
    assert fatal.status_code == 409
    assert "X17" in fatal.content.decode()
    separable = send(client, line(month, "8002"), decision="in", reason=WHY)
    assert separable.status_code == 409
    assert CutReason.objects.count() == 0
    assert "保存理由" not in client.get(page_of(line(month, "8002"))).content.decode()


@pytest.mark.parametrize("who", ["inspector", "trainer", "senior_agent", "administrator", "stranger"])
def test_who_does_not_explain_results_finds_no_form_and_no_address(month: ResultSet, cast: Cast, who: str) -> None:
    client, one = browser(cast, who), line(month, "1001")
    assert send(client, one, decision="in", reason=WHY).status_code == 404
    assert "保存理由" not in client.get(page_of(one)).content.decode()


def test_X16_files_and_the_letter_carry_the_reason(month: ResultSet, cast: Cast) -> None:
    write_cut_reason(cast.user("supervisor"), result=line(month, "1001"), is_in=True, reason=WHY)
    client = browser(cast, "manager")
    assert WHY in client.get(f"{PAGE}csv/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}report/").content))
    head, *rows = book[SCHEME].iter_rows(values_only=True)
    told = {row[3]: row[head.index("书面理由")] for row in rows}
    assert (told["1001"], told["1002"]) == (WHY, None)
    assert client.get(reverse("workplace:result_document", args=[line(month, "1001").pk])).status_code == 200


def test_the_workbook_tells_the_figures_of_teams_and_of_all_and_why_one_is_missing(
    month: ResultSet, cast: Cast
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(browser(cast, "manager").get(f"{PAGE}report/").content))
    head, *rows = book["各团队指标"].iter_rows(values_only=True)
    whole = {row[head.index("指标")]: row for row in rows if row[0] == "全部"}
    assert whole["会话量"][head.index("数值")] == sum(
        row[head.index("数值")] for row in rows if row[0] != "全部" and row[head.index("指标")] == "会话量"
    )
    missing = [row for row in rows if row[head.index("数值")] is None]
    assert missing
    assert all("\u4e00" <= row[-1][0] <= "\u9fff" for row in missing)  # in words, not by a code


def test_X16_X17_a_provisional_month_says_that_it_decides_nothing_and_refuses_a_reason_sent_to_it(cast: Cast) -> None:
    one, client = line(appraised(), "1001"), browser(cast, "manager")
    shown = client.get(page_of(one)).content.decode()
    assert "试行" in shown
    assert "保存理由" not in shown
    refused = send(client, one, decision="in", reason=WHY)
    assert (refused.status_code, CutReason.objects.count()) == (409, 0)
    assert "不作任何决定" in refused.content.decode()
    assert "试行：暂不作决定" in client.get(PAGE).content.decode()
