"""From a draft to a published edition: what differs, handing it in, and on to the publishing page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kit.errors import InputError, Issue, NotAllowed, Refusal
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards import models as standards
from bihuan.standards.editions import parse_edition
from bihuan.standards.queries import find_listed
from bihuan.standards.rules.diff import Change, diff
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.drafts import acts as check_drafts
from bihuan.workplace.drafts.models import CheckDraft, CheckProposal
from bihuan.workplace.drafts.proposals import ProposalRow, proposal_row
from bihuan.workplace.drafts.texts import read_draft
from bihuan.workplace.drafts.wording import examples_in_words, place_in_words, sentence
from bihuan.workplace.web.check_draft_forms import ApprovalForm
from bihuan.workplace.web.guards import allowed

REFUSED = 409
LONGEST_REASON = 1000


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Permission.EDIT_STANDARDS)
def edition(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The new edition a draft leads to, what differs in words, and handing it in."""
    held = get_object_or_404(CheckDraft, pk=draft_id, owner=_me(request))
    if read_draft(held.text).faults:
        messages.error(request, _("Mend the faults of the draft first; then a new edition can be made."))
        return redirect("workplace:check_draft", held.pk)
    if request.method == "POST":
        return _handed_in(request, held)
    return _draw(request, held)


@never_cache
@require_safe
@allowed(Permission.EDIT_STANDARDS, Permission.PUBLISH_STANDARDS)
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """What was handed in: for its author to follow, for somebody else to approve on the publishing page."""
    row = proposal_row(_seen(request, proposal_id))
    mine = row.proposal.author_id == _me(request).pk
    may = request.user.has_perm(Permission.PUBLISH_STANDARDS) and not mine and not row.is_decided
    context = {"row": row, "mine": mine, "changes": _changes(row), "form": _approval(row) if may else None}
    return render(request, "workplace/check_proposal.html", context)


@require_POST
@allowed(Permission.EDIT_STANDARDS)
def proposal_removal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The author takes it back."""
    try:
        check_drafts.take_back(_me(request), proposal=_seen(request, proposal_id))
    except NotAllowed as refusal:
        raise Http404 from refusal
    messages.success(request, _("Taken back."))
    return redirect("workplace:check_drafts")


@require_POST
@allowed(Permission.PUBLISH_STANDARDS)
def proposal_decline(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Not to be published, with the reason its author reads."""
    row, reason = _seen(request, proposal_id), request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
    try:
        check_drafts.decline(_me(request), proposal=row, reason=reason)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (InputError, Refusal) as refusal:
        messages.error(request, gettext(refusal.message))
    else:
        messages.success(request, _("Declined; the author reads why."))
    return redirect("workplace:check_proposal", row.pk)


def _handed_in(request: HttpRequest, held: CheckDraft) -> HttpResponse:
    try:
        row = check_drafts.hand_in(_me(request), draft=held, language=_language())
    except Refusal as refusal:
        return _draw(request, held, gettext(refusal.message) % refusal.params)
    messages.success(request, _("Handed in. Somebody else who may publish standards approves it."))
    return redirect("workplace:check_proposal", row.pk)


def _draw(request: HttpRequest, held: CheckDraft, refusal: str = "") -> HttpResponse:
    try:
        made = check_drafts.edition_of_draft(held, _language())
    except InputError as error:
        raise Http404 from error
    context = {
        "draft": held, "made": made, "refusal": refusal, "changes": _worded(made.changes, made.base.edition, made.content) if made.content else [],
        "issues": [(issue, sentence(issue.message), _place(issue)) for issue in made.issues],
    }  # fmt: skip
    return render(request, "workplace/check_edition.html", context, status=REFUSED if refusal else 200)


def _changes(row: ProposalRow) -> list[tuple[str, str, str]]:
    try:
        base = find_listed(row.proposal.base).edition
    except InputError:
        return []
    content = parse_edition(row.proposal.text)
    return _worded(diff(base, content), base, content)


def _worded(changes: Sequence[Change], old: Edition, new: Edition) -> list[tuple[str, str, str]]:
    """(what, before, after) in the reader's language."""
    return [_said(change, old, new) for change in changes]


def _said(change: Change, old: Edition, new: Edition) -> tuple[str, str, str]:
    language = _language()
    name = change.name.said(language)
    if change.place.endswith(".definition.examples"):
        check_id = change.place.split(".")[1]
        return place_in_words(change.place), examples_in_words(old, check_id), examples_in_words(new, check_id)
    before, after = (one.said(language) if one else "" for one in (change.old, change.new))
    return (place_in_words(name) if name == change.place else name), before, after


def _place(issue: Issue) -> str:
    return place_in_words(issue.place) if issue.place != "document" else ""


def _approval(row: ProposalRow) -> ApprovalForm:
    held = standards.Edition.objects.in_force_on(timezone.localdate()).first()
    given = {
        "text": row.proposal.text, "author": row.proposal.author.get_username(),
        "effective_from": timezone.localdate(), "supersedes": held,
    }  # fmt: skip
    return ApprovalForm(initial=given)


def _seen(request: HttpRequest, proposal_id: int) -> CheckProposal:
    return get_object_or_404(CheckProposal.objects.visible_to(request.user), pk=proposal_id)


def _language() -> str:
    return get_language() or "zh-hans"


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
