"""Alarms about raters' scales: raised when severity or drift passes the edition's limit, settled with words."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from bihuan.inspection.calibration.refusals import AlarmSettled, OwnAlarm
from bihuan.inspection.calibration.scale import period_of, scales
from bihuan.inspection.calibration.terms import terms_of
from bihuan.inspection.models import ScaleAlarm
from bihuan.inspection.refusals import ReasonNeeded
from bihuan.inspection.rules.scale import Alarm, alarms
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use

PROCESS = "system:inspection"
HUNDREDTH = Decimal("0.01")


@transaction.atomic
def raise_scale_alarms() -> list[ScaleAlarm]:
    """Raise what the model finds now and is not raised yet: each rater once a period for severity and for drift."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.scale'))")
    at = now()
    edition = edition_in_use(timezone.localdate(at))
    terms = terms_of(edition)
    found = alarms(
        scales(edition, at).severity,
        period=period_of(at), severity_limit=terms.severity_limit, drift_limit=terms.drift_limit,
    )  # fmt: skip
    known = set(ScaleAlarm.objects.values_list("rater__number", "kind", "period"))
    fresh = [one for one in found if (one.rater, one.kind, one.period) not in known]
    people = {person.number: person for person in Person.objects.filter(number__in=[one.rater for one in fresh])}
    return [_raised(one, people[one.rater], edition.hash) for one in fresh if one.rater in people]


@transaction.atomic
def settle_scale_alarm(actor: User, *, alarm: ScaleAlarm, words: str) -> ScaleAlarm:
    """Say what was done about an alarm: talked it over, calibrated again. Never about oneself."""
    require(actor, Permission.CALIBRATE)
    row = ScaleAlarm.objects.select_for_update().get(pk=alarm.pk)
    person = actor.rights().person
    if person is not None and row.rater_id == person.pk:
        raise OwnAlarm
    if row.settled_at is not None:
        raise AlarmSettled
    if not words.strip():
        raise ReasonNeeded
    row.words, row.settled_at, row.settled_by = words.strip(), now(), actor
    row.save(update_fields=["words", "settled_at", "settled_by"])
    record(actor=actor, verb="scale.settled", subject=f"scale_alarm:{row.pk}", data={"words": row.words})
    return row


def _raised(alarm: Alarm, rater: Person, edition_hash: str) -> ScaleAlarm:
    estimate = alarm.estimate
    row = ScaleAlarm.objects.create(
        rater=rater, kind=alarm.kind, period=alarm.period, value=_points(estimate.value), low=_points(estimate.low),
        high=_points(estimate.high), n=estimate.n, limit=_points(alarm.limit), edition_hash=edition_hash, raised_at=now(),
    )  # fmt: skip
    record(
        actor=PROCESS,
        verb="scale.alarmed",
        subject=f"scale_alarm:{row.pk}",
        data={"rater": rater.number, "kind": alarm.kind, "period": alarm.period, "value": str(row.value),
              "low": str(row.low), "high": str(row.high), "limit": str(row.limit), "edition": edition_hash},
    )  # fmt: skip
    return row


def _points(value: float | None) -> Decimal:
    """An alarm's interval is always known: without one nothing alarms."""
    return Decimal(str(value)).quantize(HUNDREDTH)
