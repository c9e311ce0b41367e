"""Days on which the whole random sample was evaluated, and what follows for the checks: some count, one fell, one was taken down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.demo.people import ACTOR
from bihuan.demo.world import World
from bihuan.inspection.actions import draw_due_days, gather_reviews
from bihuan.inspection.actions.evaluating import keep_score, verdicts_of
from bihuan.inspection.actions.fairness import carry_out_fairness, request_fairness
from bihuan.inspection.actions.reviewing import last_week
from bihuan.inspection.actions.trusting import lower_check, raise_check, settle_checks
from bihuan.inspection.facts import tell_record
from bihuan.inspection.forms_of_editions import edition_for, form_for
from bihuan.inspection.models import Answer, Assignment, Evaluation, FairnessRun, Telling
from bihuan.inspection.refusals import NotTrusted
from bihuan.inspection.rules.form import ITEM, Question, machine_answer, questions_of
from bihuan.journal.actions import record
from bihuan.kit.errors import Refusal
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED, Verdict

DAYS: Final = 4  # of the drawn ones, the oldest
DIFFERS: Final = 0.03  # of answers are not as the machine has them
DOUBTED: Final = "progress_told"  # the item of this check is found met where the machine flags it, more often than not
DOUBTS: Final = 0.65
TRIED: Final = 1500  # conversations of the counterfactual run: one in thirteen takes another address, a hundred must
RAISED: Final = 3
LOWERED: Final = "empathy"
WHY_UP: Final = "准确率和检出率的区间下限均达标，公平性检验通过，可作绩效依据"
WHY_DOWN: Final = "新话术上线后误判偏多，先只观察"
WORDS: Final = {VIOLATED: "对照标准复看，此处未做到", NOT_APPLICABLE: "对话中没有出现这种情形"}
NOON: Final = time(15, 0)


def review_days(world: World) -> int:
    """Draw the last days, evaluate the random sample of the oldest of them, and put before the group what it looks at
    again; nothing where something was evaluated before. Returns how many conversations were evaluated."""
    if Evaluation.objects.exists():
        return 0
    draw_due_days(ACTOR)
    days = sorted(set(Assignment.objects.random().values_list("day", flat=True)))[:DAYS]
    rows = Assignment.objects.random().open().filter(day__in=days, holder__isnull=False)
    done = _reviewed(list(rows.select_related("draw", "holder").order_by("day", "contact_id")), world.seed)
    gather_reviews(ACTOR, week=last_week(timezone.localdate()))
    return done


def trust_some(world: World) -> None:
    """Try the exchanges and move checks by what was evaluated; nothing where a run was kept before."""
    if FairnessRun.objects.exists():
        return
    edition = edition_in_use(world.end)
    tell_record()
    run = request_fairness(ACTOR, edition=edition, ref=edition.id, contacts=TRIED)
    carry_out_fairness(run, edition=edition)
    list(settle_checks(edition))
    _moved(edition)


@dataclass(frozen=True)
class _Seen:
    """A drawn conversation with the machine's verdicts."""

    work: Assignment
    machine: dict[str, Verdict]


@transaction.atomic
def _reviewed(works: Sequence[Assignment], seed: int) -> int:
    """Written in bulk, as an imported history is: one line of the journal for all of them."""
    rnd = Random(seed)  # noqa: S311 - a made-up week, the same for the same seed
    drafts, answers = [], []
    for seen in _seen(works):
        draft = _draft(seen.work, rnd)
        drafts.append(draft)
        answers += [_answer(draft, seen, question, rnd) for question in _questions(seen.work)]
    Evaluation.objects.bulk_create(drafts)
    Answer.objects.bulk_create(answers, batch_size=2000)
    given: dict[Any, list[Answer]] = {}
    for answer in answers:
        given.setdefault(answer.evaluation_id, []).append(answer)
    for draft in drafts:
        _finish(draft, given.get(draft.pk, []))
    fields = ["submitted_at", "released_at", "tree", "total", "unfailed", "coverage", "fatal"]
    Evaluation.objects.bulk_update(drafts, fields, batch_size=200)
    Assignment.objects.bulk_update([one.assignment for one in drafts], ["done_at"], batch_size=500)
    Telling.objects.bulk_create([Telling(evaluation=one, asked_at=one.touched_at) for one in drafts])
    record(actor=ACTOR, verb="evaluation.released", subject="evaluations:demo", data={"evaluations": len(drafts)})
    return len(drafts)


def _seen(works: Sequence[Assignment]) -> Iterator[_Seen]:
    reader = Reader(open_archive())
    for day in sorted({work.day for work in works}):
        todays = [work for work in works if work.day == day]
        found: dict[str, dict[str, Verdict]] = {}
        digest = edition_for(todays[0]).hash
        for row in reader.verdicts(digest, contact_ids=[work.contact_id for work in todays]).to_pylist():
            found.setdefault(row["contact_id"], {})[row["item"]] = Verdict.from_row(row)
        yield from (_Seen(work, found.get(work.contact_id, {})) for work in todays)


def _questions(work: Assignment) -> list[Question]:
    return list(questions_of(form_for(edition_for(work))).values())


def _draft(work: Assignment, rnd: Random) -> Evaluation:
    edition, seconds = edition_for(work), rnd.randint(150, 420)
    at = _afternoon(work) + timedelta(minutes=rnd.randint(0, 180))
    return Evaluation(
        assignment=work, edition_ref=edition.id, edition_hash=edition.hash, evaluator=work.holder, blind=True,
        started_at=at - timedelta(seconds=seconds), touched_at=at, active_seconds=seconds, revision=1,
    )  # fmt: skip


def _afternoon(work: Assignment) -> datetime:
    zone = timezone.get_current_timezone() if settings.USE_TZ else None
    return datetime.combine(work.day, NOON, tzinfo=zone)


def _answer(draft: Evaluation, seen: _Seen, question: Question, rnd: Random) -> Answer:
    machine = machine_answer(question, seen.machine)
    word = MET if machine is None or (machine.verdict == CANNOT_TELL and not question.by_record) else machine.verdict
    if question.by_record:
        giver = Answer.Giver.RECORD
    else:
        giver, word = Answer.Giver.PERSON, _human(question, word, rnd, doubted=_is_flagged(seen, DOUBTED))
    evidence = [e.to_json() for e in machine.evidence[:1]] if machine and word == machine.verdict else []
    return Answer(
        evaluation=draft, item=question.id, verdict=word, reason=WORDS.get(word, ""), evidence=evidence, given_by=giver,
        machine=machine.verdict if machine else "", answered_at=draft.touched_at,
    )  # fmt: skip


def _is_flagged(seen: _Seen, check: str) -> bool:
    verdict = seen.machine.get(check)
    return verdict is not None and verdict.verdict == VIOLATED


def _human(question: Question, word: str, rnd: Random, *, doubted: bool) -> str:
    luck = rnd.random()
    if doubted and word == VIOLATED and DOUBTED in question.checks:
        return MET if luck < DOUBTS else word
    if question.kind == ITEM and word in (MET, VIOLATED) and luck < DIFFERS:
        return VIOLATED if word == MET else MET
    return word


def _finish(draft: Evaluation, answers: Sequence[Answer]) -> None:
    keep_score(draft, score_contact(edition_for(draft.assignment), verdicts_of(answers), judge="people"))
    draft.submitted_at = draft.released_at = draft.touched_at
    draft.assignment.done_at = draft.touched_at


def _moved(edition: Edition) -> None:
    """A manager lets what may count, and takes one check down."""
    manager = next((user for user in User.objects.order_by("pk") if user.rights().may(Permission.MOVE_CHECKS)), None)
    if manager is None:
        return
    raised = 0
    for check in edition.checks:
        if raised < RAISED and check != LOWERED:
            raised += _tried(manager, edition, check)
    try:
        lower_check(manager, edition=edition, check=LOWERED, reason=WHY_DOWN)
    except Refusal:
        return


def _tried(manager: User, edition: Edition, check: str) -> int:
    try:
        raise_check(manager, edition=edition, check=check, reason=WHY_UP)
    except NotTrusted:
        return 0
    return 1
