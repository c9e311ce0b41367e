"""Reviews on third-party platforms: the list to work through, the link by hand, where a contact shows its reviews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from bihuan.archive.linking import told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.sources.importer import import_file
from bihuan.archive.tests.record_world import World
from bihuan.inspection.models import JudgingRun, ReviewLink, ScreenedReview
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import DAY, drawn
from bihuan.journal.models import Entry
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.imports.acts import carry_out, confirm, hand_in
from bihuan.workplace.imports.page import ImportPage
from bihuan.workplace.tests.test_callbacks import EVERYBODY, browser

pytestmark = pytest.mark.django_db
REVIEWS = """平台,评价编号,会话编号,订单号,客户编号,评价时间,星级,评价内容
商城,1,,,c03,2026-07-03 09:00:00,1,"打 13800005621 没人接<script>alert(1)</script>"
商城,2,,,nobody,2026-07-03 09:00:00,2,=HYPERLINK("x")
商城,3,,A-7788,,2026-07-03 09:00:00,1,谁也没认出来
商城,4,,,c04,2026-07-03 09:00:00,5,很好
商城,5,,,,2026-07-03,1,
"""


@pytest.fixture
def cast(lived: World, settings: Any) -> Cast:  # noqa: F811 - the fixture
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return make_cast()


@pytest.fixture
def reviews(lived: World, tmp_path: Path) -> dict[str, str]:  # noqa: F811 - the fixture
    """number on the platform → id"""
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    assert import_file(file, "platform-reviews", lived.archive).rejected == {}
    rows = told_reviews(Reader(lived.archive)).to_dicts()
    return {row["external_id"].removeprefix("商城/"): row["review_id"] for row in rows}


def shown(client: Client, **asked: str) -> dict[str, str]:
    """Per review (its number) what its line says of the conversation."""
    rows = client.get("/platform-reviews/", asked).context["table"].rows
    return {row.row["external_id"].removeprefix("商城/"): row.how for row in rows}


def test_S3_11_the_list_holds_the_negative_reviews_nobody_could_link_each_with_its_reason(
    cast: Cast, reviews: dict[str, str]
) -> None:
    inspector = browser(cast, "inspector")
    assert shown(inspector) == {
        "2": "未对应：该客户在时限内没有会话",
        "3": "未对应：没有会话或客户编号",
        "5": "未对应：没有会话或客户编号",
    }
    assert shown(inspector, show="negative") == {**shown(inspector), "1": "按客户与时间对应"}
    assert set(shown(inspector, show="all")) == {"1", "2", "3", "4", "5"}
    page = inspector.get("/platform-reviews/", {"show": "all"}).content.decode()
    assert "等待下一次抽取" in page
    assert '<a href="/contacts/c03/">' in page
    assert shown(inspector, show="nonsense") == shown(inspector)


def test_personal_data_is_masked_and_hostile_words_are_words(cast: Cast, reviews: dict[str, str]) -> None:
    inspector = browser(cast, "inspector")
    for address in ("/platform-reviews/?show=all", f"/platform-reviews/{reviews['1']}/", "/contacts/c03/"):
        page = inspector.get(address).content.decode()
        assert "138****5621" in page, address
        assert "13800005621" not in page
        assert "<script>alert" not in page
    page = inspector.get("/platform-reviews/").content.decode()
    assert ("A-****88" in page, "A-7788" in page, "nobody" in page) == (True, False, False)
    file = inspector.get("/platform-reviews/", {"show": "all", "as": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in file
    assert "13800005621" not in file
    assert Entry.objects.get(verb="platform_reviews.exported").data == {"show": "all", "rows": 5}


def test_S3_11_somebody_links_a_review_by_hand_and_the_list_grows_shorter(cast: Cast, reviews: dict[str, str]) -> None:
    inspector = browser(cast, "inspector")
    address = f"/platform-reviews/{reviews['2']}/"
    said = {"contact": "other", "number_of_contact": "c05", "why": "客户来电 13800005621 说的"}
    assert inspector.post(address, said).status_code == 302
    assert set(shown(inspector)) == {"3", "5"}
    link = ReviewLink.objects.get()
    assert (link.contact_id, link.linked_by, link.why) == ("c05", cast.user("inspector"), "客户来电 13800005621 说的")
    assert Entry.objects.get(verb="platform_review.linked").data == {"contact": "c05"}
    page = inspector.get(address).content.decode()
    assert "客户来电 138****5621 说的" in page
    assert cast.people["inspector"].name in page
    none = {"contact": "none", "why": "说的是别家"}
    assert inspector.post(f"/platform-reviews/{reviews['3']}/", none).status_code == 302
    assert set(shown(inspector)) == {"5"}
    assert shown(inspector, show="negative")["3"] == "与我们的会话无关"


def test_the_customers_conversations_are_put_to_choose_from(cast: Cast, reviews: dict[str, str]) -> None:
    inspector = browser(cast, "inspector")
    address = f"/platform-reviews/{reviews['1']}/"
    answer = inspector.get(address)
    assert [row["contact_id"] for row in answer.context["candidates"]] == ["c03"]
    assert inspector.post(address, {"contact": "c03", "why": "看过订单"}).status_code == 302
    assert shown(inspector, show="negative")["1"] == "人工对应"
    assert inspector.post(address, {"contact": "c07", "why": "不在可选之列"}).status_code == 422


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"contact": "other", "number_of_contact": "没有", "why": "x"}, "没有这个编号的会话"),
        ({"contact": "other", "number_of_contact": "c01\x00", "why": "x"}, "空字符"),
        ({"contact": "other", "why": "x"}, "请填写会话编号"),
        ({"contact": "none", "why": " "}, "必填"),
        ({"why": "x"}, "必填"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_form(
    cast: Cast, reviews: dict[str, str], said: dict[str, str], words: str
) -> None:
    answer = browser(cast, "inspector").post(f"/platform-reviews/{reviews['2']}/", said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ReviewLink.objects.exists()


@pytest.mark.parametrize("who", EVERYBODY)
def test_reviews_are_for_who_evaluates_and_nobody_else_finds_one(cast: Cast, reviews: dict[str, str], who: str) -> None:
    client = browser(cast, who)
    told = 200 if who in {"inspector", "manager"} else 404
    assert client.get("/platform-reviews/").status_code == told
    assert client.get(f"/platform-reviews/{reviews['2']}/").status_code == told
    assert client.post(f"/platform-reviews/{reviews['2']}/", {"contact": "none", "why": "x"}).status_code in (302, 404)
    assert ReviewLink.objects.exists() == (told == 200)
    assert client.get("/platform-reviews/no-such-review/").status_code == 404


def test_S3_9_a_contact_shows_its_reviews_apart_from_its_ratings(cast: Cast, reviews: dict[str, str]) -> None:
    def parts(contact: str) -> dict[str, list[Any]]:
        page = browser(cast, "manager").get(f"/contacts/{contact}/").context["page"]
        return {part.name: list(part.rows) for part in page.raw}

    assert [(row[0], row[1]) for row in parts("c03")["平台评价"]] == [("商城", "1 / 5")]
    assert parts("c03")["评价"] == []
    assert "平台评价" not in parts("c05")
    said = {"contact": "other", "number_of_contact": "c05", "why": "x"}
    browser(cast, "inspector").post(f"/platform-reviews/{reviews['1']}/", said)
    assert "平台评价" not in parts("c03")
    assert len(parts("c05")["平台评价"]) == 1


def test_S3_11_the_list_says_what_the_screening_made_of_each(cast: Cast, lived: World) -> None:  # noqa: F811 - the fixture
    drawn()
    assert not ScreenedReview.objects.exists()
    page = browser(cast, "inspector").get("/platform-reviews/").content.decode()
    assert "还没有平台评价" in page
    assert "/imports/" not in page.partition("<main")[2], "who may not import is told who brings them"
    assert "/imports/" in browser(cast, "manager").get("/platform-reviews/").content.decode().partition("<main")[2]


def test_every_word_is_there_in_both_languages(cast: Cast, reviews: dict[str, str]) -> None:
    english = Client(headers={"accept-language": "en"})
    english.force_login(cast.user("inspector"))
    page = english.get("/platform-reviews/?show=all").content.decode()
    assert "linked by customer and time" in page
    assert "Waits for the next draw" in page
    assert "About none" not in page
    assert "How do you know?" in english.get(f"/platform-reviews/{reviews['2']}/").content.decode()


def test_S3_9_an_import_says_how_many_are_linked_and_judges_nothing_anew(
    cast: Cast, lived: World, tmp_path: Path, settings: Any  # noqa: F811 - the fixture
) -> None:  # fmt: skip
    settings.HOME = tmp_path
    manager = cast.user("manager")
    row = carry_out(hand_in(manager, name="评价.csv", content=[REVIEWS.encode()], source="platform-reviews"))
    assert row.problem == ""
    with translation.override("zh-hans"):
        preview = ImportPage(row, row.uploaded_at)
        assert (preview.unlinked, dict(preview.links)["按客户与时间对应"]) == (3, 2)
    carry_out(confirm(manager, row=row))
    row.refresh_from_db()
    assert row.aftermath["judging_runs"] == 0
    assert not JudgingRun.objects.exists()
    entry = Entry.objects.get(verb="record_import.finished")
    assert (entry.data["linked"], entry.data["unlinked"]) == (2, 3)
    page = browser(cast, "manager").get(f"/imports/{row.pk}/").content.decode()
    assert '<a href="/platform-reviews/?show=all">3</a>' in page
    assert "未对应：该客户在时限内没有会话" in page
    assert DAY.isoformat() not in page
