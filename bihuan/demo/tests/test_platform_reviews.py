"""Reviews of a made day: the same each time, written after the contact and within the day, some by strangers."""

from __future__ import annotations

from datetime import date

from bihuan.archive.linking import linked, told_reviews
from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.archive.writer import append
from bihuan.demo.life import DayOfLife
from bihuan.demo.platform_reviews import A_DAY, STRANGERS, platform_reviews
from bihuan.demo.tests.conftest import DAY, RULES, ZONE
from bihuan.kit.clock import business_day, from_us


def test_S3_9_a_made_day_has_reviews_most_of_which_find_their_contact(day: DayOfLife, tmp_path) -> None:
    made = [platform_reviews(DAY, day.tables["contacts"], "bihuan", RULES.seed, ZONE) for _ in range(2)]
    assert made[0].equals(made[1])
    archive = Archive(tmp_path, ZONE)
    append(archive, {"contacts": day.tables["contacts"], "platform_reviews": made[0]}, import_id="demo", recorded_us=1)
    told = told_reviews(Reader(archive))
    assert (told.height, {_day(row["posted_us"]) for row in told.to_dicts()}) == (A_DAY, {DAY})
    found = {row["review_id"]: row["contact_id"] for row in linked(Reader(archive), told).to_dicts()}
    assert sum(contact is None for contact in found.values()) == STRANGERS
    assert sum(f"{contact}-r" == review for review, contact in found.items()) >= A_DAY - STRANGERS - 1


def _day(us: int) -> date:
    return business_day(from_us(us), ZONE, 0)
