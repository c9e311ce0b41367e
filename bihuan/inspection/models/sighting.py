"""Who saw what others found about a conversation before it was theirs to judge."""

from __future__ import annotations

from django.db import models

from bihuan.people.models import Person


class Sighting(models.Model):
    """The page of a conversation showed its verdicts to somebody who may evaluate. Before a draw nobody knows what will be
    drawn, so nothing can be hidden then; but who has seen does not judge blind any more. The first time is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    contact_id = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "contact_id"), name="sighting_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.contact_id}"

    @classmethod
    def exists_of(cls, person: Person | None, contact_id: str) -> bool:
        return cls.objects.filter(person=person, contact_id=contact_id).exists()
