"""Tokens open what their scopes say, of what their account may see; everything else is a problem object."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.archive.store import Archive
from bihuan.kit.clock import now
from bihuan.people import actions
from bihuan.people.models import RoleGrant, Token
from bihuan.people.rules.roles import Role
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.workplace.api import auth

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.workplace.tests.programs.urls")]

CALLS = {
    "figures?metrics=contacts": ApiScope.FIGURES_READ,
    "metrics": ApiScope.FIGURES_READ,
    "contacts": ApiScope.CONTACTS_READ,
    "contacts/none": ApiScope.CONTACTS_READ,
    "verdicts?from=2026-10-05&to=2026-10-06": ApiScope.VERDICTS_READ,
    "results?month=2026-10": ApiScope.RESULTS_READ,
    "results/00000000-0000-7000-8000-000000000000": ApiScope.RESULTS_READ,
    "editions": ApiScope.EDITIONS_READ,
    "editions/recommended": ApiScope.EDITIONS_READ,
    "editions/recommended/lint": ApiScope.EDITIONS_READ,
    "imports": ApiScope.IMPORTS_WRITE,
    "imports/00000000-0000-7000-8000-000000000000": ApiScope.IMPORTS_WRITE,
    "imports/00000000-0000-7000-8000-000000000000/rejects": ApiScope.IMPORTS_WRITE,
}


def is_problem(response: Any, status: int) -> bool:
    body = response.json()
    shaped = {"type", "title", "status", "detail"} <= set(body) and body["status"] == status
    return response.status_code == status and response["Content-Type"] == "application/problem+json" and shaped


@pytest.mark.parametrize("call", CALLS)
def test_without_a_live_token_nothing_is_answered(reading: Archive, cast: Cast, call: str) -> None:
    for headers in ({}, {"Authorization": "Bearer bihuan_guessed"}, {"Authorization": "Basic x"}):
        response = Client().get(f"/api/v1/{call}", headers=headers)
        assert is_problem(response, 401)
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(reading: Archive, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    assert is_problem(client.get("/api/v1/contacts"), 401)


@pytest.mark.parametrize("call", CALLS)
def test_each_call_needs_its_scope_and_no_other(reading: Archive, ask: Any, call: str) -> None:
    others = [scope for scope in ApiScope if scope is not CALLS[call]]
    assert is_problem(ask(call, scopes=others), 403)
    assert ask(call, scopes=[CALLS[call]]).status_code in (200, 404)


def test_a_scope_ends_with_the_right_behind_it(reading: Archive, cast: Cast) -> None:
    secret = actions.issue_token(cast.user("manager"), name="t", scopes=[ApiScope.FIGURES_READ], days=7).secret
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/metrics", headers=headers).status_code == 200
    assert Token.objects.get().last_used_at is not None
    RoleGrant.objects.filter(person=cast.person("manager")).update(until=JOINED + timedelta(days=1))
    assert is_problem(Client().get("/api/v1/metrics", headers=headers), 401)


def test_an_expired_token_is_unknown(reading: Archive, cast: Cast, ask: Any) -> None:
    assert ask("metrics").status_code == 200
    Token.objects.update(expires_at=now(), issued_at=now() - timedelta(days=1))
    assert is_problem(ask("metrics"), 401)


def test_others_conversations_do_not_exist_for_who_sees_only_their_own(reading: Archive, cast: Cast, ask: Any) -> None:
    """An administrator who also serves sees what they served: here nothing; as 1001 would, three of six."""
    assert len(ask("contacts").json()["contacts"]) == 6
    some = ask("contacts").json()["contacts"][0]["contact_id"]
    assert ask(f"contacts/{some}").status_code == 200
    assert is_problem(ask(f"contacts/{some}", who="administrator"), 404)
    assert ask("contacts", who="administrator").json()["contacts"] == []
    span = {"from": "2026-10-05", "to": "2026-10-06"}
    assert ask("verdicts", who="administrator", **span).json()["verdicts"] == []
    RoleGrant.objects.create(person=cast.person("agent"), role=Role.ADMINISTRATOR, since=JOINED)
    mine = ask("contacts", who="agent").json()["contacts"]
    assert {row["person"] for row in mine} == {"1001"}
    assert len(mine) == 3
    seen = ask("verdicts", who="agent", **span).json()["verdicts"]
    assert {row["contact_id"] for row in seen} == {row["contact_id"] for row in mine}
    figures = ask("figures", who="agent", metrics="contacts", by="agent", **span).json()["rows"]
    assert [row["keys"]["agent"] for row in figures] == ["1001"]
    for asked in ({"team": "west"}, {"agent": "1003"}, {"words": "退款"}):
        assert ask("contacts", who="agent", **span, **asked).json()["contacts"] == []
    foreign = ask("figures", who="agent", metrics="contacts", team="west", by="agent", **span).json()
    assert (foreign["rows"], foreign["totals"]["contacts"]["n"]) == ([], 0)
    assert ask("contacts", who="agent", **span).json()["human_review"]["contacts"] == 3


def test_too_many_calls_are_told_to_wait(reading: Archive, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "CALLS_A_MINUTE", 0)
    response = ask("metrics")
    assert is_problem(response, 429)
    assert 0 < int(response["Retry-After"]) <= 60


def test_unknown_addresses_and_wrong_parameters_are_problems(reading: Archive, ask: Any) -> None:
    assert is_problem(Client().get("/api/v1/nothing/here"), 404)
    assert is_problem(Client().get("/api/v1/"), 404)
    assert is_problem(ask("figures"), 422)
    assert is_problem(ask("figures", metrics="no_such"), 422)
    assert is_problem(ask("figures", metrics="contacts", by="moon"), 422)
    assert is_problem(ask("figures", metrics="contacts", from_="yesterday"), 422)
    assert is_problem(ask("contacts", after="%%%"), 422)
    assert is_problem(ask("contacts", channel="pigeon"), 422)
    assert is_problem(ask("editions/no-such"), 404)


def test_the_description_is_open_and_names_every_call(db: None) -> None:
    told = Client().get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert "/api/v1/figures" in told.json()["paths"]
    assert Client().get("/api/v1/docs").status_code == 404
