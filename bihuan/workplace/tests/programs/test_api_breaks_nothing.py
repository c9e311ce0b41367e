"""Whatever a program sends, the interface answers; it never breaks (schemathesis on its own description)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bihuan.archive.store import Archive
from bihuan.people import actions
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.workplace.tests.programs.urls")]


@pytest.fixture
def described(reading: Archive, cast: Cast, tmp_path: Any, settings: Any) -> Iterator[Any]:
    settings.HOME = tmp_path
    schema = schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())
    schema.app = WSGIHandler()
    secret = actions.issue_token(cast.user("manager"), name="t", scopes=list(ApiScope), days=7).secret
    for signal in (request_started, request_finished):  # the test's transaction lives in this connection
        signal.disconnect(close_old_connections)
    schema.config.update(headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_call_ends_in_a_server_error_and_every_answer_is_as_described(described: Any) -> None:
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def answers(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=[not_a_server_error, content_type_conformance, response_schema_conformance])

        given(case=operation.as_strategy())(answers)()
    assert tried > 50
