"""Opening, closing and re-keying accounts."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from bihuan.journal.actions import record
from bihuan.people.authority import Actor, require
from bihuan.people.models import Person, User
from bihuan.people.refusals import NoAccount
from bihuan.people.rules.roles import Permission

_PASSWORD_BYTES = 12


def open_account(number: str, name: str, password: str | None) -> User:
    """An account for a staff number; without a password nobody can sign in with it yet."""
    user = User(username=number, first_name=name[:150])
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    return user


def close_account(person: Person) -> None:
    """End every way in: a closed account is signed out with its next request."""
    if person.user is not None and person.user.is_active:
        person.user.is_active = False
        person.user.save(update_fields=["is_active"])


@transaction.atomic
def reset_password(actor: Actor, *, person: Person) -> str:
    """A new random password, returned once and kept nowhere in clear; sessions opened with the old one end."""
    require(actor, Permission.GRANT_ROLES)
    if person.user is None or not person.user.is_active:
        raise NoAccount(name=person.name)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    person.user.set_password(password)
    person.user.save(update_fields=["password"])
    record(actor=actor, verb="people_account.password_reset", subject=f"person:{person.number}")
    return password


@transaction.atomic
def close_departed(actor: Actor, *, day: date) -> int:
    """Close the accounts of everybody whose leaving day has come; returns how many."""
    require(actor, Permission.MANAGE_PEOPLE)
    departed = list(Person.objects.gone(day).filter(user__is_active=True).select_related("user"))
    for person in departed:
        close_account(person)
        record(actor=actor, verb="people_account.closed", subject=f"person:{person.number}")
    return len(departed)
