"""The page of a conversation: what stands on it, for whom, and that nothing hostile or private gets through."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.workplace.tests.contacts.record import ADDRESS, MOBILE, WIDE_MOBILE

SignIn = Callable[[str], Client]
EAST = {"agent", "supervisor", "manager", "inspector"}
WEST = {"technical_support", "manager", "inspector"}
EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor", "inspector",
    "trainer", "manager", "administrator", "stranger",
]  # fmt: skip


def page(client: Client, contact_id: str, **query: str) -> str:
    answer = client.get(f"/contacts/{contact_id}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_conversation_exists_only_for_who_may_see_it(signed_in: SignIn, who: str) -> None:
    client = signed_in(who)
    for contact_id, may in (("leak", EAST), ("west", WEST), ("nothing-like-it", set())):
        wanted = 200 if who in may else 404
        assert client.get(f"/contacts/{contact_id}/").status_code == wanted
        for way in ("next", "previous"):
            assert client.get(f"/contacts/{contact_id}/{way}/").status_code == (302 if who in may else 404)


def test_who_is_not_signed_in_is_sent_to_sign_in(cast: object) -> None:
    for url in ("/contacts/", "/contacts/leak/", "/contacts.csv", "/contacts/leak/next/"):
        assert Client().get(url).status_code == 302


def test_S2_6_S4_4_no_page_holds_unmasked_personal_data_of_either_side(signed_in: SignIn) -> None:
    for contact_id in ("leak", "phone-number"):
        text = page(signed_in("manager"), contact_id)
        assert not [number for number in (MOBILE, WIDE_MOBILE, ADDRESS, "中山路18号") if number in text]
        assert "****" in text


def test_verdicts_and_their_words_share_a_name(signed_in: SignIn) -> None:
    text = page(signed_in("manager"), "leak")
    spans = re.findall(r'<(?:span|div) class="[^"]*\bev ev-(?:whole ev-)?(\w+)"[^>]*? data-check="([^"]+)"', text)
    rows = set(re.findall(r'<li class="vrow ct-verdict" data-check="([^"]+)"', text))
    assert {"greeting", "forbidden_promise", "personal_data_leak"} <= {
        name for _tone, names in spans for name in names.split()
    }
    assert {name for _tone, names in spans for name in names.split()} <= rows
    assert any(tone == "bad" and "personal_data_leak" in names.split() for tone, names in spans)
    assert re.search(r'data-check="[^"]*\bgreeting\b[^"]*"[^>]*>您好', text), (
        "emoji before the words must not shift them"
    )


def test_the_unfailed_score_stands_beside_a_fatal_zero_and_rules_lead_to_the_edition(signed_in: SignIn) -> None:
    answer = signed_in("manager").get("/contacts/leak/")
    score = answer.context["page"].score
    assert (score.value, score.fatal) == (0, ["泄露个人信息"])
    text = answer.content.decode()
    assert text.count(score.without_fatal) >= 2
    assert re.search(r'href="/standards/[0-9a-f]{64}/#checks.personal_data_leak"', text)
    quoted = [row.label for row in answer.context["page"].tree_rows if row.kind == "span"]
    assert any("100%" in label for label in quoted)
    assert not any(ADDRESS in label for label in quoted)


def test_ratings_and_complaints_stand_in_the_record_masked(signed_in: SignIn) -> None:
    parts = {part.name: part for part in signed_in("manager").get("/contacts/leak/").context["page"].raw}
    assert [row[1] for row in parts["评价"].rows] == ["2"]
    assert "138****5621" in parts["评价"].rows[0][3]
    assert len(parts["投诉台账"].rows) == 1
    assert len(parts["事件"].rows) == 2


def test_hostile_text_is_text(signed_in: SignIn) -> None:
    text = page(signed_in("manager"), "script")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert" in text
    assert not set(text) & set("\x00\x07\u202e\u2066")
    assert "مرحبا" in text
    assert 'dir="auto"' in text


def test_a_megabyte_in_one_message_is_cut_and_said(signed_in: SignIn) -> None:
    text = page(signed_in("manager"), "long")
    assert len(text) < 200_000
    assert "980,000" in text


def test_a_letter_keeps_its_lines(signed_in: SignIn) -> None:
    text = page(signed_in("manager"), "letter")
    assert "东西坏了。\n\n此致" in text
    assert '<div class="bubble ct-text' in text


def test_without_times_there_are_no_clocks_and_it_is_said_once(signed_in: SignIn) -> None:
    text = page(signed_in("manager"), "undated-a")
    assert text.count("来源没有提供时间") == 1
    assert not re.search(r"\d\d:\d\d:\d\d", text.partition("<aside")[2].partition("<aside")[0])
    assert "尚未判定" in text


def test_a_long_wait_is_drawn_and_whose_it_was(signed_in: SignIn) -> None:
    lines = signed_in("manager").get("/contacts/silent/").context["page"].transcript.lines
    assert [(line.length, line.late) for line in lines if line.kind == "gap"] == [("6 分 30 秒", False)]


def test_X2_queue_and_customers_wait_are_team_figures_and_the_reply_is_the_persons(signed_in: SignIn) -> None:
    timings = {one.label: one for one in signed_in("manager").get("/contacts/leak/").context["page"].timings}
    assert timings["排队"].note == timings["客户首次响应"].note == "团队指标"
    assert timings["坐席首次响应"].target.met is True
    assert timings["坐席首次响应"].note == ""


def test_a_page_takes_a_fixed_number_of_queries(signed_in: SignIn) -> None:
    manager, counts = signed_in("manager"), {}
    for contact_id in ("leak", "letter", "long", "undated-a"):
        with CaptureQueriesContext(connection) as made:
            page(manager, contact_id)
        counts[contact_id] = len(made)
    unjudged = counts.pop("undated-a")  # shows no verdicts: nobody need remember who saw them
    assert len(set(counts.values())) == 1
    assert unjudged <= counts["leak"] <= 27


def test_neighbours_follow_the_filters_of_the_list(signed_in: SignIn) -> None:
    manager, asked = signed_in("manager"), {"from": "2026-03-11", "to": "2026-03-11", "q": "发票"}
    onward = manager.get("/contacts/tie-a/next/", asked)["Location"]
    assert onward.startswith("/contacts/tie-b/?")
    assert "q=%E5%8F%91%E7%A5%A8" in onward
    assert manager.get("/contacts/tie-b/previous/", asked)["Location"].startswith("/contacts/tie-a/?")
    assert manager.get("/contacts/tie-c/next/", asked)["Location"].startswith("/contacts/tie-c/?")


def test_verdicts_of_another_edition_are_asked_for_by_its_hash_and_nonsense_is_no_page(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    other = manager.get("/contacts/leak/", {"edition": "service-quality"})
    assert other.status_code == 200
    assert "尚未判定" in other.content.decode()
    assert re.search(r'href="\?edition=[0-9a-f]{64}"', other.content.decode())
    for junk in ("../../etc/passwd", "0000000000", "x\x00"):
        assert manager.get("/contacts/leak/", {"edition": junk}).status_code in (200, 404)


def test_english_speakers_read_english_reasons(signed_in: SignIn) -> None:
    client = signed_in("manager")
    client.cookies["django_language"] = "en"
    assert "Absolute promise" in page(client, "leak") or "absolute" in page(client, "leak").lower()
