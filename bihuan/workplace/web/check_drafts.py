"""Writing a check of one's own: drafts, faults as one types, trials, the way back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kit.errors import InputError
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.queries import Listed
from bihuan.workplace.drafts import acts as check_drafts
from bihuan.workplace.drafts import trials as draft_trials
from bihuan.workplace.drafts.models import CheckDraft, DraftVersion
from bihuan.workplace.drafts.pages import TrialPage
from bihuan.workplace.drafts.proposals import proposal_rows
from bihuan.workplace.drafts.sample import ENOUGH_SECONDS, MOST, draw_sample, seed_of
from bihuan.workplace.drafts.texts import Reading, id_in, read_draft
from bihuan.workplace.drafts.wording import sentence
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.check_draft_forms import StartForm, TrialForm
from bihuan.workplace.web.guards import allowed

UNUSABLE = 422


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Permission.EDIT_STANDARDS)
def drafts(request: HttpRequest) -> HttpResponse:
    """One's own drafts, new editions that wait for approval, and a form to start another draft."""
    form = StartForm(request.POST or None, initial={"start": request.GET.get("from", "")})
    if request.method == "POST" and form.is_valid():
        base, check_id = form.chosen()
        return redirect(
            "workplace:check_draft", check_drafts.start_draft(_me(request), base=base, check_id=check_id).pk
        )
    bases = {one.edition.hash: one for one in form.editions.values()}
    own = CheckDraft.objects.filter(owner=_me(request)).prefetch_related("versions")
    context = {
        "form": form,
        "drafts": [(draft, id_in(draft.text), bases.get(draft.base)) for draft in own],
        "proposals": proposal_rows(_me(request)),
    }
    return render(request, "workplace/check_drafts.html", context, status=UNUSABLE if form.errors else 200)


@never_cache
@require_safe
@allowed(Permission.EDIT_STANDARDS)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One draft to write at."""
    held, view = _held(request, draft_id), view_of(request.user, {})
    form = TrialForm.starting(view.newest, seed_of(_based(held).edition))
    return _draw(request, held, form, _faults(read_draft(held.text)))


@require_POST
@allowed(Permission.EDIT_STANDARDS)
def text(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Keep what was typed and say what is wrong with it."""
    saved = check_drafts.save_text(_me(request), draft=_held(request, draft_id), text=request.POST.get("text", ""))
    return render(request, "workplace/_check_draft_faults.html", {"saved": saved, **_faults(read_draft(saved.text))})


@require_POST
@allowed(Permission.EDIT_STANDARDS)
def trial(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Keep what was typed and run it; with htmx only what came out is answered."""
    held = _held(request, draft_id)
    saved = check_drafts.save_text(_me(request), draft=held, text=request.POST.get("text", ""), stays=True)
    form, reading = TrialForm(request.POST), read_draft(saved.text)
    context = {"saved": saved, "swapped": True, **_faults(reading)}
    if form.is_valid() and reading.edition is not None:
        context["page"] = _run(view_of(request.user, {}), _based(held), reading, form.cleaned_data)
    status = 200 if "page" in context else UNUSABLE
    if request.headers.get("HX-Request"):
        return render(request, "workplace/_check_draft_trial.html", {"form": form, **context}, status=status)
    return _draw(request, held, form, context, status)


@require_POST
@allowed(Permission.EDIT_STANDARDS)
def restoration(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Go back to an earlier version."""
    held = _held(request, draft_id)
    version = get_object_or_404(DraftVersion, draft=held, pk=_number(request.POST.get("version", "")))
    check_drafts.restore_version(_me(request), draft=held, version=version)
    messages.success(request, _("The earlier version stands again."))
    return redirect("workplace:check_draft", held.pk)


@require_POST
@allowed(Permission.EDIT_STANDARDS)
def removal(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Drop a draft."""
    check_drafts.drop_draft(_me(request), draft=_held(request, draft_id))
    messages.success(request, _("The draft is gone."))
    return redirect("workplace:check_drafts")


def _run(view: View, base: Listed, reading: Reading, asked: dict[str, Any]) -> TrialPage:
    days = (asked["first"], asked["last"])
    sample = draw_sample(view.reader, days, size=asked["size"], seed=asked["seed"], without=view.blind)
    return TrialPage(draft_trials.run_draft(reading, base.edition, sample), reading.setting, asked["seed"], days)


def _draw(
    request: HttpRequest, held: CheckDraft, form: TrialForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    about = {
        "draft": held, "form": form, "base": _base(held), "most": MOST,
        "most_seconds": round(ENOUGH_SECONDS), "most_judging": round(draft_trials.ENOUGH_SECONDS),
        "versions": held.versions.all()[1:],
    }  # fmt: skip
    return render(request, "workplace/check_draft.html", {**about, **context, "swapped": False}, status=status)


def _faults(reading: Reading) -> dict[str, Any]:
    return {"faults": [(fault, sentence(fault.message)) for fault in reading.faults], "reading": reading}


def _held(request: HttpRequest, draft_id: int) -> CheckDraft:
    """The draft, of its owner only."""
    return get_object_or_404(CheckDraft, pk=draft_id, owner=_me(request))


def _based(held: CheckDraft) -> Listed:
    found = _base(held)
    if found is None:
        raise Http404
    return found


def _base(held: CheckDraft) -> Listed | None:
    """The edition it starts from; None where it is neither published nor shipped any longer."""
    try:
        return check_drafts.base_of(held)
    except InputError:
        return None


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Http404
    return int(given)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
