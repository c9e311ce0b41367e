"""The pages of writing checks: who gets them, faults as one types, runs, and the way to the publishing page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed
from bihuan.people.tests.cast import Cast
from bihuan.standards import models as standards
from bihuan.standards.actions import publish_edition
from bihuan.standards.queries import find_listed
from bihuan.workplace.drafts import acts as check_drafts
from bihuan.workplace.drafts.acts import STARTER, save_text, start_draft
from bihuan.workplace.drafts.models import CheckDraft, CheckProposal, DraftVersion
from bihuan.workplace.tests.drafts.texts import GREETING
from bihuan.workplace.tests.programs.small_record import MOBILE

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip
MAY = {"senior_agent", "supervisor", "inspector", "manager", "administrator"}
HX = {"HX-Request": "true"}
ASKED = {"first": "2026-10-05", "last": "2026-10-06", "size": "20", "seed": "1"}
SignIn = Callable[[str], Client]


def at(draft: CheckDraft, rest: str = "") -> str:
    return f"/check-drafts/{draft.pk}/{rest}"


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_address_is_there_for_who_may_edit_standards_and_for_nobody_else(
    cast: Cast, signed_in: SignIn, who: str
) -> None:
    client = signed_in(who)
    mine = start_draft(cast.user("manager"), base=find_listed("recommended"))
    own = 200 if who == "manager" else 404
    assert client.get("/check-drafts/").status_code == (200 if who in MAY else 404)
    assert client.post("/check-drafts/", {"start": "nothing"}).status_code == (422 if who in MAY else 404)
    assert {client.get(at(mine, rest)).status_code for rest in ("", "edition/")} == {own}
    assert client.post(at(mine, "text/"), {"text": STARTER}).status_code == own
    assert client.post(at(mine, "trial/"), {"text": STARTER, **ASKED}).status_code == own
    assert client.post(at(mine, "restoration/"), {"version": "x"}).status_code == 404
    assert client.get(at(mine, "removal/")).status_code in (404, 405)
    assert client.post(at(mine, "removal/")).status_code == (302 if who == "manager" else 404)


def test_who_is_not_signed_in_is_sent_to_sign_in(draft: CheckDraft) -> None:
    for url in ("/check-drafts/", at(draft), at(draft, "edition/")):
        assert Client().get(url)["Location"].startswith("/accounts/login/")


def test_a_draft_starts_from_an_edition_that_is_shipped_or_published(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("inspector")
    answer = client.post("/check-drafts/", {"start": "service-quality"})
    made = CheckDraft.objects.get()
    assert (answer["Location"], made.base_slug, made.text) == (at(made), "service-quality", STARTER)
    text = check_drafts.edition_of_draft(
        start_draft(cast.user("inspector"), base=find_listed("recommended")), "zh"
    ).text
    row = publish_edition(cast.user("manager"), text=text, author="3001", effective_from=date(2026, 1, 1))
    page = client.get("/check-drafts/").content.decode()
    assert f'value="{row.hash}/my_check"' in page
    client.post("/check-drafts/", {"start": f"{row.hash}/my_check"})
    assert CheckDraft.objects.first().text == STARTER  # type: ignore[union-attr] # just made
    assert f'value="{row.hash}" selected' in client.get(f"/check-drafts/?from={row.hash}").content.decode()


def test_faults_are_told_as_one_types_and_nothing_typed_is_lost(draft: CheckDraft, signed_in: SignIn) -> None:
    client = signed_in("inspector")
    broken = STARTER.replace("met: rules", "met: rules and zzz")
    answer = client.post(at(draft, "text/"), {"text": broken}, headers=HX).content.decode()
    assert 'data-line="10"' in answer
    assert "没有条件“zzz”" in answer
    assert "<html" not in answer
    assert broken in unescape(client.get(at(draft)).content.decode())
    good = client.post(at(draft, "text/"), {"text": STARTER.replace("\n", "\r\n")}, headers=HX).content.decode()
    assert "定义可以读取" in good
    assert draft.text == STARTER


def test_typing_in_one_sitting_is_one_version_and_each_earlier_one_can_stand_again(
    cast: Cast, draft: CheckDraft, signed_in: SignIn
) -> None:
    user = cast.user("inspector")
    for text in ("a\n", "ab\n", "abc\n"):
        save_text(user, draft=draft, text=text)
    assert [one.text for one in draft.versions.all()] == ["abc\n", STARTER]
    old = timedelta(minutes=3)
    DraftVersion.objects.filter(pk=draft.newest.pk).update(saved_at=draft.newest.saved_at - old)
    save_text(user, draft=draft, text="abcd\n")
    assert [one.text for one in draft.versions.all()] == ["abcd\n", "abc\n", STARTER]
    first = draft.versions.last()
    assert first is not None
    client = signed_in("inspector")
    assert client.post(at(draft, "restoration/"), {"version": first.pk}).status_code == 302
    assert [one.text for one in draft.versions.all()] == [STARTER, "abcd\n", "abc\n", STARTER]
    for number in range(check_drafts.KEPT_VERSIONS + 5):
        save_text(user, draft=draft, text=f"{number}\n", stays=True)
    assert draft.versions.count() == check_drafts.KEPT_VERSIONS


def test_nobody_writes_at_somebody_elses_draft(cast: Cast, draft: CheckDraft) -> None:
    with pytest.raises(NotAllowed):
        save_text(cast.user("manager"), draft=draft, text="x")
    with pytest.raises(NotAllowed):
        start_draft(cast.user("agent"), base=find_listed("recommended"))


def test_a_run_shows_counts_hits_near_misses_examples_and_changes_with_links(
    draft: CheckDraft, signed_in: SignIn
) -> None:
    answer = signed_in("inspector").post(at(draft, "trial/"), {"text": GREETING, **ASKED}, headers=HX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "6 次会话中的 6 次" in page
    assert "种子 1" in page
    assert '<mark class="is-bad">您好</mark>' in page
    assert "offer / script" in page
    assert "40 %" in page
    assert "6 个结论中有 1 个改变" in page
    assert "满足 → 违反" in page
    assert "张三" in page
    assert page.count("/contacts/") > 5
    assert 'id="faults"' in page
    assert draft.newest.stays


def test_personal_data_stays_masked_in_what_a_run_quotes(draft: CheckDraft, signed_in: SignIn) -> None:
    text = GREETING.replace("met: hello and (offer or script) and not refund", "met: not phoned").replace(
        "refund: {speaker: customer, words: [退款]}", "phoned: {speaker: customer, words: [我的电话]}"
    )
    text = text.replace('["C: 在吗", "A: 在"]', '["C: 我的电话", "A: 在"]')
    page = signed_in("inspector").post(at(draft, "trial/"), {"text": text, **ASKED}, headers=HX).content.decode()
    assert '<mark class="is-bad">我的电话</mark>' in page
    assert "138****5678" in page
    assert MOBILE not in page


def test_a_run_shows_only_people_and_conversations_one_may_see(cast: Cast, signed_in: SignIn) -> None:
    draft = start_draft(cast.user("supervisor"), base=find_listed("recommended"))  # leads the east team: c1, c2, c4
    text = GREETING.replace("met: hello and (offer or script) and not refund", "met: offer and refund")
    page = signed_in("supervisor").post(at(draft, "trial/"), {"text": text, **ASKED}, headers=HX).content.decode()
    assert "3 次会话中的 3 次" in page
    assert "张三" in page
    assert "王五" not in page


def test_a_run_is_refused_in_words_and_without_script_answers_the_whole_page(
    draft: CheckDraft, signed_in: SignIn
) -> None:
    client = signed_in("inspector")
    for changed, words in (
        ({"size": "9999"}, "2000"), ({"size": "0"}, "20"), ({"last": "2026-10-01"}, "结束日期早于起始日期"),
        ({"first": "2020-01-01"}, "一次至多 92 天"), ({"seed": "x"}, "种子"), ({"text": "a: ["}, "请先改正"),
    ):  # fmt: skip
        answer = client.post(at(draft, "trial/"), {"text": STARTER, **ASKED, **changed}, headers=HX)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    whole = client.post(at(draft, "trial/"), {"text": GREETING, **ASKED}).content.decode()
    assert "<html" in whole
    assert "6 次会话中的 6 次" in whole
    assert "style=" not in whole


def test_errors_stop_the_new_edition_with_their_sentences(cast: Cast, draft: CheckDraft, signed_in: SignIn) -> None:
    client = signed_in("inspector")
    save_text(cast.user("inspector"), draft=draft, text="a: [")
    assert client.get(at(draft, "edition/"))["Location"] == at(draft)
    save_text(cast.user("inspector"), draft=draft, text=STARTER.replace("A: 7天内可以退", "A: 稍等"))
    page = client.get(at(draft, "edition/")).content.decode()
    assert "第 1 个示例应为" in page
    assert "提交批准" not in page
    refused = client.post(at(draft, "edition/"))
    assert refused.status_code == 409
    assert not CheckProposal.objects.exists()


def test_a_draft_becomes_an_edition_that_somebody_else_publishes(
    cast: Cast, draft: CheckDraft, signed_in: SignIn
) -> None:
    author, approver = signed_in("inspector"), signed_in("manager")
    page = author.get(at(draft, "edition/")).content.decode()
    assert "recommended 2026.1 → 2026.2" in page
    answer = author.post(at(draft, "edition/"))
    proposal = CheckProposal.objects.get()
    assert answer["Location"] == f"/check-proposals/{proposal.pk}/"
    assert Entry.objects.filter(verb="workplace_check.handed_in").count() == 1
    assert author.post(at(draft, "edition/")).status_code == 409
    assert "前往发布" not in author.get(answer["Location"]).content.decode()
    asked = approver.get(answer["Location"])
    form = asked.context["form"]
    assert form["author"].value() == "3001"
    values = {"text": proposal.text, "author": "3001", "effective_from": "2026-12-01", "supersedes": ""}
    looked = approver.post("/standards/publication/", {**values, "check": ""})
    assert looked.status_code == 200
    assert 'name="publish"' in looked.content.decode()
    approver.post("/standards/publication/", {**values, "publish": ""})
    published = standards.Edition.objects.get()
    assert (published.hash, published.author, published.approver) == (proposal.hash, "3001", "5001")
    after = approver.get(answer["Location"]).content.decode()
    assert f"/standards/{published.hash}/" in after
    assert "前往发布" not in after


def test_the_author_follows_or_takes_back_and_others_who_may_not_publish_see_nothing(
    cast: Cast, draft: CheckDraft, signed_in: SignIn
) -> None:
    proposal = check_drafts.hand_in(cast.user("inspector"), draft=draft, language="zh-hans")
    url = f"/check-proposals/{proposal.pk}/"
    assert [signed_in(who).get(url).status_code for who in ("inspector", "manager", "supervisor", "agent")] == [200, 200, 404, 404]  # fmt: skip
    assert signed_in("manager").post(f"{url}removal/").status_code == 404
    assert signed_in("inspector").post(f"{url}removal/").status_code == 302
    assert not CheckProposal.objects.exists()
    assert Entry.objects.filter(verb="workplace_check.taken_back").count() == 1


def test_dropping_a_draft_leaves_what_was_handed_in(cast: Cast, draft: CheckDraft, signed_in: SignIn) -> None:
    check_drafts.hand_in(cast.user("inspector"), draft=draft, language="zh-hans")
    signed_in("inspector").post(at(draft, "removal/"))
    assert not CheckDraft.objects.exists()
    assert CheckProposal.objects.get().draft is None


def test_the_list_takes_a_fixed_number_of_queries(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in("inspector"), []
    for _round in range(2):
        with django_assert_max_num_queries(40) as counted:
            client.get("/check-drafts/")
        counts.append(len(counted))
        for _time in range(3):
            start_draft(cast.user("inspector"), base=find_listed("recommended"))
    assert counts[1] == counts[0] + 1  # the versions of all drafts in one


def test_the_pages_of_standards_lead_here(signed_in: SignIn, draft: CheckDraft) -> None:
    client = signed_in("inspector")
    assert 'href="/check-drafts/"' in client.get("/standards/").content.decode()
    assert 'href="/check-drafts/?from=recommended"' in client.get("/standards/recommended/").content.decode()
    assert "/check-drafts/" not in signed_in("agent").get("/standards/recommended/").content.decode()
