"""Drawing: the sample of a day, and every day that waits for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from django.db import connection, transaction

from bihuan.archive.manifest import Manifest, day_key, day_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.forms_of_editions import edition_named
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.models import Assignment, Draw, ScreenedReview
from bihuan.inspection.refusals import DayNotOver, NothingToDraw
from bihuan.inspection.sampling.assigning import assign
from bihuan.inspection.sampling.drawing import DayDraw, draw_day, draw_late, enough_for_supplement, late_contacts
from bihuan.inspection.sampling.plans import sampling_number, sampling_plan
from bihuan.inspection.sampling.screening import arrived
from bihuan.journal.actions import record
from bihuan.kit.clock import business_day, now
from bihuan.kit.errors import InputError
from bihuan.people.authority import Actor, account, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition


def draw_due_days(actor: Actor) -> list[Draw]:
    """Draw every whole day that the edition in use looks back to, that the record holds and that was not drawn yet, oldest
    first; then from what came late to days that were."""
    require(actor, Permission.EVALUATE)
    archive = open_archive()
    today = business_day(now(), archive.zone, archive.cutover_hour)
    held = {day for key in archive.head().files("contacts") if (day := day_of(key)) is not None}
    since = today - timedelta(microseconds=sampling_number(edition_in_use(today), "looked_back").micros)
    drawn = set(Draw.objects.filter(day__gte=since).values_list("day", flat=True))
    found = []
    for day in sorted(day for day in held - drawn if since <= day < today):
        try:
            found.append(draw_sample(actor, day=day))
        except NothingToDraw:
            continue
    return [
        *found,
        *_supplements(actor, sorted(day for day in held & drawn if since <= day < today), last_chance=since),
    ]


def _supplements(actor: Actor, days: Sequence[date], *, last_chance: date) -> list[Draw]:
    """Late contacts wait until there are enough of them, or until their day is looked back at for the last time."""
    made = (draw_supplement(actor, day=day, whatever=day == last_chance) for day in days)
    return [one for one in made if one is not None]


def draw_supplement(actor: Actor, *, day: date, whatever: bool = False) -> Draw | None:
    """Draw from the contacts of a drawn day that reached the record since; by the same edition, seeded and logged.

    None where there are none, too few of them yet (`whatever` takes them all the same), or where the state of the
    record the day was drawn from is no longer kept. What was drawn for another day is not drawn again.
    """
    require(actor, Permission.EVALUATE)
    last = Draw.objects.filter(day=day).order_by("-number").first()
    archive = open_archive()
    if last is None or _same_day(archive.head(), last.manifest, day):
        return None
    try:
        before = Reader(archive, archive.manifest(last.manifest))
    except FileNotFoundError:
        return None
    edition = _edition_of(last)
    late = _never_drawn(late_contacts(Reader(archive, archive.head()), before, edition, day))
    if late.is_empty() or not (whatever or enough_for_supplement(edition, late.height)):
        return None
    ensure_judged(archive, edition, [day])
    reader = Reader(archive, archive.head())
    late = _never_drawn(late_contacts(reader, before, edition, day))
    found = draw_late(reader, edition, day, late, number=last.number + 1)
    return _keep(actor, day, edition, reader.manifest.hash, found, number=last.number + 1)


def _same_day(head: Manifest, drawn_from: str, day: date) -> bool:
    """Whether nothing of the day has changed since, told by its file alone."""
    try:
        then = open_archive().manifest(drawn_from)
    except FileNotFoundError:
        return False
    key = day_key(day)
    return head.files("rollup").get(key) == then.files("rollup").get(key)


def _edition_of(draw: Draw) -> Edition:
    """The one the day was drawn by; where its text is gone, the one in use."""
    try:
        return edition_named(draw.edition_hash, draw.edition_ref)
    except InputError:
        return edition_in_use(draw.day)


def _never_drawn(late: pl.DataFrame) -> pl.DataFrame:
    known = Assignment.objects.filter(contact_id__in=late["contact_id"].to_list()).values_list("contact_id", flat=True)
    return late.filter(~pl.col("contact_id").is_in(list(known)))


def draw_sample(actor: Actor, *, day: date) -> Draw:
    """Draw the sample of a day and share it out; the draw that exists where there is one already.

    The day is judged first, because the risk queue reads verdicts; so are days of contacts about which a negative review
    reached the record (S3-11). All rows commit together: a process killed at any
    moment leaves either the whole draw or none, and the next start makes the same one.
    """
    require(actor, Permission.EVALUATE)
    archive = open_archive()
    if day >= business_day(now(), archive.zone, archive.cutover_hour):
        raise DayNotOver(day=day)
    known = Draw.objects.filter(day=day, number=0).first()
    if known:
        return known
    edition = edition_in_use(day)
    screened = arrived(Reader(archive, archive.head()), edition, day)
    ensure_judged(archive, edition, [day, *(one for one in screened.days if one != day)])
    reader = Reader(archive, archive.head())
    found = draw_day(reader, edition, day, screened)
    if found.contacts.is_empty():
        raise NothingToDraw(day=day)
    return _keep(actor, day, edition, reader.manifest.hash, found)


@transaction.atomic
def _keep(actor: Actor, day: date, edition: Edition, manifest: str, found: DayDraw, *, number: int = 0) -> Draw:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.draw'))")
    known = Draw.objects.filter(day=day, number=number).first()
    if known:
        return known
    at = now()
    draw = Draw.objects.create(
        day=day,
        number=number,
        edition_ref=edition.id,
        edition_hash=edition.hash,
        manifest=manifest,
        seed=sampling_plan(edition).seed,
        contacts=found.random.contacts,
        drawn=found.random.drawn,
        risk_drawn=found.risk.height,
        strata=[[part.name, part.contacts, part.drawn] for part in found.random.strata],
        drawn_at=at,
        drawn_by=account(actor),
    )
    ScreenedReview.objects.bulk_create(
        ScreenedReview(draw=draw, outcome=outcome, **row) for row, outcome in found.outcomes()
    )
    assign(draw, found, due_at=at + timedelta(microseconds=sampling_number(edition, "due_within").micros))
    record(
        actor=actor,
        verb="draw.made",
        subject=f"draw:{draw.pk}",
        data={"day": str(day), "number": number, "seed": draw.seed, "manifest": manifest, "edition": edition.hash,
              "contacts": draw.contacts, "drawn": draw.drawn, "risk": draw.risk_drawn,
              "reviews": found.screened.reviews.height},
    )  # fmt: skip
    return draw
