"""What the desk saves in the background; each answer draws what it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bihuan.inspection.actions import add_comment, answer_item, mark_moment, remove_comment
from bihuan.inspection.models import Assignment
from bihuan.inspection.web.desk import ANSWER_KEYS, MAY, desk_of, work_of
from bihuan.inspection.web.guards import attempted, me, my_person, whole, words
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
    """Mark a key moment on a message, or take the mark away where it stands already."""
    moment, message = request.POST.get("moment", ""), whole(request.POST.get("message"))

    def act(work: Assignment) -> Any:
        draft = work.evaluations.begun_by(my_person(request)).first()
        again = draft is not None and getattr(draft, moment, None) == message
        return mark_moment(me(request), assignment=work, moment=moment, message=None if again else message)

    return _saved(request, pk, act, "inspection/_talk_saved.html")


@require_POST
@MAY
def comments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put words on a stretch of a message."""
    places = [whole(request.POST.get(name)) for name in ("message", "start", "end")]

    def act(work: Assignment) -> Any:
        message, start, end = (place or 0 for place in places)
        text = words(request, "words")
        return add_comment(me(request), assignment=work, message=message, start=start, end=end, words=text)

    return _saved(request, pk, act, "inspection/_talk_saved.html")


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
    refused = attempted(request, lambda: act(work), back=reverse("inspection:assignment", args=[pk]))
    if refused is not None:
        return refused
    desk = desk_of(request, work)
    row, beside = (desk.row_of(item), desk.rows_beside(item)) if item else (None, [])
    context = {"desk": desk, "work": work, "row": row, "beside": beside, "answer_keys": ANSWER_KEYS}
    return render(request, template, context)


def spans_of(text: str) -> list[Evidence]:
    """The spans chosen on the page: `[{"message": 2, "start": 0, "end": 4}, …]`."""
    try:
        rows = json.loads(text or "[]")[:MOST_SPANS]
        return [Evidence(int(row["message"]), int(row["start"]), int(row["end"])) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("The chosen evidence cannot be read.") from error
