"""The pages of calibration: who reaches what, what stays hidden until a session is closed, what the result shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions.calibrating import close_calibration
from bihuan.inspection.actions.rating import comment_in_rating, rate_item
from bihuan.inspection.models import Calibration, Rating, RatingComment
from bihuan.inspection.tests.calibration_world import also, closed, made, rated, rated_by_all
from bihuan.inspection.tests.desk_world import DAY, drawn, mine
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(lived: World, cast: Cast) -> Calibration:
    return made(cast)


def browser(user: User, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(name: str, session: Calibration, *more: int) -> str:
    return reverse(f"inspection:{name}", args=[session.pk, *more])


def form(cast: Cast, **more: object) -> dict[str, object]:
    asked = {
        "name": "七月校准", "expert": cast.people["manager"].pk, "due": timezone.localdate() + timedelta(days=2),
        "raters": [cast.people["inspector"].pk, cast.people["senior_agent"].pk], "first": DAY, "last": DAY, "most": 3, "seed": 5,
        "contacts": "",
    }  # fmt: skip
    return {**asked, **more}


def test_the_supervisor_calls_a_session_on_the_page(lived: World, cast: Cast) -> None:
    client = browser(cast.user("supervisor"))
    assert "孙楠 3001" in client.get(reverse("inspection:new_calibration")).content.decode()
    page = client.post(reverse("inspection:new_calibration"), form(cast), follow=True).content.decode()
    session = Calibration.objects.get()
    assert (session.contacts.count(), session.seats.count()) == (3, 3)
    assert "七月校准" in page
    named = form(cast, name="指定", contacts="c10\r\n\nc12\n")
    client.post(reverse("inspection:new_calibration"), named)
    chosen = Calibration.objects.get(name="指定")
    assert ([one.contact_id for one in chosen.contacts.all()], chosen.seed) == (["c10", "c12"], None)


def test_a_form_that_does_not_do_is_drawn_again_with_what_is_wrong(lived: World, cast: Cast) -> None:
    client, where = browser(cast.user("supervisor")), reverse("inspection:new_calibration")
    for wrong, words in (
        ({"raters": [cast.people["inspector"].pk]}, "至少需要两名评分人"),
        ({"raters": [cast.people["agent"].pk]}, ""),
        ({"first": "2026-07-03"}, "早于"),
        ({"contacts": "nothing"}, "nothing"),
        ({"due": "2020-01-01"}, "已过"),
        ({"most": 0}, ""),
        ({"seed": "x"}, ""),
        ({"name": ""}, ""),
    ):
        answer = client.post(where, form(cast, **wrong))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Calibration.objects.exists()


def test_a_rater_works_on_the_evaluation_desk_without_machine_agent_or_anybody_elses_answers(
    session: Calibration, cast: Cast
) -> None:
    contact, other = session.contacts.first(), cast.user("trainer")
    rate_item(other, contact=contact, item="polite_language", verdict="violated", reason="别人的理由")
    comment_in_rating(other, contact=contact, message=2, start=0, end=2, words="别人的批注")
    page = browser(cast.user("inspector")).get(address("rating", session, contact.place)).content.decode()
    assert 'data-item="polite_language"' in page
    assert contact.person not in page
    assert "＊＊＊＊" in page
    for hidden in ("别人的理由", "别人的批注", "机器依据", "机器答案", "吴静"):
        assert hidden not in page
    assert page.count('data-answered=""') == page.count("data-answered=")


def test_answers_moments_and_comments_are_saved_in_the_background(session: Calibration, cast: Cast) -> None:
    contact, client = session.contacts.first(), browser(cast.user("inspector"))
    at = (session, contact.place)
    saved = client.post(
        address("rating_answers", *at),
        {
            "item": "polite_language",
            "verdict": "violated",
            "reason": "第二条",
            "evidence": '[{"message":2,"start":0,"end":2}]',
        },
        headers={"hx-request": "true"},
    ).content.decode()
    assert 'data-revision="1"' in saved
    assert "机器" not in saved
    assert "ev-mine" in saved
    assert (
        'class="moment"'
        in client.post(address("rating_moments", *at), {"moment": "resolution", "message": "3"}).content.decode()
    )
    client.post(address("rating_comments", *at), {"message": "2", "start": "0", "end": "2", "words": "开头好"})
    comment = RatingComment.objects.get()
    removal = reverse("inspection:rating_comment_removal", args=[session.pk, contact.place, comment.pk])
    assert removal in client.get(address("rating", *at)).content.decode()
    client.post(removal)
    assert not RatingComment.objects.exists()
    assert (
        'class="moment"'
        in client.post(address("rating_moments", *at), {"moment": "resolution", "event": "2"}).content.decode()
    )
    rating = Rating.objects.get()
    assert (rating.resolution, rating.resolution_event) == (None, 2)
    on_event = client.post(address("rating_comments", *at), {"event": "2", "words": "接得快"})
    client.post(address("rating_comments", *at), {"event": "2", "words": "接得很快", "comment": on_event["X-Comment"]})
    assert [(one.event, one.words) for one in RatingComment.objects.all()] == [(2, "接得很快")]
    client.post(address("rating_comments", *at), {"words": "", "comment": on_event["X-Comment"]})
    assert not RatingComment.objects.exists()
    odd = client.post(address("rating_answers", *at), {"item": "x", "verdict": "met"}, headers={"hx-request": "true"})
    assert odd.status_code == 409


def test_submitting_goes_on_with_the_next_and_twice_is_told(session: Calibration, cast: Cast) -> None:
    contact, user = session.contacts.first(), cast.user("inspector")
    done = rated(user, contact)
    client = browser(user)
    again = client.post(address("rating_submission", session, contact.place), {"revision": done.revision}, follow=True)
    assert "你已提交过这段会话的答案" in again.content.decode()
    opened = client.get(address("rating", session, contact.place))
    assert opened.url == address("calibration", session)
    second = session.contacts.get(place=2)
    for question in Rating.objects.get().answers.all():
        rate_item(user, contact=second, item=question.item, verdict="met")
    draft = Rating.objects.get(contact=second)
    went = client.post(address("rating_submission", session, 2), {"revision": draft.revision, "seconds": "9"})
    assert went.url == address("rating", session, 3)


def test_an_open_session_shows_how_much_is_submitted_and_nobodys_answers(session: Calibration, cast: Cast) -> None:
    contact = session.contacts.first()
    done = rated(cast.user("inspector"), contact, {"polite_language": "violated"})
    for name in ("supervisor", "manager", "trainer"):
        page = browser(cast.user(name)).get(address("calibration", session)).content.decode()
        assert "1 / 4" in page
        assert f"{done.total:.2f}" not in page
        assert "见对话" not in page
        assert browser(cast.user(name)).get(address("calibration_contact", session, 1)).status_code == 404
    assert "结束本次校准" in browser(cast.user("supervisor")).get(address("calibration", session)).content.decode()
    assert "结束本次校准" not in browser(cast.user("trainer")).get(address("calibration", session)).content.decode()


def test_a_closed_session_shows_everybody_in_it_the_result_and_the_answers_side_by_side(
    lived: World, cast: Cast
) -> None:
    session = made(cast)
    first = session.contacts.first()
    comment_in_rating(cast.user("inspector"), contact=first, message=2, start=0, end=2, words="开头好")
    rated_by_all(session, {"4001": {"polite_language": "violated"}})
    client = browser(cast.user("supervisor"))
    page = client.post(address("calibration_closure", session), follow=True).content.decode()
    assert "本次校准已结束" in page
    for word in ("Krippendorff α", "Gwet AC1", "加权 κ", "总分 ICC", "n 4", "1 项不同"):
        assert word in page
    assert page.count(address("calibration_contact", session, 1)) == 4  # the row and a cell per rater
    for name in ("inspector", "trainer", "manager"):
        beside = browser(cast.user(name)).get(address("calibration_contact", session, 1)).content.decode()
        assert "孙楠：开头好" in beside
        assert "见对话" in beside
        assert beside.index('data-check="polite_language"') < beside.index('data-check="positive_tone"')
        assert first.person not in beside


def test_who_still_owes_a_blind_answer_about_a_contact_sees_nobodys_of_it_in_a_closed_session(
    lived: World, cast: Cast
) -> None:
    drawn()
    work = mine(cast.user("inspector"))
    done = closed(cast, {"4001": {"polite_language": "violated"}}, contacts=[work.contact_id])
    one, contact = address("calibration", done), address("calibration_contact", done, 1)
    owing, other = browser(cast.user("inspector")), browser(cast.user("manager"))
    assert owing.get(contact).url == reverse("inspection:assignment", args=[work.pk])
    hidden = owing.get(one).content.decode()
    assert ("1 项不同" in hidden, "cal-cell" in hidden) == (False, False)
    assert "作出评价前不显示" in hidden
    assert other.get(contact).status_code == 200
    assert "1 项不同" in other.get(one).content.decode()


def test_what_nobody_submitted_is_shown_as_missing_with_the_reason(session: Calibration, cast: Cast) -> None:
    contact = session.contacts.first()
    for name in ("inspector", "trainer"):
        rated(cast.user(name), contact)
    close_calibration(cast.user("supervisor"), calibration=session)
    page = browser(cast.user("supervisor")).get(address("calibration", session)).content.decode()
    assert "未提交" in page
    assert "没有两人都作答的会话" in page  # nothing beside the expert, who submitted nothing
    assert "无参考" in page
    assert browser(cast.user("trainer")).get(address("calibration_contact", session, 2)).status_code == 200


@pytest.mark.parametrize(
    "role", ["agent", "senior_agent", "technical_support", "administrator", "customer_representative"]
)
def test_strangers_to_a_session_find_nothing_of_it(lived: World, cast: Cast, role: str) -> None:
    session = closed(cast)
    client = browser(cast.user(role))
    looked = [
        address("calibration", session),
        address("rating", session, 1),
        address("calibration_contact", session, 1),
    ]
    acted = [
        address("calibration_closure", session), address("rating_answers", session, 1), address("rating_submission", session, 1),
        address("rating_moments", session, 1), address("rating_comments", session, 1), reverse("inspection:new_calibration"),
    ]  # fmt: skip
    assert [client.get(one).status_code for one in looked] == [404] * len(looked)
    assert [client.post(one).status_code for one in acted] == [404] * len(acted)
    listed = client.get(reverse("inspection:calibrations"))
    assert listed.status_code == (200 if role == "senior_agent" else 404)
    assert "七月校准" not in listed.content.decode()


def test_another_supervisor_sees_neither_list_entry_nor_session(session: Calibration, cast: Cast) -> None:
    other = browser(also(cast, "technical_support", "supervisor"))
    assert "七月校准" not in other.get(reverse("inspection:calibrations")).content.decode()
    assert other.get(address("calibration", session)).status_code == 404
    assert other.post(address("calibration_closure", session)).status_code == 404


def test_the_list_counts_conversations_and_raters_whoever_looks(session: Calibration, cast: Cast) -> None:
    for name in ("supervisor", "inspector", "manager"):
        page = browser(cast.user(name)).get(reverse("inspection:calibrations")).content.decode()
        assert '<td class="num">4</td>' in page
        assert '<td class="num">2</td>' in page


def test_who_called_it_without_a_seat_does_not_rate(session: Calibration, cast: Cast) -> None:
    client = browser(cast.user("supervisor"))
    assert client.get(address("rating", session, 1)).status_code == 404
    assert (
        client.post(address("rating_answers", session, 1), {"item": "polite_language", "verdict": "met"}).status_code
        == 404
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_calibration_answers_in_both_languages(lived: World, cast: Cast, language: str) -> None:
    done, session = closed(cast), made(cast)
    supervisor, rater = browser(cast.user("supervisor"), language), browser(cast.user("inspector"), language)
    for client, where in (
        (supervisor, reverse("inspection:calibrations")),
        (supervisor, reverse("inspection:calibrations") + "?show=closed"),
        (supervisor, reverse("inspection:new_calibration")),
        (supervisor, reverse("inspection:scale")),
        (supervisor, address("calibration", session)),
        (supervisor, address("calibration", done)),
        (rater, address("calibration", session)),
        (rater, address("rating", session, 1)),
        (rater, address("calibration_contact", done, 2)),
        (rater, reverse("inspection:scale")),
    ):
        assert client.get(where).status_code == 200, where


def test_the_list_takes_as_many_queries_for_three_sessions_as_for_one(
    lived: World, cast: Cast, django_assert_max_num_queries
) -> None:
    client, where = browser(cast.user("inspector")), reverse("inspection:calibrations")
    first = made(cast, ["c00", "c02"])
    rated(cast.user("inspector"), first.contacts.first())
    with CaptureQueriesContext(connection) as once:
        assert "1 / 2" in client.get(where).content.decode()
    made(cast, ["c04"])
    made(cast, ["c06"])
    with django_assert_max_num_queries(len(once)):
        client.get(where)


def test_the_result_takes_a_fixed_number_of_queries(lived: World, cast: Cast, django_assert_max_num_queries) -> None:
    client, session = browser(cast.user("supervisor")), closed(cast)
    with django_assert_max_num_queries(20):
        client.get(address("calibration", session))
