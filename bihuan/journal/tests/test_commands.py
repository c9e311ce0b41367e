"""`bihuan journal` says whether the chain holds, and by its exit too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection, transaction
from typer import Typer
from typer.testing import CliRunner, Result

from bihuan.journal import actions, commands, tasks
from bihuan.journal.models import Seal
from bihuan.kit.errors import InputError


def run(*arguments: str) -> Result:
    app = Typer()
    commands.mount(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["journal", *arguments])


@pytest.fixture
def three_entries(db: None) -> None:
    with transaction.atomic():
        for number in range(3):
            actions.record(actor="system:test", verb="case.closed", subject=f"case:{number}")


@pytest.mark.usefixtures("three_entries")
def test_verbs_tell_what_they_did_as_json_too() -> None:
    assert json.loads(run("seal", "--json").stdout) == {"sealed": 3}
    assert set(json.loads(run("react", "--json").stdout)) == {"sealed", "answered"}
    assert run("heads", "--json").stdout == run("heads").stdout


@pytest.mark.usefixtures("three_entries")
def test_a_whole_chain_is_said_to_hold_with_and_without_heads(tmp_path: Path) -> None:
    assert run("seal").stdout == "3 entries sealed.\n"
    heads = tmp_path / "heads.jsonl"
    assert run("heads", "--out", str(heads)).exit_code == 0
    assert json.loads(heads.read_text())["digest"] == Seal.objects.get(number=3).digest
    answer = run("verify", "--json", "--heads", str(heads))
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"holds": True, "checked": 3, "unsealed": 0, "broken": None}


@pytest.mark.usefixtures("three_entries")
def test_a_broken_chain_is_refused_by_name() -> None:
    tasks.seal_journal(0)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET actor = 'x' WHERE subject = 'case:1'")
        cursor.execute("SET session_replication_role = DEFAULT")
    answer = run("verify", "--json")
    assert isinstance(answer.exception, commands.ChainBroken)
    assert "link 2" in str(answer.exception)
    assert json.loads(answer.stdout)["broken"]["reason"] == "entry_changed"


@pytest.mark.usefixtures("three_entries")
@pytest.mark.parametrize("text", [b"{}", b"nonsense", b'{"number": "x", "digest": 1}', b"\xff\x00"])
def test_heads_that_cannot_be_read_name_the_line(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "heads.jsonl"
    file.write_bytes(text)
    answer = run("verify", "--heads", str(file))
    assert isinstance(answer.exception, InputError)
    assert "line 1" in str(answer.exception)


def test_an_empty_journal_says_that_nothing_is_verified(db: None) -> None:
    answer = run("verify")
    assert (answer.exit_code, answer.stdout) == (0, "Nothing is verified: the journal is empty.\n")


@pytest.mark.usefixtures("three_entries")
def test_what_waits_to_be_sealed_is_said_and_can_be_sealed_now() -> None:
    first, second, third = run("verify").stdout.splitlines()
    assert first == "Nothing is verified: no entry is sealed yet."
    assert second == "3 entries wait to be sealed and cannot be verified yet."
    assert third.endswith("bihuan journal verify --seal")
    sealed = run("verify", "--seal")
    assert (sealed.exit_code, sealed.stdout) == (0, "Verified: 3 links, from the first entry on; all hold.\n")


@pytest.mark.usefixtures("three_entries")
def test_one_late_entry_waits_beside_verified_ones() -> None:
    run("seal")
    with transaction.atomic():
        actions.record(actor="system:test", verb="case.closed", subject="case:late")
    first, second, _way = run("verify").stdout.splitlines()
    assert first == "Verified: 3 links, from the first entry on; all hold."
    assert second == "1 entry waits to be sealed and cannot be verified yet."


@pytest.mark.usefixtures("three_entries")
def test_a_broken_chain_says_what_held_and_names_the_entry() -> None:
    run("seal")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET actor = 'x' WHERE subject = 'case:1'")
        cursor.execute("SET session_replication_role = DEFAULT")
    answer = run("verify")
    entry = Seal.objects.get(number=2).entry_id
    assert answer.stdout == "Verified: 1 link, from the first entry on; these hold.\n"
    assert f"link 2 (entry {entry}): its entry or its digest was changed after sealing" in str(answer.exception)


def test_heads_into_a_folder_that_does_not_exist_are_refused(db: None, tmp_path: Path) -> None:
    assert isinstance(run("heads", "--out", str(tmp_path / "none" / "heads.jsonl")).exception, InputError)
