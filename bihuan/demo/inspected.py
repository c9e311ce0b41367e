"""A week of draws and a few evaluations in every state, made through the same acts inspectors and agents use."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from django.utils import timezone

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.demo.people import ACTOR
from bihuan.demo.world import World
from bihuan.inspection.actions import (
    acknowledge_evaluation,
    answer_item,
    gather_reviews,
    mark_moment,
    release_evaluations,
    submit_evaluation,
)
from bihuan.inspection.facts import tell_record
from bihuan.inspection.forms_of_editions import edition_for, form_for, machine_verdicts
from bihuan.inspection.models import Acknowledgement, Assignment, Draw, Evaluation
from bihuan.inspection.queries import inspectors
from bihuan.inspection.rules.form import machine_answer, questions_of
from bihuan.kit.clock import now
from bihuan.people.models import Person, User
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED

EACH: Final = 5  # conversations every inspector has evaluated
KIND: Final = 2  # of them by an eye that finds everything done: full marks to look at again
DIFFERS: Final = 0.08  # of answers are not as the machine has them
SECONDS: Final = (150, 420)  # spent on a conversation
WORDS: Final = {
    VIOLATED: ("语气生硬，没有顾及客户情绪", "没有先确认问题就给了答复", "结尾没有询问是否还有需要"),
    NOT_APPLICABLE: ("客户只问了一句，无需确认", "对话中没有出现这种情形"),
}
REPLIES: Final = ("收到，下次先确认再答复", "明白，已对照标准复看", "")
OBJECTION: Final = "当时已经向客户确认过，请再听一遍"


def inspect_some(world: World) -> int:
    """Evaluate a few of what was drawn and put before the group what it looks at again; nothing where an agent has read an
    evaluation before. Returns how many were evaluated."""
    if Acknowledgement.objects.exists():
        return 0
    if not Draw.objects.exists():
        return 0
    rnd = Random(world.seed)  # noqa: S311 - a made-up week, the same for the same seed
    done = [one for person in inspectors(now()) if person.user for one in _day_of(person, person.user, rnd)]
    release_evaluations(ACTOR, evaluations=done[: -len(done) // 4 or None])
    _acknowledged(done, rnd)
    tell_record()
    today = timezone.localdate()
    gather_reviews(ACTOR, week=today - timedelta(days=today.weekday()))  # that of the release: just now
    return len(done)


def _day_of(person: Person, user: User, rnd: Random) -> list[Evaluation]:
    mine = Assignment.objects.open().held_by(person).select_related("draw").order_by("-day", "contact_id")
    return [_evaluated(user, work, rnd, is_kind=at < KIND) for at, work in enumerate(mine[:EACH])]


def _evaluated(user: User, work: Assignment, rnd: Random, *, is_kind: bool) -> Evaluation:
    """As the machine has it, but for a few items; what the machine cannot tell, or a kind eye looks at, is met."""
    edition = edition_for(work)
    reader = Reader(open_archive())
    verdicts = machine_verdicts(reader, edition.hash, work.contact_id)
    seconds = rnd.randint(*SECONDS)
    for question in questions_of(form_for(edition)).values():
        if question.by_record:
            continue
        machine = machine_answer(question, verdicts)
        word = MET if machine is None or machine.verdict == CANNOT_TELL else machine.verdict
        if is_kind:
            word = MET
        elif question.kind == "item" and rnd.random() < DIFFERS:
            word = VIOLATED if word == MET else MET
        evidence = [] if machine is None or word != machine.verdict else [e for e in machine.evidence if e.message][:1]
        reason = rnd.choice(WORDS[word]) if word in WORDS else ""
        answer_item(
            user, assignment=work, item=question.id, verdict=word, reason=reason, evidence=evidence, seconds=seconds
        )
        seconds = 0  # all of it was spent before the first answer was saved
    record = reader.contact(work.contact_id)
    replies = [row["seq"] for row in record.messages if row["sender_kind"] == "agent"] if record else []
    draft = work.evaluations.get()
    if replies:
        draft = mark_moment(user, assignment=work, moment="first_response", message=replies[0])
    return submit_evaluation(user, assignment=work, revision=draft.revision)


def _acknowledged(done: list[Evaluation], rnd: Random) -> None:
    """Every other agent has read what was released; the first of them does not agree."""
    accounts = {
        user.username: user for user in User.objects.filter(username__in=[one.assignment.person for one in done])
    }
    released = Evaluation.objects.released().filter(pk__in=[one.pk for one in done]).select_related("assignment")
    objects = True
    for evaluation in released.order_by("assignment__contact_id")[::2]:
        user = accounts.get(evaluation.assignment.person)
        if user is not None:
            reply = OBJECTION if objects else rnd.choice(REPLIES)
            acknowledge_evaluation(user, evaluation=evaluation, reply=reply, objects_to=objects)
            objects = False
