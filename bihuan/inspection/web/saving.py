"""What the desk saves in the background; each answer draws what it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bihuan.inspection.actions import add_comment, answer_item, change_comment, mark_moment, remove_comment
from bihuan.inspection.desk import Desk
from bihuan.inspection.models import Assignment
from bihuan.inspection.places import EVENT, MESSAGE
from bihuan.inspection.transcript import Sight
from bihuan.inspection.web.desk import ANSWER_KEYS, MAY, desk_of, draft_of, work_of
from bihuan.inspection.web.guards import attempted, me, whole, words
from bihuan.kit.errors import InputError
from bihuan.standards.rules.tree import Evidence

MOST_SPANS = 20


@require_POST
@MAY
def answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save one answer; the item is drawn again, now with what the machine says."""
    data, item = request.POST, request.POST.get("item", "")

    def act(work: Assignment) -> Any:
        return answer_item(
            me(request), assignment=work, item=item, verdict=data.get("verdict", ""), reason=words(request, "reason"),
            evidence=spans_of(data.get("evidence", "")), seconds=whole(data.get("seconds")) or 0,
        )  # fmt: skip

    return _saved(request, pk, act, "inspection/_item_saved.html", item)


@require_POST
@MAY
def moments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark a key moment on a message or an event; without a place the mark is taken away."""

    def act(work: Assignment) -> Any:
        return mark_moment(me(request), assignment=work, **moment_asked(request))

    return _saved(request, pk, act, "inspection/_talk_saved.html")


@require_POST
@MAY
def comments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put words on a place, or others where a comment stands; without any it is taken away. The answer names it."""
    comment, text = whole(request.POST.get("comment")), words(request, "words")
    kept = {"comment": comment}

    def act(work: Assignment) -> None:
        own: dict[str, Any] = {"assignment": work, "comment": comment}
        if comment is None:
            kept["comment"] = add_comment(me(request), assignment=work, words=text, **place_asked(request)).pk
        elif text.strip():
            change_comment(me(request), words=text, **own)
        else:
            kept["comment"] = remove_comment(me(request), **own)

    return named(_saved(request, pk, act, "inspection/_talk_saved.html"), kept["comment"])


@require_POST
@MAY
def comment_removal(request: HttpRequest, pk: UUID, comment: int) -> HttpResponse:
    """Take a comment out of the draft."""
    return _saved(
        request,
        pk,
        lambda work: remove_comment(me(request), assignment=work, comment=comment),
        "inspection/_talk_saved.html",
    )


def _saved(
    request: HttpRequest, pk: UUID, act: Callable[[Assignment], Any], template: str, item: str = ""
) -> HttpResponse:
    work = work_of(pk)
    before = desk_of(request, work)
    seen = before.sight
    refused = attempted(request, lambda: act(work), back=reverse("inspection:assignment", args=[pk]))
    if refused is not None:
        return refused
    desk = replace(before, evaluation=draft_of(request, work))
    return render(request, template, saved_context(desk, seen, item))


def saved_context(desk: Desk, seen: Sight, item: str) -> dict[str, Any]:
    """What a save draws: the item, others that its answer brings the machine's answer to, and the lines that changed."""
    row, beside = (desk.row_of(item), desk.rows_beside(item)) if item else (None, [])
    lines = desk.lines_since(seen)
    return {"desk": desk, "work": desk.work, "row": row, "beside": beside, "lines": lines, "answer_keys": ANSWER_KEYS}


def moment_asked(request: HttpRequest) -> dict[str, Any]:
    """The key moment a page sends and where it is to stand: sent twice, because an answer was lost, it stands there still."""
    return {
        "moment": request.POST.get("moment", ""),
        **{name: whole(request.POST.get(name)) for name in (MESSAGE, EVENT)},
    }


def place_asked(request: HttpRequest) -> dict[str, Any]:
    """The stretch of a message, or the event, that a page sends."""
    extent = {name: whole(request.POST.get(name)) or 0 for name in ("start", "end")}
    return {**extent, **{name: whole(request.POST.get(name)) for name in (MESSAGE, EVENT)}}


def named(response: HttpResponse, comment: int | None) -> HttpResponse:
    """The answer with the number of the comment, so that what is written next changes it instead of adding one."""
    response["X-Comment"] = "" if comment is None else str(comment)
    return response


def spans_of(text: str) -> list[Evidence]:
    """The places chosen on the page: `[{"message": 2, "start": 0, "end": 4}, {"event": 3}, …]`."""
    try:
        rows = json.loads(text or "[]")[:MOST_SPANS]
        return [
            Evidence(event=int(row["event"]))
            if "event" in row
            else Evidence(int(row["message"]), int(row["start"]), int(row["end"]))
            for row in rows
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("The chosen evidence cannot be read.") from error
