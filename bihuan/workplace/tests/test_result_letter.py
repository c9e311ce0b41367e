"""One person's month on paper: the figures of the page, its reasons, lines to sign; for nobody the page is not for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.appraisal.models import Result
from bihuan.appraisal.queries import day_scores
from bihuan.people.tests.cast import Cast
from bihuan.ui import formats
from bihuan.ui.tests.pdf_reading import Read, read_pdf
from bihuan.workplace.tests.test_month_pages import EVERYBODY, LINES
from bihuan.workplace.tests.test_month_pages import cast as cast
from bihuan.workplace.tests.test_month_pages import made as made
from bihuan.workplace.tests.test_month_pages import month as month
from bihuan.workplace.tests.test_month_pages import record_root as record_root

SCHEME = "service_quality_month"


def result_of(person: str) -> Result:
    return Result.objects.select_related("set").filter(person=person, scheme=SCHEME).latest("set__sequence")


def asked(cast: Cast, who: str, result: Result, language: str = "zh-CN"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("workplace:result_document", args=[result.pk]))


def letter(cast: Cast, who: str, result: Result, language: str = "zh-CN") -> Read:
    answer = asked(cast, who, result, language)
    assert answer["Content-Type"] == "application/pdf"
    return read_pdf(answer.content)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_letter_is_there_for_who_may_see_the_person_and_for_nobody_else(cast: Cast, who: str) -> None:
    for person in ("1001", "1003"):
        status = asked(cast, who, result_of(person)).status_code
        assert status == (200 if person in LINES.get(who, set()) else 404)


def test_S3_14_the_letter_tells_total_terms_days_and_why_as_the_page_does(cast: Cast) -> None:
    result = result_of("1002")
    found = letter(cast, "manager", result)
    for term in result.tree["children"]:
        assert f"{term['label']['zh']}{formats.number(float(term['weight']), 2)}" in found.text
    for words in (
        formats.number(result.total, 2),
        result.set.edition_hash[:12],
        "为什么是这个名次",
        "主管日期",
        "人工复核率",
    ):
        assert words in found.text
    for day in day_scores(result):
        assert f"{day.day}{formats.number(day.value, 2)}{day.n}" in found.text
    assert found.boxes == 0
    assert found.pages == 1


def test_X12_the_rate_of_human_review_stands_on_the_letter(cast: Cast) -> None:
    assert "人工复核率0.0%(0/" in letter(cast, "manager", result_of("1001")).text


def test_the_person_is_told_until_when_to_appeal_and_in_their_language(cast: Cast) -> None:
    assert "个工作日内裁定" in letter(cast, "agent", result_of("1001")).text
    assert "Whythisrank" in letter(cast, "agent", result_of("1001"), "en").text
    assert "个工作日内裁定" not in letter(cast, "manager", result_of("1001")).text


def test_who_has_no_rank_reads_why(cast: Cast) -> None:
    result = result_of("1004")
    assert result.rank is None
    assert "不排名" in letter(cast, "manager", result).text or "无名次" in letter(cast, "manager", result).text


def test_the_page_leads_to_its_letter(cast: Cast) -> None:
    result = result_of("1001")
    client = Client()
    client.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("workplace:result", args=[result.pk])).content.decode()
    assert reverse("workplace:result_document", args=[result.pk]) in page
