"""Whose a key is, as people say now, reaches the record without another import."""

from __future__ import annotations

from pathlib import Path

from bihuan.archive.reader import Reader
from bihuan.archive.rollup import refresh
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive, open_archive
from bihuan.kit.clock import DAY
from bihuan.people import actions
from bihuan.people.tests.cast import SYSTEM, Cast, today
from bihuan.workplace.staff_following import follow_staff
from bihuan.workplace.tasks import follow_staff_changes
from bihuan.workplace.tests.programs.small_record import SOURCE, contacts_csv

CONTACT = "c1,在线,K-7,k1,发票,2026-10-05 09:00:00,2026-10-05 09:00:10,,2026-10-05 09:05:00,已解决\n"


def imported(home: Path) -> Archive:
    """A record of one contact, served by a key nobody has settled."""
    file = home / "contacts.csv"
    file.write_bytes(contacts_csv(CONTACT))
    record = open_archive()
    import_file(file, "generic-contacts", record)
    refresh(record, repeat_window_us=7 * DAY)
    return record


def whose(record: Archive) -> list[tuple[str | None, str | None]]:
    rows = Reader(record).table("rollup", columns=["person", "team"]).to_pylist()
    return [(row["person"], row["team"]) for row in rows]


def test_a_settled_key_names_its_contacts_with_the_team_of_that_day(home: Path, cast: Cast) -> None:
    record, agent = imported(home), cast.person("agent")
    assert follow_staff()
    assert whose(record) == [("K-7", None)]
    actions.settle_key(SYSTEM, source=SOURCE, key="K-7", person=agent, since=agent.joined)
    assert follow_staff_changes(timestamp=0)
    assert whose(record) == [("1001", "east")]


def test_a_later_move_leaves_the_past_where_it_was(home: Path, cast: Cast) -> None:
    record, agent = imported(home), cast.person("agent")
    actions.settle_key(SYSTEM, source=SOURCE, key="K-7", person=agent, since=agent.joined)
    actions.move_person(SYSTEM, person=agent, team=cast.west, on=today())
    assert follow_staff()
    assert whose(record) == [("1001", "east")]


def test_what_was_summed_up_with_another_repeat_window_is_made_anew(home: Path, cast: Cast) -> None:
    record = imported(home)
    follow_staff()
    refresh(record, repeat_window_us=DAY)
    assert follow_staff_changes(timestamp=0)
    assert Reader(record).making().window_us == 7 * DAY


def test_where_nobody_changed_the_record_stays_as_it_is(home: Path, cast: Cast) -> None:
    record = imported(home)
    follow_staff()
    before = record.head().hash
    assert not follow_staff()
    assert not follow_staff_changes(timestamp=0)
    assert record.head().hash == before
