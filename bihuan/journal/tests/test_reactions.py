"""Parts answer the journal in order, each entry once in effect, whatever ends in between."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from bihuan.journal import actions, reacting
from bihuan.journal.models import Entry, ReactionCursor
from bihuan.journal.reacting import PAUSES, Reaction, carry_out
from bihuan.journal.tests.test_chain import write
from bihuan.kit.clock import now


def note(entry: Entry) -> None:
    """What a reaction does in these tests: a line of its own."""
    actions.record(actor="system:test", verb="answer.given", subject=f"entry:{entry.pk}")


def answered() -> list[str]:
    return list(Entry.objects.filter(verb="answer.given").order_by("id").values_list("subject", flat=True))


NOTING = Reaction("test.noting", ("case.closed",), note)


@pytest.mark.django_db
def test_a_reaction_answers_its_verbs_in_order_and_each_once() -> None:
    first, _other, second = write(), write("case.opened"), write()
    assert carry_out(NOTING) == 0  # nothing is answered before it is sealed
    actions.seal()
    assert carry_out(NOTING) == 2
    actions.seal()
    assert carry_out(NOTING) == 0
    assert answered() == [f"entry:{first.pk}", f"entry:{second.pk}"]


@pytest.mark.django_db
def test_what_concerns_nobody_is_passed_by_and_not_read_again() -> None:
    write("case.opened")
    actions.seal()
    assert carry_out(NOTING) == 0
    assert ReactionCursor.objects.get(name=NOTING.name).number == 1


@pytest.mark.django_db
def test_an_entry_that_commits_late_is_answered_though_later_ones_were_before_it() -> None:
    """Its number in the chain decides, not its id: an open transaction's id lies behind what was answered already."""
    write()
    late = Entry.objects.create(
        id=-1, recorded_at=Entry.objects.get().recorded_at, actor="a", verb="case.closed", subject="late",
        day=Entry.objects.get().day,
    )  # fmt: skip
    actions.seal(limit=1)
    other = Entry.objects.exclude(pk=late.pk).get()
    assert carry_out(NOTING) == 1
    actions.seal()
    assert carry_out(NOTING) == 1
    assert set(answered()) == {f"entry:{late.pk}", f"entry:{other.pk}"}


@pytest.mark.django_db(transaction=True)
def test_a_reaction_that_is_killed_has_done_nothing_and_does_it_at_the_next_round() -> None:
    write()
    actions.seal()

    def dies(entry: Entry) -> None:
        note(entry)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(Reaction(NOTING.name, NOTING.verbs, dies))
    assert answered() == []
    assert carry_out(NOTING) == 1
    assert len(answered()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_answer_an_entry_once() -> None:
    for _ in range(5):
        write()
    actions.seal()
    done: list[int] = []

    def work() -> None:
        done.append(carry_out(NOTING))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with transaction.atomic():
        assert sum(done) + carry_out(NOTING) == 5
    assert len(answered()) == len(set(answered())) == 5


@pytest.mark.django_db(transaction=True)
def test_one_failing_reaction_keeps_none_of_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reacting, "_REACTIONS", {"a": f"{__name__}.FAILING", "b": f"{__name__}.NOTING"})
    write()
    actions.seal()
    with pytest.raises(ExceptionGroup):
        reacting.carry_out_reactions()
    assert len(answered()) == 1


def _fails(entry: Entry) -> None:
    raise ValueError(entry.pk)


FAILING = Reaction("test.failing", ("case.closed",), _fails)


def later(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


@pytest.mark.django_db
def test_an_entry_that_fails_for_ever_is_set_aside_and_those_behind_it_are_answered() -> None:
    broken, behind = write(), write()
    actions.seal()

    def react(entry: Entry) -> None:
        note(entry)
        if entry.pk == broken.pk:
            raise LookupError("a customer's words never enter the journal")

    reaction = Reaction(NOTING.name, NOTING.verbs, react)
    at = now()
    for pause in PAUSES:
        with pytest.raises(LookupError):
            carry_out(reaction, at=at)
        assert carry_out(reaction, at=at + pause / 2) == 0  # a round in the pause tries nothing
        assert answered() == []
        at += pause
    carry_out(reaction, at=at)
    assert answered() == [f"entry:{behind.pk}"]
    told = Entry.objects.get(verb="reaction.failed")
    assert (told.subject, told.data) == (
        f"entry:{broken.pk}",
        {"reaction": NOTING.name, "entry": broken.pk, "verb": "case.closed", "error": "LookupError"},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [30, 3600])
def test_an_entry_outlives_an_outage_and_is_answered_after_it(seconds: int) -> None:
    """What the reaction needs is away for so long, and round after round is made meanwhile."""
    entry = write()
    actions.seal()
    start = now()
    for at in (start + timedelta(seconds=past) for past in range(0, seconds, seconds // 30)):
        with suppress(ValueError):
            carry_out(Reaction(NOTING.name, NOTING.verbs, _fails), at=at)
    assert not Entry.objects.filter(verb="reaction.failed").exists()
    assert carry_out(NOTING, at=start + 4 * timedelta(seconds=seconds)) == 1
    assert answered() == [f"entry:{entry.pk}"]


@pytest.mark.django_db
def test_an_entry_that_succeeds_after_failing_leaves_every_try_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reacting, "PAUSES", PAUSES[:1])
    for _ in range(2):
        write()
        actions.seal()
        with pytest.raises(ValueError, match=r"\d+"):
            carry_out(Reaction(NOTING.name, NOTING.verbs, _fails))
        assert carry_out(NOTING, at=later(20)) == 1
    assert not Entry.objects.filter(verb="reaction.failed").exists()
