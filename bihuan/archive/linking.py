"""Which contact a review on a platform is about: found from what the record holds now, never kept in it.

A review that names a contact of its own source is about that one (an order's number names none). Else it is about the last
contact of its customer that ended before it, within the time its mapping sets. Where that leaves none, or several alike, it is
about no contact, with the reason.
"""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from bihuan.archive import engine
from bihuan.archive.reader import Reader, Value
from bihuan.kit.clock import business_day, from_us

NAMED, CUSTOMER = "named", "customer"
NOT_IN_RECORD, SEVERAL, NO_KEY, NO_TIME, NO_CONTACT = "not_in_record", "several", "no_key", "no_time", "no_contact"
LINKED: Final = (NAMED, CUSTOMER)
UNLINKED: Final = (NOT_IN_RECORD, SEVERAL, NO_KEY, NO_TIME, NO_CONTACT)
HOW: Final = (*LINKED, *UNLINKED)
ASKED: Final = ("review_id", "source", "contact_key", "customer_key", "posted_us", "within_us")
"""What linking needs to know of a review."""


def told_reviews(reader: Reader, *, stars_at_most: int | None = None, **where: Value) -> pl.DataFrame:
    """Reviews as last told that the reader may see; `where` compares columns."""
    conditions = [f"{engine.name(column)} = {engine.literal(value)}" for column, value in where.items()]
    conditions += [] if stars_at_most is None else [f"stars <= {int(stars_at_most)}"]
    # one that was told again with another time lies under two days
    rows = engine.reading().sql(f"""
        SELECT * FROM (
            SELECT * FROM {reader.sql("platform_reviews")}
            QUALIFY row_number() OVER (PARTITION BY review_id ORDER BY recorded_us DESC, fact_id) = 1
        ) WHERE {" AND ".join(conditions) or "true"}
        ORDER BY recorded_us DESC, posted_us DESC NULLS LAST, review_id
    """)
    return _frame(rows.to_arrow_table())


def linked(reader: Reader, reviews: pl.DataFrame) -> pl.DataFrame:
    """review_id, contact_id (null where none) and `how`, a word of LINKED or UNLINKED, per review, in the given order.

    The whole record is searched, whatever the reader may see: who shows a link asks whether its contact may be seen.
    """
    whole = Reader(reader.archive, reader.manifest)
    connection = engine.reading()
    try:
        connection.register("told", reviews.select(_asked()).with_row_index("place").to_arrow())
        found = connection.sql(_LINKS.format(contacts=whole.sql("contacts", keys=_searched(reader, reviews))))
        return _frame(found.to_arrow_table())
    finally:
        connection.close()


def counted(links: pl.DataFrame) -> Mapping[str, int]:
    """How many reviews were linked, and in which way, by word."""
    return dict(links.group_by("how").len().sort("how").iter_rows())


def _asked() -> list[pl.Expr]:
    """What linking asks of a review, typed: a mapping may leave whole columns out."""
    return [pl.col(name).cast(pl.Int64 if name.endswith("_us") else pl.String) for name in ASKED]


def _searched(reader: Reader, reviews: pl.DataFrame) -> list[str]:
    """The days whose contacts a review may be about: all of them where a number may lead anywhere, else those on which one
    was opened or ended late enough for customer and time."""
    held = reader.manifest.files("contacts")
    if reviews["contact_key"].count():
        return list(held)
    since = reviews.select((pl.col("posted_us") - pl.col("within_us")).min()).item()
    if since is None:
        return []
    first = business_day(from_us(since), reader.archive.zone, reader.archive.cutover_hour).isoformat()
    return [day for day, file in held.items() if day >= first or (file.until_us or 0) >= since]


def _frame(rows: object) -> pl.DataFrame:
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


_LINKS: Final = """
    WITH held AS (
        SELECT contact_id, external_id, source, customer_key, customer_known IS NOT FALSE AS known,
               coalesce(closed_us, opened_us) AS ended_us FROM {contacts}
    ),
    by_number AS (
        SELECT r.review_id, c.contact_id FROM told r JOIN held c ON c.external_id = r.contact_key AND c.source = r.source
        UNION SELECT r.review_id, c.contact_id FROM told r JOIN held c ON c.contact_id = r.contact_key
    ),
    last_of_customer AS (
        SELECT r.review_id, c.contact_id, c.ended_us
        FROM told r JOIN held c ON c.customer_key = r.customer_key AND c.known
            AND c.ended_us <= r.posted_us AND c.ended_us >= r.posted_us - r.within_us
        QUALIFY rank() OVER (PARTITION BY r.review_id ORDER BY c.ended_us DESC) = 1
    ),
    numbered AS (SELECT review_id, min(contact_id) AS contact_id, count(*) AS n FROM by_number GROUP BY review_id),
    timed AS (SELECT review_id, min(contact_id) AS contact_id, count(*) AS n FROM last_of_customer GROUP BY review_id),
    worded AS (
        SELECT r.place, r.review_id, n.contact_id AS named, k.contact_id AS customer,
               CASE WHEN n.n = 1 THEN 'named'
                    WHEN n.n > 1 THEN 'several'
                    WHEN r.contact_key IS NOT NULL THEN 'not_in_record'
                    WHEN r.customer_key IS NULL THEN 'no_key'
                    WHEN r.posted_us IS NULL THEN 'no_time'
                    WHEN k.n = 1 THEN 'customer'
                    WHEN k.n > 1 THEN 'several'
                    ELSE 'no_contact' END AS how
        FROM told r LEFT JOIN numbered n USING (review_id) LEFT JOIN timed k USING (review_id)
    )
    SELECT review_id, CASE how WHEN 'named' THEN named WHEN 'customer' THEN customer END AS contact_id, how
    FROM worded ORDER BY place
"""
