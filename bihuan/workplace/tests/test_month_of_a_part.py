"""Pages and files of a month under an edition for a part of the department say in words what was counted."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.tests.part_world import of_part, parted
from bihuan.archive.tests.record_world import World
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.months.scope_words import scope_of_result, scope_of_set

pytestmark = pytest.mark.django_db
WHOLE = "此处只计部门的一部分（渠道：在线；班组：售后一组）：当月 7 个会话中的 2 个。未计入：其他渠道 2，其他班组 2，班组未知 1。"
OWN = "4 个中的 2 个，分布在 3 天中的 2 天。未计入：其他渠道 1，其他班组 1。"


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Iterator[ResultSet]:
    settings.TIME_ZONE, settings.ARCHIVE_ROOT = "Asia/Shanghai", tmp_path / "archive"
    settings.ROOT_URLCONF = "bihuan.config.urls"
    made = of_part(parted(tmp_path / "archive"), tmp_path, channel=["chat"], team=["east"])
    with translation.override("zh-hans"):
        yield made


@pytest.fixture
def manager(kept: ResultSet) -> Client:
    cast: Cast = make_cast()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user("manager"))
    return client


def own(kept: ResultSet) -> Result:
    return kept.results.get(person="8001", scheme="service_quality_month")


def test_the_month_says_the_part_and_how_many_contacts_were_outside_it(manager: Client, kept: ResultSet) -> None:
    page = manager.get(f"/months/2026-07/?set={kept.pk}").content.decode()
    assert WHOLE in page
    assert "仅供对比" in page
    assert "渠道：在线；班组：售后一组 · " in page  # in the list of versions kept


def test_names_of_the_part_that_no_contact_has_are_told(kept: ResultSet, tmp_path: Path) -> None:
    mistyped = of_part(World(tmp_path / "archive"), tmp_path, channel=["chat", "email"], team=["east", "esat"])
    assert scope_of_set(mistyped).endswith("没有会话属于渠道：邮件；班组：esat。")


def test_the_mean_of_a_part_is_not_called_the_departments(manager: Client, tmp_path: Path) -> None:
    chat = of_part(World(tmp_path / "archive"), tmp_path, channel=["chat"])
    page = manager.get(f"/months/2026-07/?set={chat.pk}").content.decode()
    assert "适用范围内均分" in page
    assert "部门均分" not in page


def test_a_result_says_what_of_the_persons_month_counted(manager: Client, kept: ResultSet) -> None:
    page = manager.get(f"/results/{own(kept).pk}/").content.decode()
    assert OWN in page
    assert "channel=chat" in page  # the figures' own pages are narrowed to the same
    assert "team=east" in page


def test_figures_of_several_channels_lead_to_no_page_that_tells_another_number(
    manager: Client, kept: ResultSet, tmp_path: Path
) -> None:
    two = of_part(World(tmp_path / "archive"), tmp_path, channel=["chat", "email"])
    page = manager.get(f"/results/{own(two).pk}/").content.decode()
    assert 'href="/metrics/csat_top2/' not in page
    assert "好评率" in page


def test_the_workbook_names_the_part_and_holds_its_figures_alone(manager: Client, kept: ResultSet) -> None:
    answer = manager.get(f"/months/2026-07/report/?set={kept.pk}")
    book = load_workbook(BytesIO(answer.content))
    origin = {row[0]: row[1] for row in book["来源"].iter_rows(values_only=True)}
    assert origin["适用范围"] == WHOLE
    head, first, *_rest = book["service_quality_month"].iter_rows(values_only=True)
    assert OWN in dict(zip(head, first, strict=True))["适用范围内"]
    figures = [row[:5] for row in book["各团队指标"].iter_rows(values_only=True)]
    assert {(row[0], row[2]) for row in figures if row[1] == "会话量"} == {("east", 2), ("全部", 2)}


def test_the_words_are_english_where_the_reader_is(kept: ResultSet) -> None:
    with translation.override("en"):
        assert scope_of_set(kept) == (
            "Only a part of the department counts here (channel chat; team east): 2 of 7 contacts of the month. "
            "Not counted: another channel 2, another team 2, team not known 1."
        )
        assert "2 of 4 contacts, on 2 of 3 days. Not counted: another channel 1" in scope_of_result(own(kept))
