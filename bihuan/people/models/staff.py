"""People and teams, and the dated rows that say who was where, as what, and who led whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bihuan.people.models.dated import Dated, DatedQuerySet, not_backwards, one_at_a_time
from bihuan.people.models.rights import rights_of
from bihuan.people.rules.posts import LADDER, POSTS
from bihuan.people.rules.roles import Permission


class PersonQuerySet(models.QuerySet["Person"]):
    """Reads of staff; every page starts from `visible_to`."""

    def visible_to(self, user: Any, on: date | None = None) -> PersonQuerySet:
        """Self; the present members of teams led now; everybody for who may see all. Strangers see nobody."""
        day = on or timezone.localdate()
        rights = rights_of(user, day)
        if rights.person is None:
            return self.none()
        if rights.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(pk=rights.person.pk)
        if rights.may(Permission.SEE_TEAM_PEOPLE):
            led = Leadership.objects.on(day).filter(person=rights.person).values("team")
            seen |= Q(pk__in=Membership.objects.on(day).filter(team__in=led).values("person"))
        return self.filter(seen)

    def working(self, day: date) -> PersonQuerySet:
        return self.filter(joined__lte=day).filter(Q(left__isnull=True) | Q(left__gt=day))

    def gone(self, day: date) -> PersonQuerySet:
        return self.filter(left__lte=day)

    def in_team(self, team_key: str, day: date) -> PersonQuerySet:
        return self.filter(pk__in=Membership.objects.on(day).filter(team__key=team_key).values("person"))

    def named(self, words: str) -> PersonQuerySet:
        """Part of the name, the number or the name's pinyin."""
        return self.filter(Q(name__icontains=words) | Q(number__istartswith=words) | Q(sort_key__icontains=words))

    def by_name(self) -> PersonQuerySet:
        return self.order_by("sort_key", "number")


class Person(models.Model):
    """Somebody of the department. `left` is the first day no longer here; rows of the past stay."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=240, db_index=True)
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="person")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("joined")), name="person_leaves_after"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="person_has_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def works_on(self, day: date) -> bool:
        """Joined by that day and not gone yet."""
        return self.joined <= day and (self.left is None or day < self.left)


class TeamQuerySet(models.QuerySet["Team"]):
    """Reads of teams."""

    def visible_to(self, user: Any, on: date | None = None) -> TeamQuerySet:
        """Own team and teams led now; every team for who may see all people."""
        day = on or timezone.localdate()
        rights = rights_of(user, day)
        if rights.person is None:
            return self.none()
        if rights.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(pk__in=Membership.objects.on(day).filter(person=rights.person).values("team"))
        if rights.may(Permission.SEE_TEAM_PEOPLE):
            seen |= Q(pk__in=Leadership.objects.on(day).filter(person=rights.person).values("team"))
        return self.filter(seen)


class Team(models.Model):
    """A team; `key` is its name in the service record and in addresses."""

    key = models.SlugField(max_length=40, unique=True, allow_unicode=True)
    name = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=240)
    closed_on = models.DateField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "key"]

    def __str__(self) -> str:
        return self.name


class Membership(Dated):
    """A person serves in one team at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")

    objects = DatedQuerySet["Membership"].as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [one_at_a_time("membership_one_team", "person"), not_backwards("membership_not_backwards")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class Leadership(Dated):
    """Who leads a team; a team may have several leads, a lead several teams."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaderships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="leaderships")

    objects = DatedQuerySet["Leadership"].as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            one_at_a_time("leadership_once_at_a_time", "person", "team"),
            not_backwards("leadership_not_backwards"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} leads {self.team_id}"


class PostHolding(Dated):
    """A person's post (S1-1) and step on the ladder (S4-16, may be empty); one at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    post = models.CharField(max_length=30, choices=[(key, post.en) for key, post in POSTS.items()])
    step = models.CharField(max_length=30, blank=True, choices=[(step.key, step.en) for step in LADDER])
    reason = models.CharField(max_length=400, blank=True)

    objects = DatedQuerySet["PostHolding"].as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [one_at_a_time("postholding_one_post", "person"), not_backwards("postholding_not_backwards")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post}"


class ClassHolding(Dated):
    """Whether a person counts as new or mature for thresholds (S2-4); one at a time."""

    class AgentClass(models.TextChoices):
        NEW = "new", "new"
        MATURE = "mature", "mature"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="classes")
    agent_class = models.CharField(max_length=10, choices=AgentClass.choices)

    objects = DatedQuerySet["ClassHolding"].as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [one_at_a_time("classholding_one_class", "person"), not_backwards("classholding_not_backwards")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.agent_class}"
