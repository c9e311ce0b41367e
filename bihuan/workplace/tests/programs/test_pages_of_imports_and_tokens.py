"""The pages of imports and keys: who gets them, what they show, how they refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.kit.clock import now
from bihuan.people import actions
from bihuan.people.models import Token
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import Cast
from bihuan.workplace.imports import files as import_files
from bihuan.workplace.imports.acts import carry_out, hand_in
from bihuan.workplace.imports.models import Import, ImportState
from bihuan.workplace.imports.page import ImportPage
from bihuan.workplace.tests.programs.small_record import CONTACTS, MOBILE, contacts_csv

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.workplace.tests.programs.urls")]
EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip
MAY = {"manager", "administrator"}
BAD = f"c7,在线,1001,k7,x,电话 {MOBILE},,,,已解决\n=1+1,pigeon,1001,k7,x,=cmd|'/c calc',,,,已解决\n"


def signed_in(cast: Cast, who: str = "manager") -> Client:
    client = Client()
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(content: bytes, name: str = "会话.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def checked(cast: Cast, content: bytes | None = None) -> Import:
    file = content or contacts_csv(CONTACTS + BAD)
    return carry_out(hand_in(cast.user("manager"), name="会话.csv", content=[file], source="generic-contacts"))


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_address_is_there_for_who_may_and_for_nobody_else(home: Path, cast: Cast, who: str) -> None:
    row = checked(cast)
    token = actions.issue_token(cast.user("manager"), name="t", scopes=[ApiScope.FIGURES_READ], days=7).token
    client = signed_in(cast, who)
    reads = ["/imports/", f"/imports/{row.pk}/", f"/imports/{row.pk}/rejects.csv", "/tokens/"]
    assert {client.get(url).status_code for url in reads} == ({200} if who in MAY else {404})
    writes = {
        "/imports/": 422,
        "/tokens/": 422,
        f"/imports/{row.pk}/resumption/": 409,
        f"/imports/{row.pk}/landing/": 302,
        f"/imports/{row.pk}/discard/": 409,
        f"/tokens/{token.pk}/revocation/": 302 if who == "manager" else 404,
    }
    got = {url: client.post(url).status_code for url in writes}
    assert got == {url: status if who in MAY else 404 for url, status in writes.items()}
    assert client.get(f"/imports/{row.pk}/landing/").status_code in (404, 405)


def test_who_is_not_signed_in_is_sent_to_sign_in(home: Path, cast: Cast) -> None:
    for url in ("/imports/", "/tokens/", f"/imports/{checked(cast).pk}/"):
        assert Client().get(url)["Location"].startswith("/accounts/login/")


def test_handing_in_leads_to_the_preview_and_on_to_the_record(home: Path, cast: Cast) -> None:
    client = signed_in(cast)
    answer = client.post("/imports/", {"file": upload(contacts_csv(CONTACTS + BAD)), "source": "generic-contacts"})
    row = Import.objects.get()
    assert answer["Location"] == f"/imports/{row.pk}/"
    running = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in running
    carry_out(row)
    preview = client.get(answer["Location"]).content.decode()
    assert "hx-trigger" not in preview
    assert f"/imports/{row.pk}/landing/" in preview
    assert "138****5678" in preview
    assert MOBILE not in preview
    client.post(f"/imports/{row.pk}/landing/")
    carry_out(Import.objects.get())
    done = client.get(answer["Location"]).content.decode()
    assert f"/imports/{row.pk}/landing/" not in done
    assert "/people/keys/" in done or "keys" in done
    assert Import.objects.get().state == ImportState.DONE


def test_progress_is_renewed_alone_and_the_page_when_it_is_over(home: Path, cast: Cast) -> None:
    client = signed_in(cast)
    row = hand_in(cast.user("manager"), name="x.csv", content=[contacts_csv()], source="generic-contacts")
    moving = client.get(f"/imports/{row.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in moving.content.decode()
    assert "HX-Refresh" not in moving
    carry_out(row)
    assert client.get(f"/imports/{row.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_pace_and_time_left_are_told(home: Path, cast: Cast) -> None:

    moment = now()
    row = Import(state=ImportState.IMPORTING, rows=50_000, share=0.25, started_at=moment - timedelta(seconds=10))
    assert (row.rate(moment), row.seconds_left(moment)) == (5_000, 30)
    assert "5,000" in ImportPage(row, moment).pace
    fresh = Import(state=ImportState.IMPORTING, started_at=moment)
    assert (fresh.rate(moment), fresh.seconds_left(moment), ImportPage(fresh, moment).pace) == (None, None, "")


def test_rejects_come_as_a_file_that_harms_nobody(home: Path, cast: Cast) -> None:
    answer = signed_in(cast).get(f"/imports/{checked(cast).pk}/rejects.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "138****5678" in text
    assert MOBILE not in text
    assert "'=cmd" in text


def test_refused_rows_name_the_files_own_column_in_the_readers_words(home: Path, cast: Cast) -> None:
    row = checked(cast)
    client = signed_in(cast)
    page = client.get(f"/imports/{row.pk}/").content.decode()
    assert "进线时间" in page
    assert "时间无法识别" in page
    lines = client.get(f"/imports/{row.pk}/rejects.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "line,column,reason,value,field,why"
    assert lines[1].split(",")[1] == "进线时间"
    assert lines[1].endswith(",opened,时间无法识别")


def test_uploads_are_never_served_nor_told_where_they_lie(home: Path, cast: Cast) -> None:
    row = checked(cast)
    client = signed_in(cast)
    assert client.get(f"/uploads/{row.stored}").status_code == 404
    for url in ("/imports/", f"/imports/{row.pk}/"):
        page = client.get(url).content.decode()
        assert row.stored not in page
        assert str(home) not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "必填"),
        ({"file": upload(b"x")}, "来源"),
        ({"file": upload(b""), "source": "generic-contacts"}, "空"),
        ({"file": upload(b"x"), "mapping": upload(b"name: [", "m.yaml")}, "YAML"),
    ],
    ids=["nothing", "no source", "empty", "bad mapping"],
)
def test_a_wrong_form_is_answered_in_words(home: Path, cast: Cast, values: dict[str, Any], words: str) -> None:
    for file in values.values():
        if hasattr(file, "seek"):
            file.seek(0)
    answer = signed_in(cast).post("/imports/", values)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_too_large_is_refused_in_words(home: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_files, "LARGEST_UPLOAD", 10)
    answer = signed_in(cast).post("/imports/", {"file": upload(contacts_csv()), "source": "generic-contacts"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert list((home / "uploads").iterdir()) == []


def test_a_file_that_cannot_be_used_says_why(home: Path, cast: Cast) -> None:
    row = checked(cast, b"a,b\n1,2\n")
    page = signed_in(cast).get(f"/imports/{row.pk}/").content.decode()
    assert row.state == ImportState.REFUSED
    assert 'class="note is-bad"' in page


def test_a_token_is_shown_once_and_never_again(home: Path, cast: Cast) -> None:
    client = signed_in(cast)
    answer = client.post("/tokens/", {"name": "月报", "scopes": ["figures:read"], "days": "30"})
    token = Token.objects.get()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    secret = answer.content.decode().split('class="secret" tabindex="0">')[1].split("<")[0]
    assert secret.startswith(token.start)
    assert len(secret) > 40
    later = client.get("/tokens/").content.decode()
    assert "月报" in later
    assert secret not in later
    assert client.post(f"/tokens/{token.pk}/revocation/").status_code == 302
    assert client.post(f"/tokens/{token.pk}/revocation/").status_code == 409
    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/metrics", headers=bearer).status_code == 401


def test_a_wrong_token_form_issues_nothing(home: Path, cast: Cast) -> None:
    client = signed_in(cast)
    for values in ({"name": "x", "days": "30"}, {"name": "x", "scopes": ["all"], "days": "30"},
                   {"name": "x", "scopes": ["figures:read"], "days": "9999"}, {"scopes": ["figures:read"], "days": "7"}):  # fmt: skip
        assert client.post("/tokens/", values).status_code == 422
    assert not Token.objects.exists()


def test_programs_hand_in_files_and_follow_them(home: Path, cast: Cast, ask: Any) -> None:
    answer = ask("imports", method="post", file=upload(contacts_csv(CONTACTS + BAD)), source="generic-contacts")
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["uploaded_at"] is not None) == ("importing", True)
    carry_out(Import.objects.get())
    done = ask(f"imports/{told['id']}").json()
    assert (done["state"], done["summary"]["tables"]["contacts"]) == ("done", {"new": 6, "known": 0})
    assert str(home) not in str(done)
    refused = ask(f"imports/{told['id']}/rejects").json()
    assert {one["reason"] for one in refused} == {"unreadable_time"}
    assert MOBILE not in str(refused)
    assert [one["id"] for one in ask("imports").json()] == [told["id"]]
    assert ask("imports", method="post", file=upload(b"x"), source="none").status_code == 422
    assert ask("imports", method="post", source="generic-contacts").status_code == 422
    only = ask("imports", method="post", file=upload(contacts_csv()), source="generic-contacts", dry_run="true").json()
    assert only["state"] == "checking"


def test_the_list_takes_a_fixed_number_of_queries(home: Path, cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(30) as counted:
            client.get("/imports/")
        counts.append(len(counted))
        for _time in range(3):
            hand_in(cast.user("manager"), name="x.csv", content=[b"x"], source="generic-contacts")
    assert counts[0] == counts[1]
