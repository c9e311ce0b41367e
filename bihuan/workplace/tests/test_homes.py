"""Each role begins on a page of its own that holds only what the role may open (S1-1, S3-2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.appraisal.tests.record import lived, steady
from bihuan.inspection.tests.desk_world import drawn, lived_day
from bihuan.people.rules.roles import Role
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.editions import LIBRARY
from bihuan.workplace.web.home import HOMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(tmp_path: Path, settings) -> Cast:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    settings.ROOT_URLCONF = "bihuan.config.urls"
    lived(tmp_path / "archive", {"1003": steady(12)}, {"1003": "west"})
    return make_cast()


def browser(cast: Cast, who: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user(who))
    return client


def test_S1_1_every_role_has_a_home() -> None:
    assert set(HOMES) == set(Role)


def test_S3_2_the_customer_representative_begins_with_the_standard_and_every_link_there_opens(cast: Cast) -> None:
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
    for version in ("2026.1", "2026.2"):
        edition = text.replace('version: "2026.1"', f'version: "{version}"')
        publish_edition("system:test", text=edition, author="house", effective_from=cast.people["agent"].joined)
    client = browser(cast, "customer_representative")
    page = client.get("/").content.decode()
    assert all(words in page for words in ("今日在用标准", "推荐标准 2026.2", "推荐标准 2026.1", "查看差异"))
    main = page[page.index("<main") : page.index("</main")]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]+)', main)}
    assert any("against=" in link for link in links)
    for link in links:
        assert client.get(link).status_code == 200, link


def test_S1_1_technical_support_begins_with_the_own_conversations_and_figures(cast: Cast) -> None:
    page = browser(cast, "technical_support").get("/", {"from": "2026-07-01", "to": "2026-07-31"}).content.decode()
    assert "我的工作台" in page
    assert reverse("workplace:agent", args=["1003"]) in page
    assert "没有接待" not in page


def test_S3_2_what_the_points_are_for_is_drawn_as_the_edition_weighs_it(cast: Cast) -> None:
    page = browser(cast, "customer_representative").get("/").content.decode()
    assert "服务态度 50 %" in page
    assert "≤ 30 秒" in page


def test_whoever_never_served_reads_what_to_do_instead_of_empty_figures(cast: Cast) -> None:
    page = browser(cast, "senior_agent").get("/", {"from": "2026-07-01", "to": "2026-07-31"}).content.decode()
    assert "这段时间没有您的接待记录" in page
    assert 'class="figs"' not in page


def test_a_supervisor_of_one_team_begins_with_its_members_and_not_with_a_table_of_one_team(cast: Cast) -> None:
    page = browser(cast, "supervisor").get("/", {"from": "2026-07-01", "to": "2026-07-31"}).content.decode()
    assert "售后一组 · 成员" in page
    assert reverse("workplace:agent", args=["1001"]) in page
    assert "没有成员确定未达标" in page
    assert "没有成员确定未达标" not in browser(cast, "manager").get("/").content.decode()


def test_S3_13_a_list_of_low_scores_says_how_many_it_leaves_out_to_be_judged_blind(tmp_path: Path, settings) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "archive", "Asia/Shanghai"
    settings.ROOT_URLCONF = "bihuan.config.urls"
    lived_day(tmp_path / "archive")
    cast, draw = make_cast(), drawn()
    open_work = draw.assignments.count()
    period = {"from": draw.day.isoformat(), "to": draw.day.isoformat()}
    page = browser(cast, "inspector").get("/", period).content.decode()
    assert f"本期有 {open_work} 通会话无论得分高低都不列入这里" in page
    assert "无论得分高低都不列入这里" not in browser(cast, "manager").get("/", period).content.decode()
