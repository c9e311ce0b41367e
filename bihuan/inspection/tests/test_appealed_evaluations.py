"""An evaluation is appealed item by item; what was decided comes back as a new version, once, and overwrites nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal
from bihuan.appeals.kinds import Span, kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.queries import overturn_rates
from bihuan.appeals.refusals import AppealedAlready, NotIndependent, OpenAlready, WindowClosed
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appeals.sweeping import sweep
from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import (
    decide_review,
    gather_reviews,
    give_opinion,
    release_evaluations,
    submit_evaluation,
    take_over_appeal,
)
from bihuan.inspection.facts import tell_record
from bihuan.inspection.models import AppealOutcome, Evaluation
from bihuan.inspection.reactions import DECIDED
from bihuan.inspection.tests.desk_world import SYSTEM, answer_all, drawn, mine, second_inspector, this_week
from bihuan.journal.actions import seal
from bihuan.journal.models import Entry, ReactionCursor
from bihuan.journal.reacting import carry_out
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import Person, User
from bihuan.people.tests.cast import Cast

pytestmark = pytest.mark.django_db
ITEM, OTHER = "polite_language", "positive_tone"
PLEA = "第一句就道歉并称呼了客户"


@pytest.fixture
def evaluation(lived: World, cast: Cast) -> Evaluation:
    """Released, with two items violated by the inspector; another inspector is there to decide."""
    second_inspector(cast)
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    draft = answer_all(inspector, work, violated=(ITEM, OTHER))
    done = submit_evaluation(inspector, assignment=work, revision=draft.revision)
    return release_evaluations(inspector, evaluations=[done])[0]


def agent_of(evaluation: Evaluation) -> User:
    return User.objects.get(username=evaluation.assignment.person)


def appealed(evaluation: Evaluation, *items: str, claimed: str = "met") -> Appeal:
    pleas = [Plea(item, claimed, PLEA, (Span(2, 0, 2),)) for item in items or (ITEM,)]
    subject = str(evaluation.assignment_id)
    return submit_appeal(agent_of(evaluation), kind="evaluation", subject=subject, pleas=pleas)


def decided(appeal: Appeal, outcome: Outcome = Outcome.UPHOLD, **rulings: Ruling) -> Appeal:
    assert appeal.adjudicator is not None
    judge = User.objects.get(username=appeal.adjudicator.number)
    keys = [item.key for item in appeal.items.all()]
    give_second_view(judge, appeal=appeal, answers={key: Viewed("met") for key in keys})
    given = {key: rulings.get(key, Ruling(outcome, "看过对话，确有致歉")) for key in keys}
    return decide_appeal(judge, appeal=appeal, rulings=given)


def react() -> int:
    seal()
    return carry_out(DECIDED)


def browser(user: User, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def test_what_speaks_against_the_agent_may_be_appealed_and_nothing_else(evaluation: Evaluation) -> None:
    matter = kind_named("evaluation").find(str(evaluation.assignment_id))
    assert matter is not None
    assert {item.key for item in matter.items} == {ITEM, OTHER}
    assert {item.rater for item in matter.items} == {"3001"}
    assert (matter.person, matter.told_at) == (evaluation.assignment.person, evaluation.released_at)


@pytest.mark.parametrize("subject", ["x", "00000000-0000-0000-0000-000000000000", "'; --"])
def test_what_is_no_evaluation_is_nothing_to_appeal(cast: Cast, subject: str) -> None:
    assert kind_named("evaluation").find(subject) is None


def test_only_the_person_it_is_about_appeals(evaluation: Evaluation, cast: Cast) -> None:
    plea = [Plea(ITEM, "met", PLEA)]
    strangers = {"agent", "senior_agent", "supervisor", "inspector", "manager"}
    for name in strangers - {name for name, one in cast.people.items() if one.number == evaluation.assignment.person}:
        with pytest.raises(NotAllowed):
            submit_appeal(cast.user(name), kind="evaluation", subject=str(evaluation.assignment_id), pleas=plea)


def test_the_adjudicator_is_neither_who_evaluated_nor_who_leads_the_agent(evaluation: Evaluation, cast: Cast) -> None:
    chosen = appealed(evaluation).adjudicator
    assert chosen is not None
    assert chosen.number not in {"3001", "2001", evaluation.assignment.person}


def test_who_gave_an_opinion_in_the_group_does_not_decide(evaluation: Evaluation, cast: Cast) -> None:
    review = _reviewed(evaluation, cast, "trainer")
    assert review.opinions.count() == 1
    chosen = appealed(evaluation).adjudicator
    assert chosen is not None
    assert chosen.number not in {"3001", "4001"}


def test_who_gives_an_opinion_in_the_group_after_the_appeal_came_decides_no_more(
    evaluation: Evaluation, cast: Cast
) -> None:
    appeal = appealed(evaluation)
    assert appeal.adjudicator == cast.person("trainer")
    _reviewed(evaluation, cast, "trainer")
    with pytest.raises(NotIndependent):
        give_second_view(cast.user("trainer"), appeal=appeal, answers={ITEM: Viewed("met")})
    assert sweep(at=appeal.submitted_at)["assigned"] == 1
    appeal.refresh_from_db()
    assert appeal.adjudicator not in (None, cast.person("trainer"), cast.person("inspector"))


def test_a_place_outside_the_conversation_is_refused(evaluation: Evaluation) -> None:
    plea = [Plea(ITEM, "met", PLEA, (Span(99),))]
    with pytest.raises(InputError):
        submit_appeal(agent_of(evaluation), kind="evaluation", subject=str(evaluation.assignment_id), pleas=plea)


def test_S3_13_X19_an_upheld_appeal_makes_a_new_version_and_the_first_is_kept(
    lived: World, evaluation: Evaluation
) -> None:
    tell_record()
    decided(appealed(evaluation))
    assert Evaluation.objects.count() == 1  # inspection alone writes evaluations, when it reads the decision
    assert react() == 1
    first, second = Evaluation.objects.order_by("version")
    assert first.total < second.total
    assert {one.item: one.verdict for one in first.answers.all()}[ITEM] == "violated"
    answer = second.answers.get(item=ITEM)
    assert (answer.verdict, answer.reason) == ("met", "看过对话，确有致歉")
    assert answer.evidence[0]["message"] == 2
    assert second.answers.get(item=OTHER).verdict == "violated"
    assert (second.reason, second.evaluator) == ("看过对话，确有致歉", Appeal.objects.get().adjudicator)
    assert list(Evaluation.objects.in_force()) == [second]
    assert tell_record() == 1
    rows = Reader(lived.archive).table("evaluations").to_pylist()
    assert {row["answer"] for row in rows if row["item"] == ITEM} == {"met"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=first.pk).update(total=1)


def test_a_decision_is_carried_out_once_however_often_it_is_told(evaluation: Evaluation) -> None:
    appeal = decided(appealed(evaluation))
    assert react() == 1
    ReactionCursor.objects.update(number=0)  # as if the place in the chain had been lost
    assert react() == 1
    take_over_appeal(SYSTEM, appeal=appeal)
    assert Evaluation.objects.count() == 2
    assert AppealOutcome.objects.count() == 1
    assert Entry.objects.filter(verb="evaluation.appealed").count() == 1


def test_a_dismissed_appeal_makes_no_version_and_is_kept_with_its_reason(evaluation: Evaluation) -> None:
    decided(appealed(evaluation), Outcome.DISMISS)
    react()
    assert Evaluation.objects.count() == 1
    assert AppealOutcome.objects.get().result is None


def test_a_decision_is_kept_with_its_reason_where_the_text_the_evaluation_was_scored_by_is_gone(
    evaluation: Evaluation,
) -> None:
    decided(appealed(evaluation))
    with connection.cursor() as cursor:  # as an evaluation of years ago is: its text has changed since
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inspection_evaluation DISABLE TRIGGER USER")
        cursor.execute("UPDATE inspection_evaluation SET edition_hash = %s", ["0" * 64])
        cursor.execute("ALTER TABLE inspection_evaluation ENABLE TRIGGER USER")
    assert react() == 1
    outcome = AppealOutcome.objects.get()
    assert (outcome.result, outcome.why, outcome.evaluation) == (None, "edition_gone", evaluation)
    assert Evaluation.objects.count() == 1
    told = Entry.objects.get(verb="evaluation.appealed").data
    assert (told["why"], told["result"], told["changed"]) == ("edition_gone", None, [ITEM])


def test_an_amended_answer_holds_with_the_reason_of_the_decision(evaluation: Evaluation) -> None:
    decided(appealed(evaluation), **{ITEM: Ruling(Outcome.AMEND, "客户先挂断，无从谈起", "not_applicable")})
    react()
    answer = Evaluation.objects.get(version=2).answers.get(item=ITEM)
    assert (answer.verdict, answer.reason, answer.evidence) == ("not_applicable", "客户先挂断，无从谈起", [])


def test_what_was_decided_is_not_appealed_again_in_the_new_version_but_the_rest_is(evaluation: Evaluation) -> None:
    decided(appealed(evaluation))
    react()
    newest = Evaluation.objects.get(version=2)
    with pytest.raises((AppealedAlready, InputError)):
        appealed(newest, ITEM)
    assert appealed(newest, OTHER).state == "submitted"
    with pytest.raises(OpenAlready):
        appealed(newest, OTHER)


def test_what_an_appeal_changed_opens_no_new_window(evaluation: Evaluation) -> None:
    decided(appealed(evaluation))
    react()
    matter = kind_named("evaluation").find(str(evaluation.assignment_id))
    assert matter is not None
    assert matter.told_at == evaluation.released_at


def test_the_window_closes(evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    until = appealed(evaluation).window_until
    monkeypatch.setattr("bihuan.appeals.actions.submitting.now", lambda: until)
    with pytest.raises(WindowClosed):
        appealed(evaluation, OTHER)


def _reviewed(evaluation: Evaluation, cast: Cast, *raters: str, **answers: str):
    """The week's re-evaluation of it, opened by hand, with opinions."""
    review = gather_reviews(SYSTEM, week=this_week())[0]
    asked = evaluation.answers.filter(given_by="person")
    said = {one.item: (answers.get(one.item, one.verdict), "看过") for one in asked}
    for rater in raters:
        give_opinion(cast.user(rater), review=review, answers=said)
    return review


def test_the_group_and_an_appeal_that_decide_the_same_evaluation_do_not_undo_each_other(
    evaluation: Evaluation, cast: Cast
) -> None:
    """The appeal's answer is final; what the group changes elsewhere joins it in the next version."""
    review = _reviewed(evaluation, cast, "supervisor", "manager")
    decided(appealed(evaluation))
    react()
    words = {one.item: one.verdict for one in evaluation.answers.filter(given_by="person")} | {OTHER: "met"}
    done = decide_review(cast.user("manager"), review=review, answers=words, reason="语气并不生硬")
    assert (done.outcome, done.result.version) == ("amended", 3)
    kept = {one.item: one.verdict for one in done.result.answers.all()}
    assert (kept[ITEM], kept[OTHER]) == ("met", "met")


def test_an_appeal_that_is_decided_after_the_group_changes_the_groups_version(
    evaluation: Evaluation, cast: Cast
) -> None:
    appeal = appealed(evaluation)
    review = _reviewed(evaluation, cast, "supervisor", "manager")
    words = {one.item: one.verdict for one in evaluation.answers.filter(given_by="person")} | {OTHER: "met"}
    decide_review(cast.user("manager"), review=review, answers=words, reason="语气并不生硬")
    decided(appeal)
    react()
    kept = {one.item: one.verdict for one in Evaluation.objects.get(version=3).answers.all()}
    assert (kept[ITEM], kept[OTHER]) == ("met", "met")


def test_overturn_rates_of_raters_fill_from_evaluations(evaluation: Evaluation) -> None:
    decided(appealed(evaluation, ITEM, OTHER), **{OTHER: Ruling(Outcome.DISMISS, "语气确实生硬")})
    (rate,) = overturn_rates("rater", confidence=0.95)
    assert (rate.key, rate.n, rate.overturned) == ("3001", 2, 1)
    by_item = {(rate.kind, rate.key): rate.overturned for rate in overturn_rates("item", confidence=0.95)}
    assert by_item == {("evaluation", ITEM): 1, ("evaluation", OTHER): 0}
    assert overturn_rates("check", confidence=0.95) == []  # an inspector's answer says nothing about a check


def test_an_answer_that_the_group_left_alone_is_still_the_first_raters(evaluation: Evaluation, cast: Cast) -> None:
    review = _reviewed(evaluation, cast, "supervisor", "manager")
    words = {one.item: one.verdict for one in evaluation.answers.filter(given_by="person")} | {OTHER: "cannot_tell"}
    decide_review(cast.user("manager"), review=review, answers=words, reason="听不出来")
    matter = kind_named("evaluation").find(str(evaluation.assignment_id))
    assert matter is not None
    assert {item.key: item.rater for item in matter.items} == {ITEM: "3001", OTHER: "5001"}


def test_an_appeal_whose_evaluation_is_there_does_not_lapse(evaluation: Evaluation) -> None:
    appeal = appealed(evaluation)
    assert sweep(at=appeal.submitted_at)["lapsed"] == 0


def test_the_agent_appeals_from_the_evaluations_page_and_reads_the_decision_there(evaluation: Evaluation) -> None:
    agent = browser(agent_of(evaluation))
    page = reverse("inspection:evaluation", args=[evaluation.pk])
    making = reverse("appeals:making", args=["evaluation", evaluation.assignment_id])
    before = agent.get(page).content.decode()
    assert f'href="{making}"' in before
    assert f'href="{making}?item={ITEM}"' in before
    form = agent.get(making).content.decode()
    assert "质检评价" in form
    fields = {f"item-{ITEM}-picked": "on", f"item-{ITEM}-claimed": "met", f"item-{ITEM}-reason": PLEA}
    answer = agent.post(making, fields | {f"item-{ITEM}-evidence": "#2:0-2"}, follow=True)
    assert "申诉" in answer.content.decode()
    assert "申诉中" in agent.get(page).content.decode()
    decided(Appeal.objects.get())
    react()
    newest = reverse("inspection:evaluation", args=[Evaluation.objects.get(version=2).pk])
    told = agent.get(newest).content.decode()
    assert "看过对话，确有致歉" in told
    assert "v1" in told


def test_the_blind_view_holds_no_answer_and_no_name(evaluation: Evaluation) -> None:
    appeal = appealed(evaluation)
    assert appeal.adjudicator is not None
    judge = browser(User.objects.get(username=appeal.adjudicator.number))
    page = judge.get(reverse("appeals:appeal", args=[appeal.pk])).content.decode()
    name = Person.objects.get(number=evaluation.assignment.person).name
    for hidden in (PLEA, name, evaluation.assignment.person, "孙楠", "见对话"):
        assert hidden not in page, hidden
    assert "＊＊＊＊" in page


def test_what_is_appealed_reads_in_the_language_of_the_reader_not_of_who_filed(
    evaluation: Evaluation, cast: Cast
) -> None:
    with translation.override("en"):
        appeal = appealed(evaluation, ITEM)
    assert appeal.title == "topic:refund/chat"
    where = reverse("appeals:appeals")
    for language, words, other in (("zh-hans", "退款", "Refund"), ("en", "Refund", "退款")):
        page = browser(agent_of(evaluation), language).get(where).content.decode()
        listed = page[page.index("<tbody") : page.index("</tbody")]
        assert words in listed
        assert other not in listed
        opened = browser(agent_of(evaluation), language).get(reverse("appeals:appeal", args=[appeal.pk]))
        assert words in opened.content.decode()
    Appeal.objects.filter(pk=appeal.pk).update(title="退款")  # as it was kept before
    assert "退款" in browser(agent_of(evaluation), "en").get(where).content.decode()
