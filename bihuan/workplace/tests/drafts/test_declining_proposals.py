"""Who may publish is told of a proposal, and may decline it with a reason; its author reads why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.tests.cast import Cast
from bihuan.workplace.drafts import acts as check_drafts
from bihuan.workplace.drafts.acts import DecidedAlready
from bihuan.workplace.drafts.models import CheckDraft, CheckProposal, ProposalDecline
from bihuan.workplace.duties import duties_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
WHY = "正则太宽，命中了促销用语"


@pytest.fixture
def proposal(cast: Cast, draft: CheckDraft) -> CheckProposal:
    return check_drafts.hand_in(cast.user("inspector"), draft=draft, language="zh-hans")


def test_the_publisher_is_told_on_the_home_page_and_the_author_is_not(proposal: CheckProposal, cast: Cast) -> None:
    url = f"/check-proposals/{proposal.pk}/"
    assert url in {one.url for one in duties_of(cast.user("manager"), now())}
    assert url not in {one.url for one in duties_of(cast.user("inspector"), now())}
    assert duties_of(cast.user("supervisor"), now()) == []


def test_the_publisher_declines_with_a_reason_and_the_author_reads_it(
    proposal: CheckProposal, cast: Cast, signed_in: SignIn
) -> None:
    url = f"/check-proposals/{proposal.pk}/"
    manager, author = signed_in("manager"), signed_in("inspector")
    assert "退回原因" in manager.get(url).content.decode()
    assert "退回原因" not in author.get(url).content.decode()
    assert manager.post(f"{url}decline/", {"reason": WHY}).status_code == 302
    told = author.get(url).content.decode()
    assert WHY in told
    assert "郑强" in told
    assert "已退回" in author.get("/check-drafts/").content.decode()
    assert "退回原因" not in manager.get(url).content.decode()
    (news,) = duties_of(cast.user("inspector"), now())
    assert (news.note, news.url, news.tone) == (WHY, url, "bad")
    assert duties_of(cast.user("manager"), now()) == []
    assert Entry.objects.get(verb="workplace_check.declined").data["reason"] == WHY


def test_a_decline_is_for_good_and_needs_words(proposal: CheckProposal, cast: Cast) -> None:
    manager = cast.user("manager")
    with pytest.raises(InputError):
        check_drafts.decline(manager, proposal=proposal, reason=" . ")
    check_drafts.decline(manager, proposal=proposal, reason=WHY)
    with pytest.raises(DecidedAlready):
        check_drafts.decline(manager, proposal=proposal, reason=WHY)
    assert ProposalDecline.objects.count() == 1


@pytest.mark.parametrize("who", ["inspector", "supervisor", "senior_agent", "agent", "administrator", "stranger"])
def test_nobody_else_declines(proposal: CheckProposal, cast: Cast, signed_in: SignIn, who: str) -> None:
    with pytest.raises(NotAllowed):
        check_drafts.decline(cast.user(who), proposal=proposal, reason=WHY)
    assert signed_in(who).post(f"/check-proposals/{proposal.pk}/decline/", {"reason": WHY}).status_code == 404


def test_who_proposes_and_may_publish_declines_the_own_one_not(cast: Cast, proposal: CheckProposal) -> None:
    CheckProposal.objects.update(author=cast.user("manager"))
    with pytest.raises(NotAllowed):
        check_drafts.decline(cast.user("manager"), proposal=proposal, reason=WHY)


def test_a_declined_one_may_be_taken_back(proposal: CheckProposal, cast: Cast) -> None:
    check_drafts.decline(cast.user("manager"), proposal=proposal, reason=WHY)
    check_drafts.take_back(cast.user("inspector"), proposal=proposal)
    assert not CheckProposal.objects.exists()
