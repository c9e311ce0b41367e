"""Everything that goes wrong answers one shape: a problem object (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from bihuan.kit.errors import DefinitionError, InputError, NotAllowed, Refusal
from bihuan.workplace.api.words import said, value_said

MEDIA = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem object, its sentence in the caller's language; `more` are further members."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": said(detail), **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type=MEDIA)


def not_there(request: HttpRequest, *_arguments: object, **_named: object) -> HttpResponse:
    """Any address below the API that is none."""
    return problem(HTTPStatus.NOT_FOUND, "There is nothing here for you.")


def answer_problems(api: NinjaAPI) -> None:
    """Register an answer for each kind of refusal (`kit.errors`) and of misuse."""
    answers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Http404: not_there,
        NotAllowed: not_there,
        ValidationError: _invalid,
        InputError: _unusable,
        DefinitionError: _ill_defined,
        Refusal: _refused,
        AuthenticationError: _unknown,
        Throttled: _too_often,
        HttpError: _http,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    issues = [{"place": ".".join(map(str, one["loc"])), "message": value_said(one)} for one in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some parameters cannot be used.", issues=issues)


def _unusable(_request: HttpRequest, error: InputError) -> HttpResponse:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, **({"hint": said(error.hint)} if error.hint else {}))


def _ill_defined(_request: HttpRequest, error: DefinitionError) -> HttpResponse:
    issues = [{"place": one.place, "message": said(one.message)} for one in error.issues]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The definition is wrong.", issues=issues)


def _refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    sentence = gettext(refusal.message)
    return problem(HTTPStatus.CONFLICT, sentence % refusal.params if refusal.params else sentence)


def _unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = problem(HTTPStatus.UNAUTHORIZED, "Send a live token: Authorization: Bearer bihuan_…")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_often(_request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls with this token; wait a little.")
    answer["Retry-After"] = str(ceil(error.wait or 1))
    return answer


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))
