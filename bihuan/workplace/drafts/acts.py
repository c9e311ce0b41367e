"""The only writers of drafts of checks: start, save, go back, drop, hand in a new edition, take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop as _

from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards import models as standards
from bihuan.standards.queries import Listed, find_listed
from bihuan.workplace.drafts.editions import NewEdition, new_edition
from bihuan.workplace.drafts.models import CheckDraft, CheckProposal, DraftVersion, ProposalDecline
from bihuan.workplace.drafts.texts import entry_of, id_in, text_of, tidy

ONE_SITTING: Final = timedelta(minutes=2)
"""Typing within this time is one version: going back leads to another thought, not to another letter."""
KEPT_VERSIONS: Final = 40
STARTER: Final = """\
my_check:
  label: {zh: 检查项名称, en: Name of the check}
  severity: major
  source: house
  definition:
    conditions:
      asks: {speaker: customer, words: [退货, 退款]}
      rules: {words: [七天, 7天], after: asks, within_messages: 6}
    not_applicable: not asks
    met: rules
    examples:
      - {verdict: met, messages: ["C: 我想退货", "A: 7天内可以退"]}
      - {verdict: violated, messages: ["C: 我想退货", "A: 您自己先看一下页面"]}
"""


SHORTEST_REASON: Final = 4
"""Characters: a few words; a dot is no reason."""


class DecidedAlready(Refusal):
    """Of two who decide at once one wins."""

    message = _("This edition was published or declined already.")


class NotReady(Refusal):
    """Errors or failing examples stop it."""

    message = _("Mend what is listed first: an edition with errors cannot be handed in.")


class HandedInAlready(Refusal):
    """The same edition waits already."""

    message = _("This very edition waits for approval already.")


@transaction.atomic
def start_draft(actor: User, *, base: Listed, check_id: str = "") -> CheckDraft:
    """A draft of a check of this edition, or of a new one. InputError where the edition has no such check."""
    require(actor, Permission.EDIT_STANDARDS)
    text = entry_of(text_of(base), check_id) if check_id else STARTER
    moment = now()
    draft = CheckDraft.objects.create(
        owner=actor, base=base.edition.hash, base_slug=base.edition.id, started_at=moment, touched_at=moment
    )
    DraftVersion.objects.create(draft=draft, text=text, saved_at=moment, stays=True)
    return draft


@transaction.atomic
def save_text(actor: User, *, draft: CheckDraft, text: str, stays: bool = False) -> DraftVersion:
    """Keep what was typed. Within one sitting it writes over itself, except over a version that stays."""
    held = _own(actor, draft)
    newest, words, moment = held.newest, tidy(text), now()
    if newest.text == words:
        if stays and not newest.stays:
            newest.stays = True
            newest.save(update_fields=["stays"])
        return newest
    held.touched_at = moment
    held.save(update_fields=["touched_at"])
    if not newest.stays and moment - newest.saved_at < ONE_SITTING:
        newest.text, newest.stays = words, stays
        newest.save(update_fields=["text", "stays"])
        return newest
    saved = DraftVersion.objects.create(draft=held, text=words, saved_at=moment, stays=stays)
    held.versions.exclude(pk__in=held.versions.values("pk")[:KEPT_VERSIONS]).delete()
    return saved


def restore_version(actor: User, *, draft: CheckDraft, version: DraftVersion) -> DraftVersion:
    """Say again what an earlier version said; what stood there until now stays among the versions."""
    held = draft.newest
    save_text(actor, draft=draft, text=held.text, stays=True)
    return save_text(actor, draft=draft, text=version.text, stays=True)


@transaction.atomic
def drop_draft(actor: User, *, draft: CheckDraft) -> None:
    """Away with the draft and all its versions; what was handed in stays."""
    _own(actor, draft).delete()


def base_of(draft: CheckDraft) -> Listed:
    """The edition the draft starts from; where that text is no longer there, the newest of its id. InputError: none."""
    try:
        return find_listed(draft.base)
    except InputError:
        return find_listed(draft.base_slug)


def edition_of_draft(draft: CheckDraft, language: str) -> NewEdition:
    """The new edition the draft leads to. InputError where its base is no more."""
    base = base_of(draft)
    taken = set(standards.Edition.objects.filter(slug=base.edition.id).values_list("version", flat=True))
    text = draft.text
    return new_edition(base, text, id_in(text), taken=taken, language=language)


@transaction.atomic
def hand_in(actor: User, *, draft: CheckDraft, language: str) -> CheckProposal:
    """Hand in the draft's new edition for somebody else to publish. Refused while anything stops it."""
    require(actor, Permission.EDIT_STANDARDS)
    made = edition_of_draft(_own(actor, draft), language)
    if made.content is None or not made.may_go_on:
        raise NotReady
    if CheckProposal.objects.filter(author=actor, hash=made.content.hash).exists():
        raise HandedInAlready
    row = CheckProposal.objects.create(
        draft=draft, author=actor, base=made.base.edition.hash, check_id=made.check_id, slug=made.content.id,
        version=made.content.version, hash=made.content.hash, text=made.text, handed_in_at=now(),
    )  # fmt: skip
    data = {"check": row.check_id, "id": row.slug, "version": row.version, "base": row.base}
    record(actor=actor, verb="workplace_check.handed_in", subject=f"edition:{row.hash}", data=data)
    return row


@transaction.atomic
def take_back(actor: User, *, proposal: CheckProposal) -> None:
    """The author withdraws what was handed in; what is published already stays published."""
    if proposal.author_id != actor.pk:
        raise NotAllowed
    data = {"check": proposal.check_id, "id": proposal.slug, "version": proposal.version}
    record(actor=actor, verb="workplace_check.taken_back", subject=f"edition:{proposal.hash}", data=data)
    proposal.delete()


@transaction.atomic
def decline(actor: User, *, proposal: CheckProposal, reason: str) -> ProposalDecline:
    """Who may publish does not take it over, with a reason its author reads; for good, but the author may mend the draft."""
    require(actor, Permission.PUBLISH_STANDARDS)
    row = CheckProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.author_id == actor.pk:
        raise NotAllowed
    if not CheckProposal.objects.undecided().filter(pk=row.pk).exists():
        raise DecidedAlready
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputError(_("Say why, in a few words."))
    made = ProposalDecline.objects.create(proposal=row, reason=reason.strip(), declined_by=actor, declined_at=now())
    data = {"check": row.check_id, "id": row.slug, "version": row.version, "reason": made.reason}
    record(actor=actor, verb="workplace_check.declined", subject=f"edition:{row.hash}", data=data)
    return made


def _own(actor: User, draft: CheckDraft) -> CheckDraft:
    require(actor, Permission.EDIT_STANDARDS)
    held = CheckDraft.objects.select_for_update().filter(pk=draft.pk, owner=actor).first()
    if held is None:
        raise NotAllowed
    return held
