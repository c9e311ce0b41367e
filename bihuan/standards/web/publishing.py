"""Publishing an edition and taking one back: first looked at, then decided; strangers learn nothing (404)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kit.errors import DefinitionError, InputError, Refusal
from bihuan.people.rules.roles import Permission
from bihuan.standards import actions, models, queries
from bihuan.standards.comparing import Comparison, compare
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.web.forms import PublicationForm, WithdrawalForm
from bihuan.standards.web.reporting import Report, report_of, report_of_issues

UNUSABLE, REFUSED = 422, 409
USUAL = "recommended"


@dataclass(frozen=True)
class Tried:
    """What a text would be: its report, and what differs from the edition in force. `content` None: unreadable."""

    content: Edition | None
    report: Report
    changes: Comparison | None = None

    @property
    def publishable(self) -> bool:
        if self.content is None or not self.content.applies_to.is_everybody:  # the report says why (decision 0021)
            return False
        return not any(f.level == "error" for f in self.report.findings)


@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest) -> HttpResponse:
    """Hand in a text, see its report and differences, publish it."""
    _must_publish(request)
    if request.method == "GET":
        return _draw(request, PublicationForm(initial=_start(request)))
    form = PublicationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, form, status=UNUSABLE)
    tried = _tried(form.cleaned_data["text"], timezone.localdate())
    if not tried.publishable:
        return _draw(request, _again(form), tried, UNUSABLE)
    return _publish(request, form, tried) if "publish" in request.POST else _draw(request, _again(form), tried)


@require_POST
def withdrawal(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a published edition back from a day on."""
    _must_publish(request)
    row = get_object_or_404(models.Edition, hash=ref)
    form = WithdrawalForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(gettext("Say from when and why the edition is withdrawn."))
        actions.withdraw_edition(request.user, edition=row, **form.cleaned_data)  # type: ignore[arg-type] # signed in
        messages.success(request, _("Withdrawn."))
    except Refusal as refusal:
        messages.error(request, gettext(refusal.message) % refusal.params)
    return redirect("standards:edition", row.hash)


def _publish(request: HttpRequest, form: PublicationForm, tried: Tried) -> HttpResponse:
    values = {name: form.cleaned_data[name] for name in ("text", "author", "effective_from", "supersedes")}
    try:
        row = actions.publish_edition(request.user, **values)  # type: ignore[arg-type] # signed in
    except Refusal as refusal:
        form.add_error(None, gettext(refusal.message) % refusal.params)
        return _draw(request, _again(form), tried, REFUSED)
    messages.success(request, _("Published."))
    return redirect("standards:edition", row.hash)


def _draw(request: HttpRequest, form: PublicationForm, tried: Tried | None = None, status: int = 200) -> HttpResponse:
    return render(request, "standards/publication.html", {"form": form, "tried": tried}, status=status)


def _again(form: PublicationForm) -> PublicationForm:
    """The form with the text of its file in the text field: browsers do not send a file twice."""
    form.data = {**dict(form.data.items()), "text": form.cleaned_data["text"]}
    return form


def _tried(text: str, day: date) -> Tried:
    language = get_language() or "zh-hans"
    try:
        content = parse_edition(text)
    except DefinitionError as error:
        return Tried(None, report_of_issues(error.issues))
    held = queries.edition_in_force(day) or load_edition(USUAL)
    return Tried(content, report_of(content, language), compare(held, content, language))


def _start(request: HttpRequest) -> dict[str, object]:
    """What the form begins with: the text of the edition named by `?from=`, superseding the one in force."""
    row = models.Edition.objects.in_force_on(timezone.localdate()).for_everybody().first()
    return {"text": _text_of(request.GET.get("from", "")), "supersedes": row}


def _text_of(ref: str) -> str:
    if not ref:
        return ""
    try:
        found = queries.find_listed(ref)
    except InputError as error:
        raise Http404 from error
    return found.row.text if found.row else (LIBRARY / f"{found.edition.id}.yaml").read_text(encoding="utf-8")


def _must_publish(request: HttpRequest) -> None:
    if not request.user.has_perm(Permission.PUBLISH_STANDARDS):
        raise Http404
