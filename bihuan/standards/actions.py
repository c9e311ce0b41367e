"""The only writers of editions: publishing one, and taking one back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import DefinitionError, Level, Refusal
from bihuan.people.authority import Actor, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.editions import parse_edition
from bihuan.standards.examining import examine
from bihuan.standards.models import Edition, Withdrawal
from bihuan.standards.rules.applying import said_of


class AlreadyPublished(Refusal):
    """The same content, or the same id and version, is published already."""

    message = _("This edition is published already: %(edition)s.")


class ForAPart(Refusal):
    """What is in force on a day is one edition, for the whole department."""

    message = _(
        "This edition is for a part of the department (%(part)s). What is in force on a day is one edition for everybody, "
        "so it cannot be published; it can be judged and appraised by as a file, beside what is in force."
    )


class OwnApproval(Refusal):
    """Somebody other than the author approves."""

    message = _("An edition is approved by somebody other than its author.")


class AlreadyWithdrawn(Refusal):
    """An edition is taken back once."""

    message = _("This edition has been withdrawn already.")


class ReasonMissing(Refusal):
    """Taking an edition back needs a reason."""

    message = _("Say why the edition is withdrawn.")


@transaction.atomic
def publish_edition(
    actor: Actor, *, text: str, author: str, effective_from: date, supersedes: Edition | None = None
) -> Edition:
    """Publish a YAML text from a day on; the actor is its approver.

    Raises DefinitionError with every issue where the text cannot be read or the linter finds an error.
    """
    require(actor, Permission.PUBLISH_STANDARDS)
    content = parse_edition(text)
    errors = [issue for issue in examine(content) if issue.level is Level.ERROR]
    if errors:
        raise DefinitionError(errors)
    if not content.applies_to.is_everybody:
        raise ForAPart(part=said_of(content.applies_to).said(get_language() or "zh"))
    approver = _name(actor)
    if approver == author:
        raise OwnApproval
    held = Edition.objects.filter(hash=content.hash) | Edition.objects.filter(slug=content.id, version=content.version)
    if held.exists():
        raise AlreadyPublished(edition=f"{content.id} {content.version}")
    edition = Edition.objects.create(
        slug=content.id,
        version=content.version,
        hash=content.hash,
        title_zh=content.title.zh,
        title_en=content.title.en,
        text=text,
        effective_from=effective_from,
        business_lines=list(content.applies_to.business_line),
        teams=list(content.applies_to.team),
        channels=list(content.applies_to.channel),
        author=author,
        approver=approver,
        supersedes=supersedes,
        published_at=now(),
    )
    data = {"id": content.id, "version": content.version, "from": str(effective_from), "author": author}
    record(actor=actor, verb="standards_edition.published", subject=f"edition:{content.hash}", data=data)
    return edition


@transaction.atomic
def withdraw_edition(actor: Actor, *, edition: Edition, effective_on: date, reason: str) -> Withdrawal:
    """From `effective_on` the edition holds no longer; what was judged under it stays as it is."""
    require(actor, Permission.PUBLISH_STANDARDS)
    if not reason.strip():
        raise ReasonMissing
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if Withdrawal.objects.filter(edition=edition).exists():
        raise AlreadyWithdrawn
    withdrawal = Withdrawal.objects.create(
        edition=edition, effective_on=effective_on, reason=reason.strip(), withdrawn_by=_name(actor), withdrawn_at=now()
    )
    data = {"from": str(effective_on), "reason": reason.strip()}
    record(actor=actor, verb="standards_edition.withdrawn", subject=f"edition:{edition.hash}", data=data)
    return withdrawal


def _name(actor: Actor) -> str:
    return actor if isinstance(actor, str) else actor.get_username()
