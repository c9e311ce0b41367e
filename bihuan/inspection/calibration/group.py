"""The evaluation group (S3-2): who may rate in a calibration."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.people.models import Person, RoleGrant
from bihuan.people.rules.roles import TABLE, Permission


def evaluation_group(at: datetime) -> QuerySet[Person]:
    """Whoever holds a role that looks at evaluations again, works here now and can sign in; by name."""
    day = timezone.localdate(at)
    roles = [role.value for role, allowed in TABLE.items() if Permission.REVIEW_EVALUATIONS in allowed]
    granted = RoleGrant.objects.on(day).filter(role__in=roles).values("person")
    return Person.objects.working(day).filter(pk__in=granted, user__is_active=True).order_by("sort_key", "number")
