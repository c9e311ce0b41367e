"""Months and results: the list, the ranking, one result with its days, a replay."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.appraisal.computing import latest, request_computation, running
from bihuan.appraisal.cut import cut_reasons_on, may_write
from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import Computation, Result, ResultSet
from bihuan.appraisal.months import read_month
from bihuan.appraisal.queries import contact_scores, day_scores, official_sets
from bihuan.appraisal.replaying import Compared, comparable, is_comparable
from bihuan.appraisal.tasks import hand_over
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.queries import blind_contacts
from bihuan.inspection.review_rate import review_rate_shown_to
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.exporting import table_file, tell_export
from bihuan.people.models import User
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.queries import find_edition, listed
from bihuan.standards.rules.edition import Edition
from bihuan.ui.figures import Choice, FilterBar
from bihuan.ui.values import language
from bihuan.workplace.months.appeals import asked_about
from bihuan.workplace.months.list import month_lines, months_table, own_course
from bihuan.workplace.months.page import Month, edition_behind, month_page, schemes_of, team_names
from bihuan.workplace.months.quality_cards import provisional_of, quality_of, quality_table
from bihuan.workplace.months.replay import Replay
from bihuan.workplace.months.reports import write_report
from bihuan.workplace.months.result import Opened, day_of_result, neighbours
from bihuan.workplace.months.scope_words import scope_of_set
from bihuan.workplace.months.spread import spread_of
from bihuan.workplace.months.table import exported, ranking, scheme_tabs, sets_of, standing_of, strip_of, versions
from bihuan.workplace.web.addresses import changed
from bihuan.workplace.web.cut_reason_forms import CutReasonForm
from bihuan.workplace.web.guards import allowed

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
P = Permission


@require_safe
@allowed(P.SEE_OWN)
def months(request: HttpRequest) -> HttpResponse:
    """Every month with its state; whoever may appraise computes from here."""
    person = _actor(request).rights().person
    lines = month_lines(Reader(open_archive(), scope=_sees(request)), person.number if person else None)
    context = {
        "table": months_table(lines, request.GET),
        "course": own_course(lines),
        "may_appraise": _may(request, P.APPRAISE),
    }
    return render(request, "workplace/months.html", context)


@require_safe
@allowed(P.SEE_OWN)
def month(request: HttpRequest, month: str) -> HttpResponse:
    """The ranking of a month under one scheme, of the set that holds or of the one asked for."""
    first = _month(month)
    official = official_sets(first)
    kept = _set(request, first, official)
    context = {"month": month, "may_appraise": _may(request, P.APPRAISE), "computation": running(first)}
    if kept is None:
        return render(request, "workplace/month_empty.html", context | {"versions": versions(sets_of(first), None)})
    page = month_page(kept, request.GET.get("scheme", ""), _sees(request), request.GET.get("team", ""))
    return render(request, "workplace/month.html", context | _drawn(request, page, official))


@require_safe
@allowed(P.EXPORT_RECORD)
def month_csv(request: HttpRequest, month: str) -> HttpResponse:
    """The lines of the page as CSV."""
    first = _month(month)
    kept = _set(request, first, official_sets(first)) or _nothing()
    page = month_page(kept, request.GET.get("scheme", ""), _sees(request), request.GET.get("team", ""))
    name = f"results-{month}-{page.scheme}"
    return table_file(request, exported(page), page.lines, name, verb="workplace_results.exported")


@require_safe
@allowed(P.EXPORT_RECORD)
def report(request: HttpRequest, month: str) -> HttpResponse:
    """The month as a workbook, for whoever sees all of it."""
    first = _month(month)
    kept = _set(request, first, official_sets(first)) or _nothing()
    if not _sees(request).everything:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "month.xlsx"
        rows = write_report(kept, target, lang=get_language() or "zh-hans")
        answer = HttpResponse(target.read_bytes(), content_type=SHEET)
    tell_export(request, verb="workplace_results.exported", subject=f"month:{month}", data={"rows": rows})
    answer["Content-Disposition"] = f'attachment; filename="results-{month}.xlsx"'
    return answer


@require_POST
@allowed(P.APPRAISE)
def computations(request: HttpRequest, month: str) -> HttpResponse:
    """Ask for the month's results; a worker computes them."""
    first = _month(month)
    hand_over(request_computation(_actor(request), month=first, edition=edition_in_use(last_day(first))))
    return redirect("workplace:month", month)


@require_safe
@allowed(P.APPRAISE)
def computation(request: HttpRequest, month: str, computation_id: UUID) -> HttpResponse:
    """How far a computation came; the page is drawn anew when it is finished."""
    found = Computation.objects.filter(pk=computation_id, month=_month(month)).first() or _nothing()
    answer = render(request, "workplace/_computation.html", {"computation": found, "month": month})
    if found.is_finished:
        if found.refusal:
            messages.error(request, found.refusal)
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@allowed(P.SEE_OWN)
def result(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """One person's total, opened."""
    return result_page(request, seen_result(request, result_id))


def result_page(
    request: HttpRequest, found: Result, form: CutReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a result; `form` as it was sent, where a written reason was refused."""
    page = opened(request, found)
    context = {
        "page": page, "asked": asked_about(found, request.user, now()), "quality": quality_of(found),
        "provisional": provisional_of(found.set, page.edition),
        "cut_form": (form or CutReasonForm()) if may_write(request.user, found) else form,
    }  # fmt: skip
    return render(request, "workplace/result.html", context, status=status)


@require_safe
@allowed(P.SEE_OWN)
def result_day(request: HttpRequest, result_id: UUID, day: str) -> HttpResponse:
    """The contacts of one day, lowest first; those the reader is still to judge blind last, without their scores."""
    found = seen_result(request, result_id)
    at = _day(day)
    score = day_of_result(found, at) or _nothing()
    before, after = neighbours(day_scores(found), at)
    page, scores = opened(request, found), contact_scores(found, at)
    context = {
        "page": page,
        "day": score,
        "reviewed": page.reviewed_on(at),
        "contacts": sorted(scores, key=lambda one: one.contact_id in page.blind),
        "blind": page.blind,
        "hides": any(one.contact_id in page.blind for one in scores),
        "opens": scope_of(request.user).admits(person=found.person, team=found.team),
        "before": before,
        "after": after,
    }
    return render(request, "workplace/result_day.html", context)


@allowed(P.APPRAISE)
def replay(request: HttpRequest, month: str) -> HttpResponse:
    """A month under another edition. GET shows how far it came, POST asks for it."""
    first = _month(month)
    given = request.POST if request.method == "POST" else request.GET
    present, other = _edition(given.get("against")) or edition_in_use(last_day(first)), _edition(given.get("edition"))
    bar = _editions_bar(present, other, first)
    context = {"month": month, "bar": bar, "is_alone": len(bar.choices[-1].options) == 1}
    if other is None:
        return render(request, "workplace/replay.html", context)
    try:
        compared = comparable(present, other, given.get("scheme", ""))
    except InputError:  # its words speak of the command's options
        refusal = _("Nobody's places can be compared: no such total of the two editions takes the same. Choose others.")
        return render(request, "workplace/replay.html", {**context, "refusal": refusal}, status=422)
    if request.method == "POST":
        scheme = compared.before
        hand_over(request_computation(_actor(request), month=first, edition=other, against=present, scheme=scheme))
        return redirect(f"{request.path}?edition={other.hash}&against={present.hash}&scheme={scheme}")
    return render(request, "workplace/replay.html", context | _replayed(request, first, compared))


def _drawn(request: HttpRequest, page: Month, official: Sequence[ResultSet]) -> dict[str, Any]:
    month = page.kept.month
    return {
        "page": page,
        "table": ranking(page, request.GET),
        "strip": strip_of(page),
        "spread": spread_of(page),
        "tabs": scheme_tabs(
            schemes_of(page.kept, page.edition),
            page.scheme,
            lambda scheme: changed(request, {"scheme": scheme, "page": None}),
        ),
        "bar": _teams_bar(request, page),
        "versions": versions(sets_of(month), page.kept),
        "scope": scope_of_set(page.kept),
        "standing": standing_of(page.kept, official, edition_in_use(last_day(month))),
        "provisional": provisional_of(page.kept, page.edition),
        "quality": quality_table(line.result for line in page.lines),
        "may_export": _may(request, P.EXPORT_RECORD),
        "query": request.GET.urlencode(),
    }


def _teams_bar(request: HttpRequest, page: Month) -> FilterBar | None:
    if len(page.team_names) < 2:
        return None
    options = [("", _("All")), *page.team_names.items()]
    kept = tuple((name, request.GET[name]) for name in ("scheme", "set") if name in request.GET)
    return FilterBar(choices=(Choice("team", _("Team"), options, request.GET.get("team", "")),), kept=kept)


def _editions_bar(present: Edition, other: Edition | None, on: date) -> FilterBar:
    """The editions to compare; as B only those of which a total can be held against one of A, or the one that was chosen."""
    told = {one.edition.hash: one.edition for one in listed(on) if one.edition.schemes}
    words = {digest: f"{one.title.said(language())} {one.version}" for digest, one in told.items()}
    chosen = other.hash if other else ""
    others = [
        (digest, words[digest])
        for digest, one in told.items()
        if digest == chosen or (digest != present.hash and is_comparable(present, one))
    ]
    return FilterBar(
        choices=(
            Choice("against", "A", list(words.items()), present.hash),
            Choice("edition", "B", [("", _("Choose an edition")), *others], chosen),
        )
    )


def _replayed(request: HttpRequest, first: date, compared: Compared) -> dict[str, Any]:
    found = latest(first, edition=compared.other.hash, against=compared.present.hash, scheme=compared.before)
    is_stale = bool(found and found.manifest and found.manifest != open_archive().head().hash)
    return {
        "replay": Replay(compared, found, is_stale),
        "reviewed": review_rate_shown_to(request.user, (first, last_day(first))),
    }


def opened(request: HttpRequest, found: Result) -> Opened:
    """A result as its page and its letter show it to this reader."""
    ranked = Result.objects.filter(set=found.set, scheme=found.scheme, rank__isnull=False).count()
    team = team_names([found.team]).get(found.team, found.team)
    blind, written = blind_contacts(request.user), cut_reasons_on(found)
    return Opened(found, edition_behind(found.set), ranked, team, blind, written)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # guarded: signed in
    return request.user


def _sees(request: HttpRequest) -> Scope:
    return scope_of(request.user, sight=Sight.FIGURES)


def _may(request: HttpRequest, permission: Permission) -> bool:
    return bool(request.user.has_perm(permission))


def _month(text: str) -> date:
    try:
        return read_month(text)
    except InputError as error:
        raise Http404 from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _set(request: HttpRequest, first: date, official: Sequence[ResultSet]) -> ResultSet | None:
    """The set the address asks for, else the one that holds; a set of another month does not exist here."""
    asked = request.GET.get("set")
    if not asked:
        return next(iter(official), None)
    try:
        return ResultSet.objects.filter(pk=UUID(asked), month=first).first() or _nothing()
    except ValueError as error:
        raise Http404 from error


def seen_result(request: HttpRequest, result_id: UUID) -> Result:
    """A result this account may see; for others it does not exist."""
    sees = _sees(request)
    rows = Result.objects.within(everything=sees.everything, persons=sees.persons, teams=sees.teams)
    return rows.select_related("set").filter(pk=result_id).first() or _nothing()


def _edition(ref: str | None) -> Edition | None:
    if not ref:
        return None
    try:
        return find_edition(ref)
    except InputError as error:
        raise Http404 from error


def _nothing() -> Any:
    raise Http404
