"""Staff join, move, are promoted and leave, with dates that stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people import actions, refusals
from bihuan.people.models import ClassHolding, Membership, Person, PostHolding, RoleGrant, StaffKey, User
from bihuan.people.rules.posts import LADDER, POSTS
from bihuan.people.rules.roles import Role
from bihuan.people.tests.cast import JOINED, SYSTEM, Cast, today

MAY = date(2026, 5, 4)
MAY_NOT = ["agent", "senior_agent", "supervisor", "inspector", "trainer", "stranger"]


def verbs() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_a_new_person_has_account_team_post_class_role_and_own_key(cast: Cast) -> None:
    before = Entry.objects.count()
    person = actions.hire_person(
        cast.user("manager"),
        number="1009",
        name="陈晨",
        joined=MAY,
        team=cast.east,
        post="representative",
        step="agent",
    )
    assert person.user is not None
    assert person.user.username == "1009"
    assert not person.user.has_usable_password()
    assert person.sort_key == "chen chen"
    assert Membership.objects.get(person=person).team == cast.east
    assert PostHolding.objects.get(person=person).post == "representative"
    assert ClassHolding.objects.get(person=person).agent_class == "new"
    assert RoleGrant.objects.get(person=person).role == Role.AGENT
    assert StaffKey.objects.get(person=person).key == "1009"
    assert Entry.objects.count() == before + 1
    line = Entry.objects.latest("id")
    assert (line.actor, line.verb, line.subject) == ("5001", "people_person.hired", "person:1009")


def test_a_staff_number_is_given_once(cast: Cast) -> None:
    with pytest.raises(refusals.NumberTaken):
        actions.hire_person(SYSTEM, number="1001", name="别人", joined=MAY)


def test_a_manager_hires_agents_but_grants_no_other_role(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.hire_person(cast.user("manager"), number="1010", name="某", joined=MAY, roles=(Role.MANAGER,))
    assert not Person.objects.filter(number="1010").exists()


@pytest.mark.parametrize("who", MAY_NOT)
def test_others_change_no_staff(cast: Cast, who: str) -> None:
    actor, person = cast.user(who), cast.person("agent")
    before = Entry.objects.count()
    acts = [
        lambda: actions.hire_person(actor, number="1011", name="某", joined=MAY),
        lambda: actions.rename_person(actor, person=person, name="某"),
        lambda: actions.move_person(actor, person=person, team=cast.west, on=MAY),
        lambda: actions.leave(actor, person=person, on=MAY),
        lambda: actions.assign_post(actor, person=person, post="representative", on=MAY),
        lambda: actions.promote_person(actor, person=person, on=MAY, reason="好"),
        lambda: actions.set_class(actor, person=person, agent_class="mature", on=MAY),
        lambda: actions.open_team(actor, key="new", name="新"),
        lambda: actions.close_team(actor, team=cast.west, on=MAY),
        lambda: actions.lead_team(actor, person=person, team=cast.west, since=MAY),
        lambda: actions.stop_leading(actor, leadership=cast.person("supervisor").leaderships.get(), until=MAY),
        lambda: actions.import_roster(actor, data="工号,姓名\n1,某".encode(), on=MAY),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert Entry.objects.count() == before


def test_moving_closes_the_old_membership_and_keeps_it(cast: Cast) -> None:
    actions.move_person(cast.user("manager"), person=cast.person("agent"), team=cast.west, on=MAY)
    rows = [(row.team.key, row.since, row.until) for row in Membership.objects.filter(person__number="1001")]
    assert rows == [("east", JOINED, MAY), ("west", MAY, None)]
    ended = Membership.objects.get(person__number="1001", team=cast.east)
    assert ended.ended_by is not None
    assert ended.ended_by.username == "5001"
    assert verbs()[-1] == "people_person.moved"


def test_moving_to_the_same_team_changes_nothing(cast: Cast) -> None:
    before = Entry.objects.count()
    actions.move_person(SYSTEM, person=cast.person("agent"), team=cast.east, on=MAY)
    assert Membership.objects.filter(person__number="1001").count() == 1
    assert Entry.objects.count() == before


def test_a_change_before_a_later_one_is_refused(cast: Cast) -> None:
    actions.move_person(SYSTEM, person=cast.person("agent"), team=cast.west, on=MAY)
    with pytest.raises(refusals.LaterChangeExists):
        actions.move_person(SYSTEM, person=cast.person("agent"), team=cast.west, on=MAY - timedelta(days=9))


def test_a_day_before_joining_is_refused(cast: Cast) -> None:
    with pytest.raises(refusals.NotHereThen):
        actions.move_person(SYSTEM, person=cast.person("agent"), team=cast.west, on=date(2025, 12, 1))


def test_a_closed_team_takes_nobody_and_a_full_one_is_not_closed(cast: Cast) -> None:
    with pytest.raises(refusals.TeamNotEmpty):
        actions.close_team(SYSTEM, team=cast.east, on=MAY)
    empty = actions.open_team(SYSTEM, key="north", name="北组")
    actions.close_team(SYSTEM, team=empty, on=MAY)
    empty.refresh_from_db()
    with pytest.raises(refusals.TeamClosed):
        actions.move_person(SYSTEM, person=cast.person("agent"), team=empty, on=MAY)
    with pytest.raises(refusals.TeamKeyTaken):
        actions.open_team(SYSTEM, key="north", name="北组")


def test_leaving_ends_every_row_and_the_account(cast: Cast) -> None:
    person = actions.leave(cast.user("manager"), person=cast.person("agent"), on=today())
    assert person.left == today()
    assert not Membership.objects.on(today()).filter(person=person).exists()
    assert not RoleGrant.objects.on(today()).filter(person=person).exists()
    assert not StaffKey.objects.on(today()).filter(person=person).exists()
    assert not User.objects.get(username="1001").is_active
    assert verbs()[-1] == "people_person.left"
    with pytest.raises(refusals.AlreadyGone):
        actions.leave(SYSTEM, person=person, on=today())


def test_leaving_later_keeps_the_account_until_that_day(cast: Cast) -> None:
    last = today() + timedelta(days=5)
    actions.leave(SYSTEM, person=cast.person("agent"), on=last)
    assert cast.user("agent").is_active
    assert actions.close_departed(SYSTEM, day=last - timedelta(days=1)) == 0
    assert actions.close_departed(SYSTEM, day=last) == 1
    assert actions.close_departed(SYSTEM, day=last) == 0
    assert not cast.user("agent").is_active


def test_S1_1_the_four_posts_exist_and_each_says_what_reaches_it() -> None:
    front, technical, complaints = POSTS["representative"], POSTS["technical_support"], POSTS["complaint_specialist"]
    assert front.handles == {"enquiry", "order", "simple_complaint"}
    assert technical.handles == {"technical"}
    assert complaints.handles == {"complex_complaint", "escalated_complaint"}
    for oversight in (POSTS["supervisor"], POSTS["manager"]):
        assert oversight.handles == {"oversight", "appraisal", "hard_case"}
    assert {post.source for post in (front, technical, complaints, POSTS["supervisor"], POSTS["manager"])} == {"S1-1"}


def test_S1_1_a_person_holds_one_post_at_a_time_with_history(cast: Cast) -> None:
    person = cast.person("agent")
    actions.assign_post(SYSTEM, person=person, post="representative", step="agent", on=JOINED)
    actions.assign_post(SYSTEM, person=person, post="complaint_specialist", step="agent", on=MAY)
    rows = [(row.post, row.since, row.until) for row in PostHolding.objects.filter(person=person)]
    assert rows == [("representative", JOINED, MAY), ("complaint_specialist", MAY, None)]
    with pytest.raises(IntegrityError), transaction.atomic():
        PostHolding.objects.create(person=person, post="manager", since=MAY)
    with pytest.raises(refusals.PostDoesNotFit):
        actions.assign_post(SYSTEM, person=person, post="manager", step="agent", on=MAY)


def test_S4_16_the_ladder_is_agent_senior_agent_supervisor_trainer(cast: Cast) -> None:
    assert [step.key for step in LADDER] == ["agent", "senior_agent", "supervisor", "trainer"]
    person = cast.person("agent")
    actions.assign_post(SYSTEM, person=person, post="representative", step="agent", on=JOINED)
    climbed = []
    for month in (2, 3, 4):
        day = date(2026, month, 1)
        holding = actions.promote_person(cast.user("manager"), person=person, on=day, reason="季度考核第一")
        climbed.append((holding.step, holding.post, holding.since))
    assert climbed == [
        ("senior_agent", "representative", date(2026, 2, 1)),
        ("supervisor", "supervisor", date(2026, 3, 1)),
        ("trainer", "trainer", date(2026, 4, 1)),
    ]
    assert verbs()[-3:] == ["people_post.promoted"] * 3
    with pytest.raises(refusals.TopOfLadder):
        actions.promote_person(SYSTEM, person=person, on=MAY, reason="好")


def test_S4_16_a_promotion_needs_a_post_and_a_reason(cast: Cast) -> None:
    with pytest.raises(refusals.ReasonMissing):
        actions.promote_person(SYSTEM, person=cast.person("agent"), on=MAY, reason="  ")
    with pytest.raises(refusals.NoPostYet):
        actions.promote_person(SYSTEM, person=cast.person("manager"), on=MAY, reason="好")


def test_class_changes_keep_their_dates(cast: Cast) -> None:
    actions.set_class(cast.user("manager"), person=cast.person("agent"), agent_class="mature", on=MAY)
    rows = [(row.agent_class, row.since, row.until) for row in ClassHolding.objects.filter(person__number="1001")]
    assert rows == [("new", JOINED, MAY), ("mature", MAY, None)]
    assert verbs()[-1] == "people_class.changed"
    with pytest.raises(ValueError, match="veteran"):
        actions.set_class(SYSTEM, person=cast.person("agent"), agent_class="veteran", on=MAY)


def test_leading_a_team_begins_and_ends(cast: Cast) -> None:
    leadership = actions.lead_team(SYSTEM, person=cast.person("manager"), team=cast.west, since=MAY)
    assert actions.lead_team(SYSTEM, person=cast.person("manager"), team=cast.west, since=MAY) == leadership
    actions.stop_leading(cast.user("manager"), leadership=leadership, until=today())
    assert verbs()[-2:] == ["people_team.led", "people_team.handed_over"]
    with pytest.raises(refusals.GrantEnded):
        actions.stop_leading(SYSTEM, leadership=leadership, until=today())


def test_renaming_sorts_anew_and_the_journal_keeps_the_old_name(cast: Cast) -> None:
    person = actions.rename_person(cast.user("manager"), person=cast.person("agent"), name="艾米")
    assert person.sort_key == "ai mi"
    assert Entry.objects.latest("id").data == {"from": "张三", "to": "艾米"}
    before = Entry.objects.count()
    actions.rename_person(SYSTEM, person=person, name="艾米")
    assert Entry.objects.count() == before


def test_every_refusal_has_a_sentence() -> None:
    classes = [value for value in vars(refusals).values() if isinstance(value, type) and issubclass(value, Refusal)]
    assert all(cls.message.endswith(".") for cls in classes)
