"""Writing, sealing and verifying the journal."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.journal import actions, queries
from bihuan.journal.models import Entry, Seal, Unsealed
from bihuan.journal.rules import Line, digest_of, is_verb
from bihuan.people.models import User


def write(verb: str = "case.closed", **data: object) -> Entry:
    with transaction.atomic():
        return actions.record(actor="system:test", verb=verb, subject="case:1", data=dict(data))


def alter(sql: str, *values: object) -> None:
    """Change rows as somebody with the database's own password could: triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.django_db
def test_a_line_names_actor_verb_subject_data_and_day() -> None:
    entry = actions.record(actor=User(username="1001"), verb="case.closed", subject="case:42", data={"note": "好\x00"})
    entry.refresh_from_db()
    assert (entry.actor, entry.verb, entry.subject) == ("1001", "case.closed", "case:42")
    assert entry.data == {"note": "好\ufffd"}
    assert abs((entry.day - entry.recorded_at.date()).days) <= 1


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused() -> None:
    with pytest.raises(actions.NoTransactionError):
        actions.record(actor="system:test", verb="case.closed", subject="case:1")
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("verb", ["closed", "Case.closed", "case.", "case closed", "case.closed.twice"])
def test_verbs_are_part_thing_dot_past_verb(verb: str) -> None:
    assert not is_verb(verb)
    assert is_verb("case_complaint.reopened")


@pytest.mark.django_db(transaction=True)
def test_a_line_vanishes_with_the_act_that_failed() -> None:
    def act() -> None:
        with transaction.atomic():
            actions.record(actor="system:test", verb="case.closed", subject="case:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert Entry.objects.count() == 0
    assert actions.seal() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entry SET actor = 'nobody'",
        "DELETE FROM journal_entry",
        "UPDATE journal_seal SET digest = ''",
        "DELETE FROM journal_seal",
    ],
)
def test_the_database_refuses_changes(sql: str) -> None:
    write()
    actions.seal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_sealed_entries_hold_and_sealing_again_changes_nothing() -> None:
    for number in range(5):
        write(n=number, share=0.125)
    assert actions.seal(limit=3) == 3
    assert actions.seal() == 2
    assert actions.seal() == 0
    found = queries.verify()
    assert (found.holds, found.checked, found.unsealed) == (True, 5, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "number", "reason"),
    [
        ("UPDATE journal_entry SET actor = 'x' WHERE id = %s", 3, "entry_changed"),
        ("UPDATE journal_entry SET data = '{\"n\": 9}' WHERE id = %s", 3, "entry_changed"),
        ("UPDATE journal_entry SET day = day + 1 WHERE id = %s", 3, "entry_changed"),
        ("DELETE FROM journal_entry WHERE id = %s", 3, "entry_missing"),
        ("DELETE FROM journal_seal WHERE entry_id = %s", 3, "gap"),
        ("UPDATE journal_seal SET previous = repeat('0', 64) WHERE entry_id = %s", 3, "previous"),
    ],
)
def test_verify_names_the_first_broken_entry(sql: str, number: int, reason: str) -> None:
    entries = [write(n=n) for n in range(5)]
    actions.seal()
    alter(sql, entries[2].id)
    broken = queries.verify().broken
    assert broken is not None
    assert (broken.number, broken.reason) == (number, reason)


@pytest.mark.django_db
def test_a_chain_cut_at_its_end_is_seen_against_exported_heads() -> None:
    for n in range(3):
        write(n=n)
    actions.seal()
    witnesses = {head.number: head.digest for head in queries.heads()}
    assert list(witnesses) == [3]
    assert queries.verify(witnesses).holds
    alter("DELETE FROM journal_seal WHERE number = 3")
    assert queries.verify().holds
    broken = queries.verify(witnesses).broken
    assert broken is not None
    assert broken.reason == "head_missing"


@pytest.mark.django_db
def test_an_entry_hidden_from_the_sealer_still_counts_as_unsealed() -> None:
    write()
    Unsealed.objects.all().delete()
    assert actions.seal() == 0
    assert queries.verify().unsealed == 1


def test_the_digest_covers_every_column() -> None:
    line = Line(1, 2, "a", "b.c", "d", {"e": 1}, date(2026, 10, 12))
    others = [
        Line(9, 2, "a", "b.c", "d", {"e": 1}, date(2026, 10, 12)),
        Line(1, 9, "a", "b.c", "d", {"e": 1}, date(2026, 10, 12)),
        Line(1, 2, "z", "b.c", "d", {"e": 1}, date(2026, 10, 12)),
        Line(1, 2, "a", "b.z", "d", {"e": 1}, date(2026, 10, 12)),
        Line(1, 2, "a", "b.c", "z", {"e": 1}, date(2026, 10, 12)),
        Line(1, 2, "a", "b.c", "d", {"e": 2}, date(2026, 10, 12)),
        Line(1, 2, "a", "b.c", "d", {"e": 1}, date(2026, 10, 13)),
    ]
    digests = {digest_of(1, "", line), digest_of(2, "", line), digest_of(1, "x", line)}
    digests |= {digest_of(1, "", other) for other in others}
    assert len(digests) == len(others) + 3


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_with_a_lower_id_is_sealed_after_its_commit() -> None:
    written, may_commit = threading.Event(), threading.Event()
    late: list[int] = []

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                late.append(actions.record(actor="system:slow", verb="case.closed", subject="case:1").id)
                written.set()
                may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert written.wait(10)
    quick = write()
    assert quick.id > late[0]
    assert actions.seal() == 1
    may_commit.set()
    thread.join(10)
    assert actions.seal() == 1
    assert list(Seal.objects.order_by("number").values_list("entry_id", flat=True)) == [quick.id, late[0]]
    assert queries.verify() == queries.Verification(checked=2, unsealed=0, broken=None)


@pytest.mark.django_db(transaction=True)
def test_a_second_sealer_steps_back_and_writers_are_not_held_up() -> None:
    write()
    locked, release = threading.Event(), threading.Event()

    def sealer() -> None:
        try:
            with transaction.atomic():
                actions.seal()
                locked.set()
                release.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=sealer)
    thread.start()
    assert locked.wait(10)
    assert actions.seal() == 0
    write()
    release.set()
    thread.join(10)
    assert actions.seal() == 1
    assert queries.verify().checked == 2


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_leave_one_whole_chain() -> None:
    start = threading.Barrier(6)

    def worker(act: object) -> None:
        try:
            start.wait(10)
            for _ in range(20):
                act()  # type: ignore[operator] # one of two callables of this test
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=(write,)) for _ in range(4)]
    threads += [threading.Thread(target=worker, args=(actions.seal,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    while actions.seal():
        pass
    assert queries.verify() == queries.Verification(checked=80, unsealed=0, broken=None)
