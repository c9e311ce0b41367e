"""Reviews on third-party platforms (S3-9, S3-11): which are negative, which contact each is about, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from bihuan.archive.linking import told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.sources.words import LINKS
from bihuan.inspection.models import ReviewLink, ScreenedReview
from bihuan.inspection.platform_reviews import BY_HAND, NONE_BY_HAND, latest_links, placed
from bihuan.inspection.sampling.plans import risk_plan
from bihuan.kit.errors import InputError
from bihuan.standards.checks.personal_data import masked_key
from bihuan.standards.rules.edition import Edition
from bihuan.ui import values
from bihuan.ui.figures import Tab
from bihuan.ui.tables import Column
from bihuan.workplace.contacts.wording import CATEGORIES, CHANNELS, said
from bihuan.workplace.masking import masked

UNLINKED, NEGATIVE, ALL = "unlinked", "negative", "all"
SHOWN: Final = (UNLINKED, NEGATIVE, ALL)
MOST_CANDIDATES: Final = 10
"""Conversations of the customer that are put to choose from, the latest; any other is named by its number."""
_TABS: Final = {
    UNLINKED: gettext_lazy("Negative reviews, unlinked"), NEGATIVE: gettext_lazy("Negative reviews"), ALL: gettext_lazy("All reviews"),
}  # fmt: skip
_OUTCOMES: Final = {
    "queued": _("In the risk queue of %(day)s"),
    "drawn": _("Drawn already"),
    "full": _("The risk queue of %(day)s was full"),
    "unfit": _("Nobody served it, or a test"),
}


@dataclass(frozen=True)
class Review:
    """A review as the record told it last, with `how` its contact was found and what people and draws made of it."""

    row: Mapping[str, Any]
    is_negative: bool
    link: ReviewLink | None = None
    screened: ScreenedReview | None = None

    @property
    def contact_id(self) -> str:
        return self.row["contact_id"] or ""

    @property
    def is_unlinked(self) -> bool:
        """Nobody knows yet which contact it is about; that it is about none is known too."""
        return not self.contact_id and self.row["how"] != NONE_BY_HAND

    @property
    def how(self) -> str:
        """How its contact was found, or why there is none."""
        if self.row["how"] == BY_HAND:
            return gettext("linked by hand")
        if self.row["how"] == NONE_BY_HAND:
            return gettext("about none of our conversations")
        return LINKS[self.row["how"]].said(get_language() or "")

    @property
    def outcome(self) -> str:
        """What the daily screening made of it; nothing of a review that is not negative or about no contact."""
        if not self.is_negative or not self.contact_id:
            return ""
        if self.screened is None:
            return gettext("Waits for the next draw")
        return gettext(_OUTCOMES[self.screened.outcome]) % {"day": values.day(self.screened.draw.day)}

    @property
    def posted(self) -> str:
        """When it was written, as exactly as it was told."""
        return (
            values.moment(self.row["posted_us"])
            if self.row["posted_us"] is not None
            else masked(self.row["posted_told"])
        )

    @property
    def words(self) -> str:
        return masked(self.row["words"])

    @property
    def platform(self) -> str:
        return masked(self.row["platform"])

    @property
    def customer(self) -> str:
        return masked_key(self.row["customer_key"])

    @property
    def number(self) -> str:
        """Of the order or ticket it names."""
        return masked_key(self.row["contact_key"] or self.row["order_key"])

    @property
    def stars(self) -> str:
        """The stars of five, and what the platform wrote where that is something else."""
        told, stars = self.row["stars_told"], str(self.row["stars"])
        shown = f"{stars} / 5"
        return (
            shown if told in (None, stars) else f"{shown} · {gettext('written as %(told)s') % {'told': masked(told)}}"
        )

    @property
    def url(self) -> str:
        return reverse("workplace:platform_review", args=[self.row["review_id"]])

    @property
    def contact_url(self) -> str:
        return reverse("workplace:contact", args=[self.contact_id]) if self.contact_id else ""


@dataclass(frozen=True)
class Decided:
    """Somebody said which contact a review is about, or (`none`) that it is about none."""

    who: str
    at: datetime
    why: str
    none: bool


def negative_at_most(edition: Edition) -> int:
    """Up to how many stars a review is negative: the edition's limit of a low rating, its source beside it."""
    return risk_plan(edition).rating_at_most


def reviews_of(reader: Reader, edition: Edition, shown: str = ALL, **where: str) -> list[Review]:
    """The reviews the reader may see, the latest to arrive first; UNLINKED and NEGATIVE narrow them."""
    limit = negative_at_most(edition)
    told = told_reviews(reader, stars_at_most=None if shown == ALL else limit, **where)
    if told.is_empty():
        return []
    rows = placed(reader, told).to_dicts()
    links = latest_links([row["review_id"] for row in rows])
    looked = ScreenedReview.objects.filter(review_id__in=[row["review_id"] for row in rows]).select_related("draw")
    screened = {(one.review_id, one.contact_id): one for one in looked}
    found = [
        Review(row, row["stars"] <= limit, links.get(row["review_id"]), screened.get((row["review_id"], row["contact_id"])))
        for row in rows
    ]  # fmt: skip
    return [one for one in found if one.is_unlinked] if shown == UNLINKED else found


def tabs_of(shown: str, count: int) -> list[Tab]:
    """The lists, with how many are in the open one."""
    return [Tab(str(_TABS[name]), f"?show={name}", name == shown, count if name == shown else None) for name in SHOWN]


def candidates(reader: Reader, review: Review) -> list[dict[str, Any]]:
    """The latest conversations of the review's customer that began before it was written, as far as the reader sees them."""
    key, until = review.row["customer_key"], review.row["posted_us"]
    if not key:
        return []
    columns = ("contact_id", "opened_us", "closed_us", "channel", "category")
    rows = reader.table("contacts", where={"customer_key": key}, columns=columns).to_pylist()
    before = [row for row in rows if row["opened_us"] is not None and (until is None or row["opened_us"] <= until)]
    return sorted(before, key=lambda row: (-row["opened_us"], row["contact_id"]))[:MOST_CANDIDATES]


def called(row: Mapping[str, Any]) -> str:
    """A conversation in a list to choose from."""
    parts = (values.moment(row["opened_us"]), said(CHANNELS, row["channel"]), masked(said(CATEGORIES, row["category"])))
    return " · ".join(part for part in parts if part)


def contact_of_number(reader: Reader, number: str) -> str:
    """The id of the conversation of this id, or of this number in its source. InputError where there is none or several."""
    if reader.contact(number) is not None:
        return number
    found = set(
        reader.table("contacts", where={"external_id": number}, columns=["contact_id"])["contact_id"].to_pylist()
    )
    if len(found) > 1:
        raise InputError(_("Several sources have a conversation of this number; name it by its id."))
    if not found:
        raise InputError(_("There is no conversation of this number."))
    return str(found.pop())


def history_of(review_id: str) -> list[Decided]:
    """What people decided about a review, the latest first."""
    rows = ReviewLink.objects.filter(review_id=review_id).select_related("linked_by__person")
    return [
        Decided(_who(row.linked_by), row.linked_at, masked(row.why), not row.contact_id)
        for row in rows.order_by("-linked_at", "-pk")
    ]


def _who(user: Any) -> str:
    person = getattr(user, "person", None)
    return person.name if person else user.get_username()


LIST: Final = (
    Column("words", gettext_lazy("Review"), get=lambda one: one.words or gettext("Without words"), url=lambda one: one.url),
    Column("stars", gettext_lazy("Stars"), misses=lambda one: one.is_negative),
    Column("how", gettext_lazy("Conversation"), url=lambda one: one.contact_url),
    Column("outcome", gettext_lazy("Screening")),
    Column("platform", gettext_lazy("Platform")),
    Column("posted", gettext_lazy("Written")),
    Column("arrived", gettext_lazy("Arrived"), "moment", get=lambda one: one.row["recorded_us"]),
    Column("customer", gettext_lazy("Customer key")),
    Column("number", gettext_lazy("Order or ticket")),
)  # fmt: skip
