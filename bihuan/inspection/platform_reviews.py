"""Which contact each review on a platform is about: as people decided, else as the record tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from bihuan.archive.linking import linked, told_reviews
from bihuan.archive.reader import ContactRecord, Reader
from bihuan.inspection.models import ReviewLink, ScreenedReview

BY_HAND, NONE_BY_HAND = "by_hand", "none_by_hand"
"""How a contact was found, beside the words of `archive.linking`: by somebody, or by somebody to be none."""
_PAIR: Final = {"review_id": pl.String, "contact_id": pl.String}


def placed(reader: Reader, reviews: pl.DataFrame) -> pl.DataFrame:
    """`reviews` with contact_id (null where none) and `how`. The whole record is searched: who shows a link asks whether its
    contact may be seen."""
    found = reviews.join(linked(reader, reviews), on="review_id", how="left", maintain_order="left")
    decided = latest_links(reviews["review_id"].to_list())
    if not decided:
        return found
    rows = [
        (key, link.contact_id or None, BY_HAND if link.contact_id else NONE_BY_HAND) for key, link in decided.items()
    ]
    hand = pl.DataFrame(rows, schema={**_PAIR, "how": pl.String}, orient="row")
    return found.update(hand, on="review_id", how="left", include_nulls=False).with_columns(
        contact_id=pl.when(pl.col("how") != NONE_BY_HAND).then("contact_id")
    )


def latest_links(review_ids: Collection[str]) -> Mapping[str, ReviewLink]:
    """Per review what was decided last."""
    rows = ReviewLink.objects.filter(review_id__in=review_ids).select_related("linked_by__person")
    return {row.review_id: row for row in rows.order_by("linked_at", "pk")}


def unscreened(reviews: pl.DataFrame) -> pl.DataFrame:
    """Those placed reviews that no draw has looked at together with their contact."""
    ids = reviews["review_id"].to_list()
    rows = list(ScreenedReview.objects.filter(review_id__in=ids).values_list("review_id", "contact_id"))
    return reviews.join(pl.DataFrame(rows, schema=_PAIR, orient="row"), on=[*_PAIR], how="anti")


def reviews_about(reader: Reader, record: ContactRecord) -> pl.DataFrame:
    """The reviews that are about a contact the reader showed, whatever else the reader may see, the latest first."""
    whole = Reader(reader.archive, reader.manifest)
    if not whole.manifest.files("platform_reviews"):
        return told_reviews(whole)
    contact = record.contact
    by_hand = ReviewLink.objects.filter(contact_id=contact["contact_id"]).values_list("review_id", flat=True)
    asked = pl.lit(False)
    for column, keys in (
        ("review_id", list(by_hand)), ("contact_key", [contact["contact_id"], contact["external_id"]]),
        ("customer_key", [contact["customer_key"]]),
    ):  # fmt: skip
        asked = asked | pl.col(column).is_in([key for key in keys if key])
    found = told_reviews(whole).filter(asked)
    return placed(whole, found).filter(pl.col("contact_id") == contact["contact_id"])
