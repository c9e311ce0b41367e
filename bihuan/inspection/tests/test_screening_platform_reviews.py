"""Third-party platforms are screened for negative reviews: whoever is reviewed badly is looked at on the day it arrives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bihuan.archive.linking import told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World, at, chat, contact, course, tables
from bihuan.archive.writer import append
from bihuan.inspection.actions import draw_due_days, draw_sample
from bihuan.inspection.actions.linking import link_review
from bihuan.inspection.inclusion import probabilities
from bihuan.inspection.models import Assignment, Draw, ReviewLink, ScreenedReview
from bihuan.inspection.platform_reviews import placed
from bihuan.inspection.refusals import OwnReview, ReasonNeeded
from bihuan.inspection.sampling.drawing import draw_day
from bihuan.inspection.sampling.plans import risk_plan
from bihuan.inspection.sampling.screening import screened_in
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, TEXTS, drawn, later
from bihuan.journal.models import Entry
from bihuan.kit.clock import DAY as DAY_US
from bihuan.kit.clock import HOUR
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import RoleGrant
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.standards.choosing import edition_in_use

pytestmark = pytest.mark.django_db
NEXT = later(1)


def reviewed(world: World, *reviews: tuple[str, str | None, int], day: int = 1, **more: Any) -> None:
    """Reviews (id, customer, stars) that are written and reach the record around noon of the so many-th day."""
    noon = at(3 * 3_600, day)
    rows = [
        {"review_id": key, "external_id": key, "platform": "商城", "customer_key": customer, "stars": stars,
         "posted_us": noon - HOUR, "within_us": 30 * DAY_US, **more}
        for key, customer, stars in reviews
    ]  # fmt: skip
    append(world.archive, tables(platform_reviews=rows), import_id=f"reviews {reviews}", recorded_us=noon)


def lives_on(world: World, days: int, contacts: int = 40) -> None:
    """The days after the first, with so many chats each."""
    rows: dict[str, list[dict[str, Any]]] = {"contacts": [], "messages": [], "events": []}
    for day in range(1, days + 1):
        for one in range(contacts):
            key, agent, start = f"d{day}-{one:02d}", ("1001", "1002")[one % 2], one * 600 + day * 86_400
            words = chat(
                ("customer", start),
                (agent, start + 5),
                (agent, start + 60),
                (agent, start + 70),
                contact_id=key,
                kind="text",
            )
            rows["messages"] += [
                row | {"text": text.replace("1001", agent)} for row, text in zip(words, TEXTS, strict=True)
            ]
            rows["contacts"].append(
                contact(key, start, start + 90, outcome="solved", customer_key=key, category="refund")
            )
            rows["events"] += course(("accepted", start + 1, agent), ("closed", start + 90, agent), contact_id=key)
    world.tell(**rows)
    world.refresh()


def unsampled(count: int = 1) -> list[str]:
    """Contacts of the first day that the random sample left out."""
    taken = set(Assignment.objects.values_list("contact_id", flat=True))
    return [f"c{one:02d}" for one in range(30) if f"c{one:02d}" not in taken][:count]


def queued(draw: Draw) -> dict[str, list[str]]:
    return dict(Assignment.objects.filter(draw=draw, kind="risk").values_list("contact_id", "reasons"))


def test_S3_11_S3_9_a_negative_review_puts_an_older_contact_into_the_risk_queue_of_the_day_it_arrives(
    lived: World, cast: Cast
) -> None:
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", late, 1))
    lives_on(lived, 1)
    draw = drawn(NEXT)
    assert queued(draw) == {late: ["low_review"]}
    work = Assignment.objects.get(draw=draw, kind="risk")
    assert (work.day, work.person in {"1001", "1002"}, work.inclusion_ppm) == (DAY, True, 1_000_000)
    row = ScreenedReview.objects.get()
    assert (row.review_id, row.contact_id, row.stars, row.outcome, row.draw) == ("r1", late, 1, "queued", draw)
    assert Entry.objects.get(verb="draw.made", data__day=str(NEXT)).data["reviews"] == 1


@pytest.mark.parametrize(("stars", "taken"), [(1, True), (2, True), (3, False), (5, False)])
def test_S3_11_what_is_negative_is_the_editions_number_with_its_source(
    lived: World, cast: Cast, stars: int, taken: bool
) -> None:
    edition = edition_in_use(DAY)
    number = edition.number("sampling.risk_rating_at_most")
    assert number is not None
    assert (risk_plan(edition).rating_at_most, number.source, bool(number.why.zh)) == (2, "house", True)
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", late, stars))
    lives_on(lived, 1)
    assert (late in queued(drawn(NEXT))) == taken
    assert ScreenedReview.objects.exists() == taken


def test_S3_11_a_review_of_the_days_own_contact_is_a_sign_beside_its_rating(lived: World, cast: Cast) -> None:
    with transaction.atomic():
        drawn()
        (one,) = unsampled()
        transaction.set_rollback(True)
    lived.tell(ratings=[{"rating_id": "s", "contact_id": one, "kind": "csat", "value": 2, "given_us": at(9_000)}])
    lived.refresh()
    reviewed(lived, ("r1", one, 1), day=0)
    assert queued(drawn()) == {one: ["low_review", "low_rating"]}


def test_S3_11_arriving_twice_or_corrected_it_puts_nobody_before_an_inspector_again(lived: World, cast: Cast) -> None:
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", late, 1))
    reviewed(lived, ("r1", late, 1))
    lives_on(lived, 3)
    drawn(NEXT)
    reviewed(lived, ("r1", late, 1), day=2)
    reviewed(lived, ("r1", late, 2), day=2)
    again = drawn(later(2))
    assert queued(again) == {}
    reviewed(lived, ("r2", late, 1), day=3)
    assert queued(drawn(later(3))) == {}
    assert dict(ScreenedReview.objects.values_list("review_id", "outcome")) == {"r1": "queued", "r2": "drawn"}
    assert Assignment.objects.filter(contact_id=late).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ScreenedReview.objects.filter(review_id="r1").update(outcome="full")


def test_S3_11_more_than_the_queue_holds_are_taken_by_seed_with_their_chance_and_the_draw_can_be_made_again(
    lived: World, cast: Cast
) -> None:
    drawn()
    many = unsampled(20)
    reviewed(lived, *((f"r{one}", one, 1) for one in many))
    lives_on(lived, 1)
    draw = drawn(NEXT)
    room = int(40 * risk_plan(edition_in_use(NEXT)).most)  # of the day's contacts, whoever else is looked at
    rows = Assignment.objects.filter(draw=draw, kind="risk")
    assert (rows.count(), room) == (2, 2)
    assert {row.inclusion_ppm for row in rows} == {round(1_000_000 * room / len(many))}
    told = ScreenedReview.objects.filter(draw=draw)
    assert (told.filter(outcome="queued").count(), told.filter(outcome="full").count()) == (2, 18)
    reader = Reader(lived.archive, lived.archive.manifest(draw.manifest))
    again = draw_day(reader, edition_in_use(NEXT), NEXT, screened_in(draw, reader))
    assert set(again.risk["contact_id"]) == set(queued(draw))


def test_S3_11_S3_10_the_random_sample_and_its_estimates_know_nothing_of_reviews(lived: World, cast: Cast) -> None:
    lives_on(lived, 1)
    with transaction.atomic():
        drawn()
        (late,) = unsampled()
        bare = drawn(NEXT)
        sample = set(Assignment.objects.random().filter(draw=bare).values_list("contact_id", "inclusion_ppm"))
        numbers = (bare.contacts, bare.drawn, bare.strata)
        transaction.set_rollback(True)
    drawn()
    reviewed(lived, ("r1", late, 1))
    draw = drawn(NEXT)
    assert set(queued(draw)) == {late}
    rows = Assignment.objects.random().filter(draw=draw)
    assert set(rows.values_list("contact_id", "inclusion_ppm")) == sample
    assert (draw.contacts, draw.drawn, draw.strata) == numbers
    cells = [(one.draw_id, one.inclusion_ppm) for one in Assignment.objects.filter(contact_id=late)]
    assert probabilities(cells, DAY, NEXT) == {}, "it has no chance among the random ones"


def test_S3_11_a_day_drawn_late_knows_nothing_of_reviews_that_arrived_after_it(lived: World, cast: Cast) -> None:
    drawn()
    (late,) = unsampled()
    lives_on(lived, 2)
    reviewed(lived, ("r1", late, 1), day=2)
    assert queued(drawn(NEXT)) == {}
    assert queued(drawn(later(2))) == {late: ["low_review"]}


def test_S3_11_an_unlinked_review_is_screened_once_somebody_links_it(lived: World, cast: Cast) -> None:
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", "nobody", 1))
    lives_on(lived, 2)
    assert queued(drawn(NEXT)) == {}
    assert not ScreenedReview.objects.exists()
    link_review(cast.user("inspector"), review_id="r1", contact_id=late, why="客户来电说明")
    assert queued(drawn(later(2))) == {late: ["low_review"]}
    entry = Entry.objects.get(verb="platform_review.linked")
    assert (entry.subject, entry.data) == ("platform_review:r1", {"contact": late})


def test_S3_11_a_link_by_hand_holds_against_the_found_one_and_may_say_that_there_is_none(
    lived: World, cast: Cast
) -> None:
    reviewed(lived, ("r1", "c03", 1))
    reader = Reader(lived.archive)

    def found() -> tuple[str | None, str]:
        row = placed(reader, told_reviews(reader)).row(0, named=True)
        return row["contact_id"], row["how"]

    inspector = cast.user("inspector")
    assert found() == ("c03", "customer")
    link_review(inspector, review_id="r1", contact_id="c04", why="订单是 c04 的")
    assert found() == ("c04", "by_hand")
    link_review(inspector, review_id="r1", why="说的是另一家店")
    assert found() == (None, "none_by_hand")
    assert ReviewLink.objects.count() == 2, "what was said before stays"
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewLink.objects.update(why="")


def test_S3_11_who_may_not_and_what_cannot_be_linked_is_refused(lived: World, cast: Cast) -> None:
    reviewed(lived, ("r1", "nobody", 1))
    inspector = cast.user("inspector")
    for who in ("agent", "supervisor", "trainer", "administrator", "stranger"):
        with pytest.raises(NotAllowed):
            link_review(cast.user(who), review_id="r1", contact_id="c01", why="x")
    with pytest.raises(NotAllowed):
        link_review(inspector, review_id="no such review", contact_id="c01", why="x")
    with pytest.raises(ReasonNeeded):
        link_review(inspector, review_id="r1", contact_id="c01", why=" ")
    with pytest.raises(InputError, match="no conversation"):
        link_review(inspector, review_id="r1", contact_id="no such contact", why="x")
    lives_on(lived, 2)
    with pytest.raises(InputError, match="only after"):
        link_review(inspector, review_id="r1", contact_id="d2-00", why="x")
    assert not ReviewLink.objects.exists()
    assert not Entry.objects.filter(verb="platform_review.linked").exists()


def test_S3_11_nobody_says_what_a_review_of_their_own_conversation_is_about(lived: World, cast: Cast) -> None:
    reviewed(lived, ("r1", "c00", 1), ("r2", "nobody", 1))
    user = cast.user("agent")  # 1001, who served every other chat
    RoleGrant.objects.create(person=cast.people["agent"], role="inspector", since=JOINED)
    for review, contact_id in (("r1", ""), ("r1", "c01"), ("r2", "c02")):
        with pytest.raises(OwnReview):
            link_review(user, review_id=review, contact_id=contact_id, why="x")
    assert link_review(user, review_id="r2", contact_id="c01", why="x").contact_id == "c01"


def test_S3_11_a_review_waits_for_the_next_day_that_is_drawn_and_for_its_contacts_own_day(
    lived: World, cast: Cast
) -> None:
    """Nothing happened on the day it arrived; and a contact whose own day is still to be drawn is not drawn before it."""
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", late, 1), ("r2", "d2-00", 1), day=3, posted_us=at(0, 3))
    lives_on(lived, 2)
    assert ScreenedReview.objects.count() == 0
    rows = {"contacts": [contact(f"e{n:02d}", n * 600 + 4 * 86_400, n * 600 + 4 * 86_400 + 90) for n in range(40)]}
    rows["events"] = [
        row | {"contact_id": f"e{n:02d}"}
        for n in range(40)
        for row in course(("accepted", n * 600 + 4 * 86_400 + 1, "1001"), ("closed", n * 600 + 4 * 86_400 + 90, "1001"))
    ]
    rows["messages"] = [
        row | {"text": "您好"}
        for n in range(40)
        for row in chat(("1001", n * 600 + 4 * 86_400 + 5), contact_id=f"e{n:02d}", kind="text")
    ]
    lived.tell(**rows)
    lived.refresh()
    draw = draw_sample(SYSTEM, day=later(4))
    assert set(queued(draw)) == {late}
    assert list(ScreenedReview.objects.values_list("review_id", flat=True)) == ["r1"], "the other waits for its own day"


def test_S3_11_what_arrived_today_is_drawn_by_the_clock_once_the_day_is_over(
    lived: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn()
    (late,) = unsampled()
    reviewed(lived, ("r1", late, 1))
    lives_on(lived, 1)
    noon = datetime(NEXT.year, NEXT.month, NEXT.day, 4, tzinfo=UTC)
    monkeypatch.setattr("bihuan.inspection.actions.sampling.now", lambda: noon)
    assert draw_due_days(SYSTEM) == []
    monkeypatch.setattr("bihuan.inspection.actions.sampling.now", lambda: noon + timedelta(days=1))
    assert [draw.day for draw in draw_due_days(SYSTEM)] == [NEXT]
    assert Assignment.objects.filter(contact_id=late, kind="risk").count() == 1
