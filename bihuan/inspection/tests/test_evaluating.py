"""From draft to acknowledged: answers saved as given, one submission, scores by the common tree, nothing changed later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import (
    acknowledge_evaluation,
    add_comment,
    answer_item,
    claim_assignment,
    depute_assignments,
    mark_moment,
    release_evaluations,
    return_assignment,
    submit_evaluation,
)
from bihuan.inspection.actions.versions import Changed, next_version
from bihuan.inspection.facts import tell_record
from bihuan.inspection.hands import hands_on
from bihuan.inspection.models import Answer, Assignment, Evaluation, Telling
from bihuan.inspection.models.evaluating import said_blind
from bihuan.inspection.queries import backlog_of
from bihuan.inspection.refusals import (
    AcknowledgedAlready,
    AlreadyEvaluated,
    ChangedElsewhere,
    HasSeen,
    HeldByAnother,
    Incomplete,
    NobodyHolds,
    NotAnInspector,
    NotReleased,
    OutsideTheText,
    OwnContact,
    ReasonNeeded,
    Replaced,
    UnknownItem,
)
from bihuan.inspection.review_rate import ReviewRate, review_rate, review_rates_of_people
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine, second_inspector
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.editions import LIBRARY
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(lived: World, cast: Cast) -> User:
    drawn()
    return cast.user("inspector")


def submitted(user: User, **answers) -> Evaluation:
    work = mine(user)
    draft = answer_all(user, work, **answers)
    return submit_evaluation(user, assignment=work, revision=draft.revision)


def released(user: User, **answers) -> Evaluation:
    return release_evaluations(user, evaluations=[submitted(user, **answers)])[0]


def agent_of(evaluation: Evaluation) -> User:
    return User.objects.get(username=evaluation.assignment.person)


def test_an_answer_is_kept_with_its_evidence_and_the_machines_word_beside_it(inspector: User) -> None:
    work = mine(inspector)
    answer = answer_item(
        inspector, assignment=work, item="polite_language", verdict="met", evidence=[Evidence(2, 0, 2)], seconds=40
    )
    draft = work.evaluations.get()
    assert (answer.verdict, answer.evidence[0]["end"]) == ("met", 2)
    assert answer.machine in ("met", "violated", "cannot_tell", "not_applicable")
    assert (draft.state, draft.active_seconds, draft.edition_hash) == ("draft", 40, edition_in_use(DAY).hash)
    answer_item(inspector, assignment=work, item="polite_language", verdict="violated", reason="冷淡")
    assert [(one.verdict, one.first_verdict) for one in Answer.objects.all()] == [("violated", "met")]


def test_what_was_said_before_the_machines_answer_was_shown_is_what_its_accuracy_rests_on(inspector: User) -> None:
    work = mine(inspector)
    answer_item(inspector, assignment=work, item="polite_language", verdict="met")
    done = submitted(inspector, violated=["polite_language"])
    release_evaluations(inspector, evaluations=[done])
    changed = Answer.objects.filter(evaluation=done, item="polite_language")
    assert list(changed.values_list("verdict", said_blind())) == [("violated", "met")]


def test_the_score_of_an_evaluation_is_made_by_the_common_scoring_tree(inspector: User) -> None:
    done = submitted(inspector, violated=["patient_listening"])
    answers = {one.item: Verdict(one.verdict) for one in done.answers.all()}
    expected = score_contact(edition_in_use(DAY), answers, judge="people")
    assert done.total == expected.value < Decimal(100)
    assert done.score is not None
    assert [child.contribution for child in done.score.children] == [child.contribution for child in expected.children]


def test_times_are_taken_from_the_record_and_asked_of_nobody(inspector: User) -> None:
    done = submitted(inspector)
    assert {one.item: one.given_by for one in done.answers.all()}["fast_first_response"] == "record"
    with pytest.raises(AlreadyEvaluated):
        answer_item(inspector, assignment=done.assignment, item="fast_first_response", verdict="met")


def test_a_time_item_and_an_unknown_item_take_no_answer(inspector: User) -> None:
    for item in ("fast_first_response", "nonsense", "positive_share"):
        with pytest.raises(UnknownItem):
            answer_item(inspector, assignment=mine(inspector), item=item, verdict="met")


def test_S2_7_a_missing_complaint_step_takes_points_off_a_human_score_too(inspector: User) -> None:
    whole, faulty = submitted(inspector), submitted(inspector, violated=["complaint_steps"])
    assert whole.total is not None
    assert faulty.total is not None
    assert whole.total - faulty.total == 5


def test_S2_6_identity_verification_that_was_skipped_takes_points_off(inspector: User) -> None:
    whole, faulty = submitted(inspector), submitted(inspector, violated=["identity_first"])
    assert (whole.total or 0) - (faulty.total or 0) == 10


def test_S4_4_a_leak_of_personal_data_zeroes_the_form_and_the_unfailed_score_stays_beside_it(inspector: User) -> None:
    done = submitted(inspector, violated=["personal_data_leak"])
    assert (done.total, done.fatal) == (0, True)
    assert (done.unfailed or 0) > 90


def test_not_applicable_leaves_both_sides_and_needs_a_reason(inspector: User) -> None:
    work = mine(inspector)
    draft = answer_all(inspector, work)
    answer_item(inspector, assignment=work, item="patient_listening", verdict="not_applicable")
    draft.refresh_from_db()
    with pytest.raises(Incomplete):
        submit_evaluation(inspector, assignment=work, revision=draft.revision)
    answer_item(inspector, assignment=work, item="patient_listening", verdict="not_applicable", reason="只问了一句")
    done = submit_evaluation(inspector, assignment=work, revision=draft.revision + 1)
    assert done.total == 100


def test_an_unfinished_form_is_not_submitted(inspector: User) -> None:
    work = mine(inspector)
    answer_item(inspector, assignment=work, item="polite_language", verdict="met")
    with pytest.raises(Incomplete):
        submit_evaluation(inspector, assignment=work, revision=1)
    assert not Evaluation.objects.submitted().exists()


def test_S3_10_key_moments_are_marked_on_messages(inspector: User) -> None:
    work = mine(inspector)
    mark_moment(inspector, assignment=work, moment="first_response", message=2)
    draft = mark_moment(inspector, assignment=work, moment="resolution", message=4)
    assert (draft.first_response, draft.resolution) == (2, 4)
    assert mark_moment(inspector, assignment=work, moment="resolution", message=None).resolution is None
    with pytest.raises(OutsideTheText):
        mark_moment(inspector, assignment=work, moment="resolution", message=99)


def test_a_comment_stands_on_code_points_of_a_message(inspector: User) -> None:
    work = mine(inspector)
    comment = add_comment(inspector, assignment=work, message=3, start=0, end=9, words="第一个字是表情")
    assert (comment.start, comment.end) == (0, 9)
    with pytest.raises(OutsideTheText):
        add_comment(inspector, assignment=work, message=3, start=0, end=10, words="太长")


def test_a_page_that_was_overtaken_by_another_window_is_told(inspector: User) -> None:
    work = mine(inspector)
    draft = answer_all(inspector, work)
    with pytest.raises(ChangedElsewhere):
        submit_evaluation(inspector, assignment=work, revision=draft.revision - 1)


def test_submitting_twice_is_refused_with_the_name_of_who_did(inspector: User) -> None:
    done = submitted(inspector)
    with pytest.raises(AlreadyEvaluated) as told:
        submit_evaluation(inspector, assignment=done.assignment, revision=done.revision)
    assert told.value.params == {"name": "孙楠"}


def test_whoever_lost_the_work_to_a_deputy_is_told_who_has_it(inspector: User, cast: Cast) -> None:
    deputy = second_inspector(cast)
    work = mine(inspector)
    draft = answer_all(inspector, work)
    done = depute_assignments(inspector, person=cast.person("inspector"), deputy=cast.person("trainer"))
    assert (done.moved > 0, done.pooled) == (True, 0)
    with pytest.raises(HeldByAnother) as told:
        submit_evaluation(inspector, assignment=work, revision=draft.revision)
    assert told.value.params == {"name": "吴静"}
    with pytest.raises(ChangedElsewhere):  # what another began is not the deputy's
        submit_evaluation(deputy, assignment=work, revision=draft.revision)


def test_whoever_is_handed_a_draft_begins_anew_and_is_led_by_no_answer_of_it(inspector: User, cast: Cast) -> None:
    deputy, work = second_inspector(cast), mine(inspector)
    answer_item(inspector, assignment=work, item="polite_language", verdict="violated", reason="冷淡", seconds=90)
    mark_moment(inspector, assignment=work, moment="first_response", message=2)
    return_assignment(inspector, assignment=work, reason="请假")
    claim_assignment(deputy, assignment=work)
    answer_item(deputy, assignment=work, item="patient_listening", verdict="met")
    draft = work.evaluations.get()
    assert [(one.item, one.first_verdict) for one in draft.answers.all()] == [("patient_listening", "met")]
    assert (draft.evaluator.number, draft.laid_aside, draft.first_response, draft.active_seconds) == (
        "4001", ["3001"], None, 0,
    )  # fmt: skip
    done = submit_evaluation(deputy, assignment=work, revision=answer_all(deputy, work).revision)
    assert hands_on(work.contact_id) == {"3001", "4001"}  # neither decides an appeal about it
    assert done.version == 1


def test_who_takes_the_own_draft_back_untouched_goes_on_with_it(inspector: User) -> None:
    work = mine(inspector)
    answer_item(inspector, assignment=work, item="polite_language", verdict="met")
    return_assignment(inspector, assignment=work, reason="午休")
    claim_assignment(inspector, assignment=work)
    draft = mark_moment(inspector, assignment=work, moment="resolution", message=4)
    assert (draft.answers.count(), draft.laid_aside) == (1, [])


def test_what_is_about_the_deputy_goes_to_the_pool_and_is_counted(inspector: User, cast: Cast) -> None:
    second_inspector(cast)
    own, *others = Assignment.objects.open().held_by(cast.person("inspector"))
    Assignment.objects.filter(pk=own.pk).update(person="4001")
    done = depute_assignments(inspector, person=cast.person("inspector"), deputy=cast.person("trainer"))
    assert (done.moved, done.pooled) == (len(others), 1)
    assert Assignment.objects.in_pool().get() == own
    assert Entry.objects.get(verb="assignment.deputed").data["pooled"] == 1


def test_who_sees_what_the_machine_found_takes_no_blind_conversation(inspector: User, cast: Cast) -> None:
    work = mine(inspector)
    return_assignment(inspector, assignment=work, reason="请假")
    with pytest.raises(HasSeen):
        claim_assignment(cast.user("manager"), assignment=work)
    with pytest.raises(NotAnInspector):
        depute_assignments(inspector, person=cast.person("inspector"), deputy=cast.person("manager"))


def test_work_is_returned_with_a_reason_and_taken_from_the_pool(inspector: User, cast: Cast) -> None:
    work = mine(inspector)
    with pytest.raises(ReasonNeeded):
        return_assignment(inspector, assignment=work, reason=" ")
    return_assignment(inspector, assignment=work, reason="认识客户")
    with pytest.raises(NobodyHolds):
        answer_item(inspector, assignment=work, item="polite_language", verdict="met")
    other = second_inspector(cast)
    assert claim_assignment(other, assignment=work).holder == cast.person("trainer")
    with pytest.raises(HeldByAnother):
        claim_assignment(inspector, assignment=work)


def test_nobody_evaluates_their_own_conversation(inspector: User) -> None:
    work = mine(inspector)
    Assignment.objects.filter(pk=work.pk).update(person="3001")
    with pytest.raises(OwnContact):
        answer_item(inspector, assignment=work, item="polite_language", verdict="met")


@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator", "stranger"])
def test_who_may_not_evaluate_does_nothing(inspector: User, cast: Cast, role: str) -> None:
    work, user = mine(inspector), cast.user(role)
    for act in (
        lambda: claim_assignment(user, assignment=work),
        lambda: answer_item(user, assignment=work, item="polite_language", verdict="met"),
        lambda: submit_evaluation(user, assignment=work, revision=0),
        lambda: release_evaluations(user, evaluations=[]),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_released_evaluation_is_seen_by_its_agent_and_supervisor_and_by_no_other_agent(
    inspector: User, cast: Cast
) -> None:
    waiting = submitted(inspector)
    agent = agent_of(waiting)
    assert not Evaluation.objects.visible_to(agent).exists()
    release_evaluations(inspector, evaluations=[waiting])
    assert Evaluation.objects.visible_to(agent).get() == waiting
    assert Evaluation.objects.visible_to(cast.user("supervisor")).get() == waiting
    other = cast.user("technical_support")
    assert not Evaluation.objects.visible_to(other).exists()


def test_the_agent_acknowledges_once_with_a_reply(inspector: User, cast: Cast) -> None:
    waiting = submitted(inspector)
    agent = agent_of(waiting)
    with pytest.raises(NotReleased):
        acknowledge_evaluation(agent, evaluation=waiting)
    release_evaluations(inspector, evaluations=[waiting])
    with pytest.raises(NotAllowed):
        acknowledge_evaluation(cast.user("supervisor"), evaluation=waiting)
    assert acknowledge_evaluation(agent, evaluation=waiting, reply="明白了").reply == "明白了"
    assert Evaluation.objects.get().state == "acknowledged"
    with pytest.raises(AcknowledgedAlready):
        acknowledge_evaluation(agent, evaluation=waiting)


def test_a_version_that_another_has_replaced_is_not_acknowledged(inspector: User, cast: Cast) -> None:
    old = released(inspector)
    with transaction.atomic():
        new = next_version(
            old, changes={"polite_language": Changed("violated", "冷淡")}, decider=cast.person("manager"), reason="复评",
            since=now(),
        )  # fmt: skip
    with pytest.raises(Replaced):
        acknowledge_evaluation(agent_of(old), evaluation=old)
    with pytest.raises(ReasonNeeded):
        acknowledge_evaluation(agent_of(old), evaluation=new, objects_to=True)
    assert acknowledge_evaluation(agent_of(old), evaluation=new, reply="语气并不冷淡", objects_to=True).objects_to


def test_the_database_refuses_to_change_what_was_submitted_or_released(inspector: User) -> None:
    done = submitted(inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(evaluation=done).update(verdict="met")
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=done.pk).update(total=100, tree={})
    release_evaluations(inspector, evaluations=[done])
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=done.pk).update(reason="x")


def test_X12_released_evaluations_enter_the_record_once_and_count_as_reviewed(lived: World, inspector: User) -> None:
    first, _waiting = released(inspector), submitted(inspector)
    assert review_rate(30, (DAY, DAY)) == ReviewRate(1, 30)
    assert (tell_record(), tell_record(), Telling.objects.count()) == (1, 0, 0)
    rows = Reader(lived.archive).table("evaluations", days=(DAY, DAY)).to_pylist()
    assert {row["contact_id"] for row in rows} == {first.assignment.contact_id}
    assert {row["item"] for row in rows} == {one.item for one in first.answers.all()}
    row = next(row for row in rows if row["item"] == "polite_language")
    assert (row["answer"], row["points_milli"], row["plan"]) == ("met", 20_000, first.assignment.kind)
    assert row["inclusion_ppm"] == first.assignment.inclusion_ppm


def test_X12_only_what_was_drawn_at_random_and_released_is_human_reviewed(inspector: User) -> None:
    done, _submitted = released(inspector), submitted(inspector)
    agent, other = done.assignment.person, {"1001": "1002", "1002": "1001"}[done.assignment.person]
    assert review_rate(30, None).share == Decimal("3.3")
    assert review_rate(15, (DAY, DAY), persons=[agent], team=done.assignment.team) == ReviewRate(1, 15)
    assert review_rate(15, (DAY, DAY), persons=[other]).n == review_rate(15, (DAY + timedelta(days=1), None)).n == 0
    assert review_rate(15, (DAY, DAY), scope=Scope(persons=frozenset({other}))).n == 0
    assert review_rates_of_people({agent: 15, other: 15}, (DAY, DAY)) == {
        agent: ReviewRate(1, 15), other: ReviewRate(0, 15)
    }  # fmt: skip
    Assignment.objects.filter(pk=done.assignment_id).update(kind=Assignment.Kind.RISK)
    assert review_rate(30, (DAY, DAY)) == ReviewRate(0, 30)
    assert review_rate(0, (DAY, DAY)).share is None


def test_the_backlog_counts_what_is_open_and_late(inspector: User, cast: Cast) -> None:
    person, work = cast.person("inspector"), mine(inspector)
    before = backlog_of(person, now())
    Assignment.objects.filter(pk=work.pk).update(due_at=now())
    after = backlog_of(person, now())
    assert (after.open, after.overdue) == (before.open, before.overdue + 1)


def test_every_act_is_in_the_journal(inspector: User) -> None:
    done = released(inspector)
    acknowledge_evaluation(agent_of(done), evaluation=done)
    verbs = set(Entry.objects.filter(subject=f"evaluation:{done.pk}").values_list("verb", flat=True))
    assert verbs == {"evaluation.submitted", "evaluation.released", "evaluation.acknowledged"}
    assert "total" not in Entry.objects.get(verb="evaluation.submitted").data  # who judges it next may read it


def _at_once(acts) -> list[str]:
    """Run acts in threads that start together; "" for each that worked, else the refusal's name."""
    start = Barrier(len(acts))

    def run(act) -> str:
        try:
            start.wait(10)
            act()
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_the_same_evaluation_one_wins_and_the_other_is_told(lived: World) -> None:
    user = make_cast().user("inspector")
    drawn()
    work = mine(user)
    revision = answer_all(user, work).revision
    told = _at_once([lambda: submit_evaluation(user, assignment=work, revision=revision)] * 2)
    assert told == ["", "AlreadyEvaluated"]
    assert Evaluation.objects.submitted().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_inspectors_who_submit_the_same_evaluation_while_it_is_handed_over_one_wins(lived: World) -> None:
    cast = make_cast()
    first, second = cast.user("inspector"), second_inspector(cast)
    drawn()
    work = mine(first)
    revision = answer_all(first, work).revision
    people = {"person": cast.person("inspector"), "deputy": cast.person("trainer")}

    def hand_over_and_submit() -> None:
        depute_assignments(first, **people)
        submit_evaluation(second, assignment=work, revision=answer_all(second, work).revision)

    told = _at_once([lambda: submit_evaluation(first, assignment=work, revision=revision), hand_over_and_submit])
    assert told[0] == ""
    assert told[1] in ("AlreadyEvaluated", "HeldByAnother")
    done = Evaluation.objects.submitted().get()
    assert done.evaluator in (cast.person("inspector"), cast.person("trainer"))
    assert Entry.objects.filter(verb="evaluation.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_inspectors_who_take_the_same_conversation_one_gets_it(lived: World) -> None:
    drawn()
    cast = make_cast()
    users = [cast.user("inspector"), second_inspector(cast)]
    work = Assignment.objects.in_pool().first()
    assert work is not None
    told = _at_once([lambda user=user: claim_assignment(user, assignment=work) for user in users])
    assert told == ["", "HeldByAnother"]


def test_an_edition_published_after_the_draw_leaves_each_evaluation_with_the_one_it_used(
    inspector: User, cast: Cast
) -> None:
    drawn_by = edition_in_use(DAY)
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace('version: "2026.1"', 'version: "2026.2"')
    before = submitted(inspector)
    publish_edition("system:test", text=text, author="house", effective_from=DAY)
    after = submitted(inspector)
    assert edition_in_use(DAY).hash != drawn_by.hash
    assert (before.edition_hash, after.edition_hash) == (drawn_by.hash, drawn_by.hash)
    assert all(one.machine for one in after.answers.all() if one.item == "polite_language")
