"""Say which contact a review on a platform is about."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from bihuan.archive.linking import told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.models import ReviewLink
from bihuan.inspection.platform_reviews import placed
from bihuan.inspection.refusals import OwnReview, ReasonNeeded
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.queries import scope_of
from bihuan.people.rules.roles import Permission


@transaction.atomic
def link_review(actor: User, *, review_id: str, contact_id: str = "", why: str) -> ReviewLink:
    """Keep that a review is about a contact, or without one, that it is about none; the latest word holds.

    NotAllowed for a review this account may not see; ReasonNeeded; OwnReview for who served what it is or would be about;
    InputError where there is no such contact for it, or the contact began only after the review was written.
    """
    require(actor, Permission.EVALUATE)
    reader = Reader(open_archive(), scope=scope_of(actor))
    review = next(iter(told_reviews(reader, review_id=review_id).to_dicts()), None)
    if review is None:
        raise NotAllowed
    if not why.strip():
        raise ReasonNeeded
    if contact_id:
        _refuse_wrong(reader, contact_id, review["posted_us"])
    now_about = placed(reader, told_reviews(reader, review_id=review_id))["contact_id"].item()
    if _served_by(reader, {contact_id, now_about}) & {actor.get_username()}:
        raise OwnReview
    link = ReviewLink.objects.create(
        review_id=review_id, contact_id=contact_id, why=why.strip(), linked_by=actor, linked_at=now()
    )
    record(
        actor=actor, verb="platform_review.linked", subject=f"platform_review:{review_id}", data={"contact": contact_id}
    )
    return link


def _served_by(reader: Reader, contact_ids: set[str | None]) -> set[str]:
    asked = [one for one in contact_ids if one]
    return set(reader.table("rollup", columns=["person"], where={"contact_id": asked})["person"].to_pylist())


def _refuse_wrong(reader: Reader, contact_id: str, posted_us: int | None) -> None:
    found = reader.contact(contact_id)
    if found is None:
        raise InputError(_("There is no conversation of this number."))
    opened = found.contact["opened_us"]
    if posted_us is not None and opened is not None and opened > posted_us:
        raise InputError(_("The conversation began only after the review was written."))
